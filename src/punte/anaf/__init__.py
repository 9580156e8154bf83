"""ANAF over HTTP: bytes and values. Knows no invoice, no database, no Django.

    hosts       where ANAF is: production, test, a simulator
    oauth       the authorisation of a person's certificate: authorise, exchange, refresh, probe
    efactura    upload, state, lists, download
    package     the ZIP of a document: content, seal, error lines
    seal        is the Ministry's signature over this document
    registry    the public register of companies and VAT
    errors      the tree of errors, split by what the caller does next

What ANAF says and does is written down in docs/anaf/, each fact in one place, dated.
"""
