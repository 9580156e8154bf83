"""The Romanian layer on EN 16931, and dated facts of law."""

from punte.en16931.rules.rule import Finding, Report

from .cius.check import check

__all__ = ["Finding", "Report", "check"]
