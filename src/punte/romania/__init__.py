"""The Romanian layer on EN 16931, and dated facts of law."""

from .cius.check import check

__all__ = ["check"]
