"""One document on trial: whatever the bytes, the doors answer with `NotUbl` or a report, in a time that is bounded."""

import time

from fuzz.hostile import MB
from punte.en16931 import NotUbl, read_ubl, unmodelled
from punte.en16931.ubl.document import parse
from punte.en16931.ubl.position import beginnings
from punte.romania import check
from punte.romania.cius.rulesets import ruleset_named
from punte.romania.explain import explain

#: Processor time of all doors together. The slowest known megabyte is of elements unknown to UBL, each a finding.
SECONDS, SECONDS_PER_MB = 2.0, 12.0
#: Address space of the process that tries documents of up to 10 MB.
MEMORY = 3 * 1024 * MB


class Failed(AssertionError):
    """A document that took too long, or raised something else than NotUbl."""


def try_doors(xml: bytes) -> bool:
    """Whether the document was judged; False: turned away. Raises Failed."""
    began = time.process_time()
    judged = _judge(xml)
    for door in (read_ubl, unmodelled):
        try:
            door(xml)
        except NotUbl:
            pass
        except Exception as error:
            raise Failed(f"{door.__name__} raised {error!r:.300}") from error
    took, bound = time.process_time() - began, SECONDS + SECONDS_PER_MB * len(xml) / MB
    if took > bound:
        raise Failed(f"{len(xml)} bytes took {took:.1f} s of processor time; the bound is {bound:.1f} s")
    return judged


def _judge(xml: bytes) -> bool:
    try:
        report = check(xml, strict=True)
        root = parse(xml)
        edition = ruleset_named(report.ruleset)
        if edition.findings_and_faults(root) != edition.findings_and_faults(root, xml):
            raise Failed("what was learned of other documents changes the verdict")
        for finding in (*report.structure[:5], *report.findings[:5]):
            explain(finding)
        beginnings(xml, [finding.location for finding in report.structure[:5]])
    except NotUbl as refusal:
        if not str(refusal):
            raise Failed("NotUbl does not say why") from refusal
        return False
    except Failed:
        raise
    except Exception as error:
        raise Failed(f"check raised {error!r:.300}") from error
    return True
