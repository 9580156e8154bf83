"""Our own verdict on a document, as `punte check` gives it, in the manner of `punte anaf`."""

from __future__ import annotations

import json
from typing import Any

from ..sources import Source
from ..verdict import Asked, Status, verdict_of
from .exits import Exit
from .telling import Stop, Teller


def check_here(teller: Teller, name: str, xml: bytes) -> dict[str, Any]:
    """The facts of the verdict when the official rules would take the document.

    Raises Stop when they would not, with the same facts; a person is told each fault before.
    """
    verdict = verdict_of(Asked(language="ro", as_json=teller.as_json), Source(name, content=xml))
    teller.remark("\n".join(filter(None, (verdict.told, verdict.talk))))
    facts: dict[str, Any] = json.loads(verdict.told) if teller.as_json else {}
    if "error" in facts:
        facts["reason"] = facts.pop("error")
    if verdict.status is Status.ACCEPTED:
        return facts
    now = "Corectați documentul; nimic nu a plecat spre ANAF."
    raise Stop(Exit.REFUSED, "Regulile oficiale ar respinge documentul.", now, by="punte", **facts)
