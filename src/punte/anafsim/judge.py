"""The judgement of an invoice: the one place where the simulator meets the rules of EN 16931 and RO_CIUS."""

from collections.abc import Callable

from punte.en16931 import NotUbl
from punte.romania import check

#: What ANAF's validation would write in the error file, one text a fault; an empty list is a valid invoice.
Judge = Callable[[bytes], list[str]]

NO_VERDICT = "PUNTE-"  # how the ids begin of findings on which the official processor stops without a verdict


class NotTaken(Exception):
    """Raised by a judge for a document that is none it can judge: `XML cu erori nepreluat de sistem`."""


def by_the_rules(xml: bytes) -> list[str]:
    """Judge by `punte.romania.check`, with ANAF's present form of a message (`tipAssert=FailedAssert; …`).

    Each names the official rule, where it was broken, and the business term with the value found; the official
    sentence and expression are not quoted.
    Raises NotTaken when the XML is no UBL invoice or credit note, or is one on which the official processor stops.
    """
    try:
        report = check(xml)
    except NotUbl as reason:
        raise NotTaken(str(reason)) from reason
    stops = [*report.structure, *(finding for finding in report.fatal if finding.rule.startswith(NO_VERDICT))]
    if stops:
        raise NotTaken(stops[0].rule)
    return [
        f"tipAssert=FailedAssert; codEroare={finding.rule}; localizareEroare={finding.location}; "
        f"textEroare=[{finding.rule}]-{': '.join(filter(None, (finding.term, finding.value)))}; expresieValidata="
        for finding in report.fatal
    ]
