"""One document, one verdict: the lines that `punte check` prints of it, made wherever it is judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal

from punte.en16931.rules.rule import Finding, Report
from punte.en16931.ubl.document import LARGEST, NotUbl, Refusal
from punte.romania import check

from .sources import Source, Unreadable

if TYPE_CHECKING:
    from punte.romania.explain import Explanation

Language = Literal["ro", "en"]

PARTS = {"ro": ("Ce este", "De ce", "Ce faceți"), "en": ("What", "Why", "Now")}


class Status(IntEnum):
    """The exit status of one document; of several, the highest."""

    ACCEPTED = 0
    REFUSED = 1
    NOT_UBL = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """How documents are judged and what is told of them. `language` None: no explanations."""

    ruleset: str | None = None
    strict: bool = False
    language: Language | None = None
    unmodelled: bool = False
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`told`: for standard output; `talk`: for standard error, to be left out of a long list when all is well."""

    status: Status
    told: str
    talk: str = ""


def verdict_of(asked: Asked, source: Source) -> Verdict:
    """Read and judge one document."""
    try:
        xml = source.read()
        report = check(xml, ruleset=asked.ruleset, strict=asked.strict)
    except (NotUbl, Unreadable) as error:
        return _refusal(asked, source.name, error)
    status = Status.REFUSED if report.fatal or report.structure else Status.ACCEPTED
    columns = _columns(xml, report)
    lost = _unmodelled(xml) if asked.unmodelled else ()
    if asked.as_json:
        return Verdict(status, json.dumps(_object(asked, source.name, report, columns, lost), ensure_ascii=False))
    lines = [*_lines(asked, source.name, report, columns)]
    lines += [f"{source.name}: nemodelat {path}" for path in lost]
    faults, warnings = len(report.fatal) + len(report.structure), len(report.warnings)
    outcome = "ar fi respinsă" if _is_refused(report) else "are erori pe care ANAF nu le vede" if faults else ACCEPTED
    strict = ", strict" if asked.strict else ""
    counts = f"erori: {faults}, avertismente: {warnings}; reguli {report.ruleset}{strict}"
    return Verdict(status, "\n".join(lines), f"{source.name}: {outcome} ({counts})")


ACCEPTED = "poate fi trimisă"


def _is_refused(report: Report) -> bool:
    """By ANAF: the rules of ours that `strict` adds are not asked there; those on which its processor stops are."""
    theirs = (finding for finding in report.fatal if not finding.rule.startswith("PUNTE-") or "ABORT" in finding.rule)
    return bool(report.structure) or any(theirs)


def _columns(xml: bytes, report: Report) -> dict[str, tuple[int, int]]:
    """Faults of structure are found in the file, so they say the column too."""
    if not report.structure:
        return {}
    from punte.en16931.ubl.position import beginnings

    return beginnings(xml, (finding.location for finding in report.structure))


def _unmodelled(xml: bytes) -> tuple[str, ...]:
    from punte.en16931 import unmodelled

    try:
        return unmodelled(xml)
    except NotUbl:  # a value that cannot be read: the findings say so
        return ()


def _object(
    asked: Asked, name: str, report: Report, columns: dict[str, tuple[int, int]], lost: tuple[str, ...]
) -> dict[str, Any]:
    def described(finding: Finding) -> dict[str, Any]:
        said = asdict(finding)
        if finding.location in columns:
            said["line"], said["column"] = columns[finding.location]
        if asked.language:
            said["explanation"] = asdict(_explained(finding, asked.language))
        return said

    return {
        "file": name,
        "ruleset": report.ruleset,
        "fatal": sorted({finding.rule for finding in report.fatal}),
        "warning": sorted({finding.rule for finding in report.warnings}),
        "findings": [described(finding) for finding in report.findings],
        "structure": [described(finding) for finding in report.structure],
    } | ({"unmodelled": lost} if asked.unmodelled else {})


def _lines(asked: Asked, name: str, report: Report, columns: dict[str, tuple[int, int]]) -> Iterator[str]:
    told: set[str] = set()
    for finding in (*report.structure, *report.findings):
        line, column = columns.get(finding.location, (finding.line or 0, 0))
        yield f"{name}:{line}:{f'{column}:' if column else ''} {_sentence(finding)}"
        if asked.language:
            said = _explained(finding, asked.language)
            parts = (said.what, said.why, said.now) if finding.rule not in told else (said.what,)
            told.add(finding.rule)  # why and what to do are said once a document
            yield from (f"    {part}: {text}" for part, text in zip(PARTS[asked.language], parts, strict=False))


def _explained(finding: Finding, language: Language) -> Explanation:
    from punte.romania.explain import explain

    return explain(finding, language=language)


def _sentence(finding: Finding) -> str:
    kind = "eroare" if finding.severity == "fatal" else "avertisment"
    parts = [kind, finding.rule, finding.term or "", finding.location]
    if finding.value is not None:
        parts.append(f"„{' '.join(finding.value.split())[:80]}”")
    return " ".join(part for part in parts if part)


def _refusal(asked: Asked, name: str, error: NotUbl | Unreadable) -> Verdict:
    reason = _in_romanian(error) if isinstance(error, NotUbl) else str(error)
    if asked.as_json:
        return Verdict(Status.NOT_UBL, json.dumps({"file": name, "error": reason}, ensure_ascii=False))
    return Verdict(Status.NOT_UBL, "", f"{name}: nu este o factură UBL: {reason}.")


def _in_romanian(error: NotUbl) -> str:
    match error.refusal:
        case Refusal.SIZE:
            return f"are peste {LARGEST // 2**20} MB, mai mult decât primește ANAF; micșorați sau scoateți anexele"
        case Refusal.SYNTAX:
            place = error.detail.replace("line", "linia").replace("column", "coloana")
            return (
                f"nu este XML bine format ({place or 'nu se poate citi'}); alegeți XML-ul facturii (Invoice sau "
                "CreditNote, UBL 2.1), nu PDF-ul"
            )
        case Refusal.DOCTYPE:
            return "are o declarație DOCTYPE, care nu este permisă într-o factură; exportați din nou factura"
        case Refusal.CROWDED:
            return "un element are sute de atribute; o factură UBL nu are mai mult de câteva"
        case Refusal.KIND:
            namespace, _, local = error.detail.rpartition("}")
            if namespace.startswith("{mfp:anaf:"):
                return "este un mesaj al ANAF (erori sau răspuns), nu factura; alegeți XML-ul facturii"
            found = f"„{local[:60]}”" + (f" din {namespace[1:121]}" if namespace else ", fără spațiu de nume")
            return f"elementul rădăcină este {found}; o factură UBL 2.1 începe cu Invoice sau CreditNote"
    return str(error)
