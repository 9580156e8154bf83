"""Is a dossier whole? The chain is reckoned anew from the JSON alone, and the archived ZIP compared.

Nothing is asked of a network or of a database. Source of the form: docs/operare/dosar.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from punte.anaf.errors import BadPackage
from punte.anaf.package import open_package
from punte.anaf.seal import SealVerdict, known_signers, verify
from punte.web.delivery import chaining

FORM = 1  # of the file
LARGEST = 64 * 2**20  # bytes of a dossier that is read


def _(text: str) -> str:
    """A sentence for a person, to be translated where it is shown: without Django there is nobody to do it here."""
    return text


@dataclass(frozen=True, slots=True)
class Told:
    """Something looked at: `what` in Romanian, with places for `facts`."""

    what: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def said(self, translated: Callable[[str], str] = str) -> str:
        return translated(self.what) % self.facts if self.facts else translated(self.what)


@dataclass(frozen=True, slots=True)
class Fault(Told):
    """What breaks. `number`: of the record; None: of the dossier."""

    number: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`head`: digest of the last record, as reckoned; `told`: what was looked at and found good."""

    records: int
    head: str
    faults: tuple[Fault, ...]
    told: tuple[Told, ...]


def check(dossier: Any, *, head: str = "", package: bytes | None = None, signers: Iterable[bytes] = ()) -> Verdict:
    """The verdict on `dossier`, as read from its JSON.

    head     a digest that was given out earlier, on paper or by mail: it must be that of one of the records
    package  the ZIP of the archive: it must be the one that a record names, hold the document that was frozen, and
             carry the Ministry's seal
    signers  fingerprints (SHA-256) trusted beside the Ministry's known ones
    """
    if not isinstance(dossier, dict) or dossier.get("punte-dossier") != FORM:
        return Verdict(0, "", (Fault(_("fișierul nu este un dosar Punte de o formă cunoscută")),), ())
    faults, told, digests = list[Fault](), list[Told](), list[str]()
    links = dossier.get("records")
    links = links if isinstance(links, list) else []
    previous = ""
    for position, link in enumerate(links, 1):
        record = link.get("record") if isinstance(link, dict) else None
        if not isinstance(record, dict):
            faults.append(Fault(_("nu este o înregistrare"), number=position))
            continue
        reckoned = chaining.digest(chaining.canonical(record))
        if record.get("form") != chaining.FORM:
            faults.append(Fault(_("are o formă necunoscută"), number=position))
        if record.get("number") != position:
            what = _("poartă numărul %(carried)s: ordinea s-a schimbat sau lipsește una")
            faults.append(Fault(what, {"carried": record.get("number")}, position))
        if record.get("previous") != previous:
            faults.append(
                Fault(_("nu o urmează pe cea dinainte: lipsește una, sau una a fost schimbată"), number=position)
            )
        if link.get("digest") != reckoned:
            faults.append(Fault(_("conținutul nu se potrivește cu amprenta sa: a fost schimbat"), number=position))
        digests.append(reckoned)
        previous = reckoned
    if not links:
        faults.append(Fault(_("dosarul nu are nicio înregistrare")))
    named = dossier.get("head")
    named = named if isinstance(named, dict) else {}
    if (named.get("number"), named.get("digest")) != (len(links), previous):
        faults.append(Fault(_("capătul lanțului nu este cel scris în dosar: lipsesc înregistrări de la sfârșit")))
    if head:
        given = head.strip().lower()
        if given in digests:
            which = {"number": digests.index(given) + 1, "all": len(digests)}
            told.append(Told(_("amprenta dată este a înregistrării %(number)s din %(all)s"), which))
        else:
            faults.append(Fault(_("amprenta dată mai demult nu este a niciunei înregistrări: lanțul a fost rescris")))
    records = [link["record"] for link in links if isinstance(link, dict) and isinstance(link.get("record"), dict)]
    if package is not None:
        _package(records, package, frozenset(signers), faults, told)
    return Verdict(len(links), previous, tuple(faults), tuple(told))


def _package(
    records: list[dict[str, Any]], content: bytes, signers: frozenset[bytes], faults: list[Fault], told: list[Told]
) -> None:
    sha256 = hashlib.sha256(content).hexdigest()
    kept = next((one for one in records if _of(one).get("sha256") == sha256), None)
    if kept is None:
        faults.append(Fault(_("ZIP-ul (SHA-256 %(sha256)s) nu este cel arhivat în acest dosar"), {"sha256": sha256}))
        return
    told.append(Told(_("ZIP-ul este cel din înregistrarea %(number)s, octet cu octet"), {"number": kept["number"]}))
    try:
        package = open_package(content)
    except BadPackage as fault:
        faults.append(Fault(_("ZIP-ul nu se poate deschide: %(why)s"), {"why": fault}, kept["number"]))
        return
    frozen = [
        one["document"] for one in records if one.get("submission") == kept.get("submission") and one.get("document")
    ]
    document = hashlib.sha256(package.document).hexdigest()
    if package.errors:
        told.append(Told(_("ZIP-ul este fișierul de erori al unei facturi respinse")))
    elif document in frozen:
        told.append(Told(_("documentul din ZIP este cel înghețat la trimitere, octet cu octet")))
    elif frozen:
        faults.append(Fault(_("documentul din ZIP nu este cel înghețat la trimitere"), number=kept["number"]))
    if package.signature is None:
        faults.append(Fault(_("ZIP-ul nu are sigiliul Ministerului Finanțelor"), number=kept["number"]))
        return
    at = datetime.fromisoformat(_of(kept)["stored_at"])
    seal = verify(package.document, package.signature, trusted=known_signers() | signers, at=at)
    fingerprint = seal.fingerprint.hex() if seal.fingerprint else ""
    match seal.verdict:
        case SealVerdict.VALID:
            told.append(Told(_("sigiliul este valid: %(signer)s"), {"signer": seal.subject}))
        case SealVerdict.UNKNOWN_SIGNER:
            what = _("sigiliul este întreg, dar semnatarul nu este cunoscut (--signer %(fingerprint)s îl primește)")
            faults.append(Fault(what, {"fingerprint": fingerprint}, kept["number"]))
        case _:
            faults.append(Fault(_("sigiliul nu se potrivește cu documentul"), number=kept["number"]))


def _of(record: dict[str, Any]) -> dict[str, Any]:
    package = record.get("package")
    return package if isinstance(package, dict) else {}
