"""Items become rows, a part at a time, in one transaction each. What is known already is skipped or brought up to date.

Everything made carries the import's key in `imported_by`, so that it can be undone; series and counters are noted as
they were in `Import.traces`.
"""

from __future__ import annotations

from .checking import Item
from .models import Import, Kind
from .writing_invoices import write_invoices
from .writing_parties import Tally, write_clients, write_products


def write(one: Import, items: list[Item]) -> Tally:
    """Bring `items` in, inside the caller's transaction; `one.traces` is changed, not saved."""
    match one.kind:
        case Kind.CLIENTS:
            return write_clients(one, items)
        case Kind.PRODUCTS:
            return write_products(one, items)
    return write_invoices(one, items)
