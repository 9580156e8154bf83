"""The judgement of an invoice: the one place where the simulator meets the rules of EN 16931 and RO_CIUS."""

from collections.abc import Callable

#: What ANAF's validation would write in the error file, one text a fault; an empty list is a valid invoice.
Judge = Callable[[bytes], list[str]]


class NotTaken(Exception):  # noqa: N818 (a verdict, not a failure)
    """Raised by a judge for a document that is none it can judge: `XML cu erori nepreluat de sistem`."""


def by_the_rules(xml: bytes) -> list[str]:
    """Judge by `punte.romania.check`, with ANAF's present form of a message (`tipAssert=FailedAssert; …`).

    Raises NotTaken when the XML is no UBL invoice or credit note, or breaks its structure: ANAF's schema check.
    """
    from punte.en16931 import NotUbl
    from punte.romania import check

    try:
        report = check(xml)
    except NotUbl as reason:
        raise NotTaken(str(reason)) from reason
    if report.structure:
        raise NotTaken(report.structure[0].rule)
    return [
        f"tipAssert=FailedAssert; codEroare={finding.rule}; localizareEroare={finding.location}; "
        f"textEroare=[{finding.rule}]-{finding.term}; expresieValidata={finding.value}"
        for finding in report.fatal
    ]
