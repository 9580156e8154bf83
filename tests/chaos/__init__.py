"""Thousands of invoices through the whole product on its worst day; at the end ANAF's ledger and ours are compared."""
