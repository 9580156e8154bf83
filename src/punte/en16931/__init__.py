"""The European norm for e-invoices, EN 16931-1:2017, in the syntax of UBL 2.1. Values in, values out.

Names are loaded when they are asked for: who only judges a document needs neither the model nor reading and writing,
and has the first verdict sooner.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .model import *  # noqa: F403
    from .model import __all__ as _model_names
    from .ubl.document import NotUbl
    from .ubl.read import read_ubl, unmodelled
    from .ubl.received import UnreadableUbl
    from .ubl.write import write_ubl

    __all__ = ["NotUbl", "UnreadableUbl", "read_ubl", "unmodelled", "write_ubl"]
    __all__ += _model_names

_HOMES = {  # the rest is the model's
    "NotUbl": ".ubl.document",
    "UnreadableUbl": ".ubl.received",
    "read_ubl": ".ubl.read",
    "unmodelled": ".ubl.read",
    "write_ubl": ".ubl.write",
}


def __getattr__(name: str) -> Any:
    """PEP 562. Raises AttributeError."""
    if not name.startswith("__"):
        found = getattr(import_module(_HOMES.get(name, ".model"), __name__), name, None)
        if found is not None:
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
