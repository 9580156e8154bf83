"""ANAF over HTTP: bytes and values. Knows no invoice, no database, no Django.

    hosts             where ANAF is: production, test, a simulator
    oauth             the authorisation of a person's certificate: authorise, exchange, refresh, probe
    keeping           tokens in a store: written before use, one refresh at a time
    efactura          upload, state, lists, download
    standards         which standard a document is of; the document of a buyer's message
    package           the ZIP of a document: content, seal, error lines
    seal              is the Ministry's signature over this document
    documents         what ANAF itself says of a document: validare, its PDF, its opinion of a seal
    registry          the public register of companies and VAT
    efactura_register the optional register RO e-Factura
    exchange_rates    the National Bank's reference rates, and which holds for a day
    errors            the tree of errors, split by what the caller does next

What ANAF says and does is written down in docs/anaf/, each fact in one place, dated.
"""
