"""EN 16931 in the syntax of UBL 2.1: `read_ubl`, `write_ubl`, and the door for documents from outside."""

from .document import NotUbl, parse
from .read import read_ubl, unmodelled
from .received import UnreadableUbl
from .write import write_ubl

__all__ = ["NotUbl", "UnreadableUbl", "parse", "read_ubl", "unmodelled", "write_ubl"]
