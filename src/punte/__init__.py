"""Punte: the bridge between a person's invoices and ANAF's SPV."""

__version__ = "0.1.0"
