"""EN 16931 in the syntax of UBL 2.1: `write_ubl`, and the door for documents from outside."""

from .document import NotUbl, parse
from .write import write_ubl

__all__ = ["NotUbl", "parse", "write_ubl"]
