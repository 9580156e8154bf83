"""The ZIP of a message: its document, its seal, and the error lines of a rejected one.

Source: docs/anaf/state-list-download.md, "Download" and "Error file".
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from punte.anaf.body import Unreadable, error_messages, local, read_xml
from punte.anaf.errors import BadPackage

#: ANAF writes two members; an extra PDF was told of. A document has at most 10 MB, and room for the enveloped copy.
MOST_MEMBERS = 8
MOST_INFLATED = 24 * 2**20

_DOCUMENT = re.compile(r"(\d+)\.xml")
_SIGNATURE = re.compile(r"semnatura_(\d+)\.xml")
_HEADER = re.compile(rb"<(?:[\w.-]+:)?header\b")
_RULE = re.compile(r"codEroare=([^;]+)|eroare regula: ([A-Za-z0-9_.]+)|\[([A-Z]+(?:-[A-Z0-9]+)+)\]")
_DUPLICATE = re.compile(r"a mai fost transmisa anterior cu index\s*=\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of the error file.

    text          ANAF's, verbatim
    rule          the rule's code when the line names one: BR-RO-065, R6.1, R_BT_32_cui
    duplicate_of  the upload index of the same invoice sent before, when that is the error
    """

    text: str
    rule: str | None = None
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """What the ZIP holds. `document`: bytes as uploaded, or the error file. `signature` None: ANAF left it out."""

    upload_index: str
    document: bytes
    signature: bytes | None
    errors: tuple[ErrorLine, ...] = ()


def open_package(zip_bytes: bytes) -> Package:
    """Open a ZIP of ANAF's. Keep the bytes themselves: they are the legal original.

    Raises BadPackage: not a ZIP, too many members, above 24 MB inflated, no document or several, a seal of another.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(zip_bytes)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise BadPackage(f"{len(members)} members, at most {MOST_MEMBERS} are accepted")
            documents = {m[1]: entry for entry in members if (m := _DOCUMENT.fullmatch(entry.filename))}
            signatures = {m[1]: entry for entry in members if (m := _SIGNATURE.fullmatch(entry.filename))}
            if len(documents) != 1:
                raise BadPackage(f"{len(documents)} documents in the ZIP, expected one")
            ((index, entry),) = documents.items()
            if signatures and set(signatures) != {index}:
                raise BadPackage(f"the ZIP of {index} holds the seal of another document")
            document = _inflate(archive, entry)
            signature = _inflate(archive, signatures[index]) if signatures else None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise BadPackage(f"not a ZIP that can be read: {error}") from error
    return Package(index, document, signature, error_lines(document))


def error_lines(document: bytes) -> tuple[ErrorLine, ...]:
    """The lines of an error file; none for an invoice, or for a buyer's message."""
    if _HEADER.search(document[:4096]) is None:
        return ()  # an invoice: not worth a parse
    try:
        root = read_xml(document)
    except Unreadable:
        return ()
    return tuple(error_line(text) for text in error_messages(root)) if local(root) == "header" else ()


def error_line(text: str) -> ErrorLine:
    """
    >>> error_line("E: validari globale eroare regula: R6.1: CIF-ul vanzatorului nu figureaza in baza de date:1").rule
    'R6.1'
    """
    rule, duplicate = _RULE.search(text), _DUPLICATE.search(text)
    return ErrorLine(text, next(filter(None, rule.groups())).strip() if rule else None, duplicate and duplicate[1])


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The member's bytes; what the ZIP claims of their size is not believed."""
    with archive.open(entry) as member:
        content = member.read(MOST_INFLATED + 1)
    if len(content) > MOST_INFLATED:
        raise BadPackage(f"{entry.filename} inflates above {MOST_INFLATED} bytes")
    return content
