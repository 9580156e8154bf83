"""`punte anaf download`: a message's ZIP, and what can be taken out of it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from punte.anaf.documents import Documents
from punte.anaf.errors import BadPackage
from punte.anaf.package import Package, open_package
from punte.anaf.seal import Seal, SealVerdict, known_signers, verify
from punte.web.config import environment

from . import place
from .exits import Exit
from .telling import Stop, as_json_option, telling
from .vault import asking

SEALS = {
    SealVerdict.VALID: "sigiliul Ministerului este valabil",
    SealVerdict.UNKNOWN_SIGNER: "sigiliul este al acestui document, dar semnatarul nu este cunoscut",
    SealVerdict.FORGED: "sigiliul NU este al acestui document",
}


@click.command()
@click.argument("download_id", metavar="ID")
@click.option("--index", "by_index", is_flag=True, help="ID este indexul de încărcare; descărcarea se află din stare.")
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path), default=".", help="Unde se scriu.")
@click.option("--zip", "wants_zip", is_flag=True, help="Arhiva, octet cu octet (implicit).")
@click.option("--xml", "wants_xml", is_flag=True, help="Documentul din arhivă.")
@click.option("--pdf", "wants_pdf", is_flag=True, help="Copia pentru citit a facturii, făcută aici.")
@click.option("--anaf-pdf", "wants_theirs", is_flag=True, help="Copia pentru citit făcută de ANAF.")
@as_json_option
def command(
    download_id: str,
    by_index: bool,
    folder: Path,
    wants_zip: bool,
    wants_xml: bool,
    wants_pdf: bool,
    wants_theirs: bool,
    as_json: bool,
) -> None:
    """Descarcă mesajul cu numărul de descărcare ID, în fișierele ID.zip, ID.xml, ID.pdf, și verifică sigiliul.

    ANAF dă un mesaj de zece ori pe zi, timp de 60 de zile; arhiva cu sigiliu este originalul, deci păstrați-o. Un
    fișier care există deja nu se scrie peste, iar ANAF nici nu mai este întrebat.

    Cod de ieșire 17 când arhiva sau sigiliul nu este în regulă; arhiva se păstrează și atunci.
    """
    with telling(as_json) as teller:
        if by_index:
            download_id = _id_of(download_id)
        if not download_id.isdecimal():
            raise click.UsageError(f"ID este un număr, nu „{download_id}”.")
        wants_zip = wants_zip or not (wants_xml or wants_pdf or wants_theirs)
        wanted = {".zip": wants_zip, ".xml": wants_xml, ".pdf": wants_pdf, ".anaf.pdf": wants_theirs}
        paths = {ending: folder / f"{download_id}{ending}" for ending, want in wanted.items() if want}
        if existing := [str(path) for path in paths.values() if path.exists()]:
            what = f"Există deja: {', '.join(existing)}."
            raise Stop(Exit.LOCAL, what, "Mutați fișierul sau alegeți alt dosar cu --dir.", existing=existing)
        trusted = _trusted()
        folder.mkdir(parents=True, exist_ok=True)  # what cannot be written is known before ANAF counts a download
        content = asking(lambda efactura: efactura.download(download_id))
        written = {}
        if wants_zip:
            written[".zip"] = _write(paths[".zip"], content)
        try:
            package = open_package(content)
        except BadPackage:
            if not wants_zip:  # whatever was wanted: the bytes are kept
                _write(folder / f"{download_id}.zip", content)
            raise
        seal = _seal(package, trusted)
        if wants_xml:
            written[".xml"] = _write(paths[".xml"], package.document)
        if wants_pdf:
            written[".pdf"] = _write(paths[".pdf"], _copy(package))
        if wants_theirs:
            written[".anaf.pdf"] = _write(paths[".anaf.pdf"], _their_copy(package))
        facts = {
            "download_id": download_id,
            "upload_index": package.upload_index,
            "files": list(written.values()),
            "seal": {"verdict": seal.verdict, "signer": seal.subject, "reason": seal.reason} if seal else None,
            "errors": [asdict(line) for line in package.errors],
        }
        said = SEALS[seal.verdict] if seal else "arhiva nu are sigiliu"
        errors = "".join(f"\n  {line.text}" for line in package.errors)
        teller.say(facts, "\n".join([*written.values(), f"Index de încărcare {package.upload_index}: {said}.{errors}"]))
        if seal and seal.verdict is SealVerdict.FORGED:
            sys.exit(Exit.BAD_PACKAGE)


def _id_of(upload_index: str) -> str:
    state = asking(lambda efactura: efactura.state(upload_index))
    if state.download_id is None:
        raise Stop(
            Exit.NOT_YET, f"Documentul {upload_index} nu are încă nimic de descărcat.", state=state.state.name.lower()
        )
    return state.download_id


def _trusted() -> frozenset[bytes]:
    more = filter(None, environment.text("PUNTE_ANAF_SEALS").split(","))
    try:
        return known_signers() | {bytes.fromhex(seal.replace(":", "")) for seal in more}
    except ValueError:
        raise click.UsageError("PUNTE_ANAF_SEALS: amprente SHA-256 în hexazecimal, despărțite prin virgulă.") from None


def _seal(package: Package, trusted: frozenset[bytes]) -> Seal | None:
    """Judged at the present: ANAF gives a message for 60 days, and does not say here when it made it."""
    if package.signature is None:
        return None
    return verify(package.document, package.signature, trusted=trusted, at=datetime.now(UTC))


def _copy(package: Package) -> bytes:
    from punte.en16931 import NotUbl, read_ubl
    from punte.render import pdf

    try:
        return pdf(read_ubl(package.document), xml=package.document, logo=None, language="ro")
    except NotUbl:
        what = "Din acest document nu se poate face un PDF: nu este o factură UBL."
        raise Stop(Exit.LOCAL, what, "Descărcați arhiva sau XML-ul.") from None


def _their_copy(package: Package) -> bytes:
    try:
        with Documents(place.hosts()) as anaf:
            copy = anaf.transform(package.document)
    except ValueError:
        raise Stop(Exit.LOCAL, "ANAF face PDF numai din facturi UBL.", "Descărcați arhiva sau XML-ul.") from None
    if not isinstance(copy, bytes):
        reasons = [line.text for line in copy.errors]
        raise Stop(Exit.REFUSED, "ANAF nu face PDF din acest document.", said="\n".join(reasons), refusals=reasons)
    return copy


def _write(path: Path, content: bytes) -> str:
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as reason:
        raise Stop(Exit.LOCAL, f"{path}: nu s-a putut scrie: {reason.strerror}.") from None
    return str(path)
