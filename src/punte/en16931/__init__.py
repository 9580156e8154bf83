"""The European norm for e-invoices, EN 16931-1:2017, in the syntax of UBL 2.1. Values in, values out."""

from .model import *  # noqa: F403
from .model import __all__ as _model_names
from .ubl import NotUbl, UnreadableUbl, read_ubl, unmodelled, write_ubl

__all__ = ["NotUbl", "UnreadableUbl", "read_ubl", "unmodelled", "write_ubl", *_model_names]
