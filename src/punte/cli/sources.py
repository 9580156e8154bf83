"""What `punte check` is given: files, folders, ZIPs, standard input, as one list of documents to read one by one."""

from __future__ import annotations

import io
import os
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from lzma import LZMAError
from pathlib import Path

from punte.en16931.ubl.document import LARGEST

#: Of a ZIP: ANAF's has two members, a month of a large firm some thousands.
MOST_MEMBERS = 10_000
MOST_INFLATED = 1024 * 2**20

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, NotImplementedError, RuntimeError)


class Unreadable(Exception):
    """A document that cannot be read; the text, in Romanian, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document that is still to be read. `name` is how the person called it, a member of a ZIP after a slash."""

    name: str
    path: Path | None = None
    member: str | None = None
    #: of standard input
    content: bytes | None = None
    #: why there is nothing to read
    fault: str | None = None

    def read(self) -> bytes:
        """At most one byte more than an invoice may have. Raises Unreadable."""
        if self.fault or self.path is None:
            if self.content is None:
                raise Unreadable(self.fault)
            return self.content
        try:
            if self.member is None:
                with self.path.open("rb") as file:
                    return file.read(LARGEST + 1)
            return _inflate(_archive(self.path), self.member)
        except OSError as error:
            raise Unreadable(f"fișierul nu poate fi citit: {error.strerror}") from None


def sources(names: tuple[str, ...]) -> Iterator[Source]:
    """The documents of files, ZIPs and folders (every .xml and .zip below, in order of name); `-` is standard input.

    ANAF's seals (semnatura_….xml) are left out.
    """
    for name in names:
        path = Path(name)
        if name == "-":
            yield from _of_input()
        elif path.is_dir():
            inside = sorted(_files_below(path))
            if not inside:
                yield Source(name, fault="dosarul nu conține niciun fișier .xml sau .zip")
            for file in inside:
                yield from _of_file(file)
        else:
            yield from _of_file(path)


def _files_below(folder: Path) -> Iterator[Path]:
    for root, _, files in os.walk(folder):
        yield from (Path(root, file) for file in files if file.lower().endswith(".zip") or _is_invoice(file))


def _is_invoice(name: str) -> bool:
    base = name.rpartition("/")[2].lower()
    return base.endswith(".xml") and not base.startswith("semnatura")


def _of_file(path: Path) -> Iterator[Source]:
    try:
        with path.open("rb") as file:
            is_zip = file.read(4) in (_ZIP, _EMPTY_ZIP)
        if not is_zip:
            yield Source(str(path), path)
            return
        for member in _invoices(_archive(path)):
            yield Source(f"{path}/{member}", path, member)
    except Unreadable as fault:
        yield Source(str(path), fault=str(fault))
    except OSError as error:
        yield Source(str(path), fault=f"fișierul nu poate fi citit: {error.strerror}")


def _of_input() -> Iterator[Source]:
    start = sys.stdin.buffer.read(4)
    rest = sys.stdin.buffer.read(MOST_INFLATED if start == _ZIP else LARGEST + 1)
    if start not in (_ZIP, _EMPTY_ZIP):
        yield Source("-", content=start + rest)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(start + rest)) as archive:
            for member in _invoices(archive):
                yield Source(f"-/{member}", content=_inflate(archive, member))
    except (*_BAD_ZIP, Unreadable) as fault:
        yield Source("-", fault=_why(fault))


@lru_cache(1)  # the members of an archive are read one after the other
def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _BAD_ZIP as error:
        raise Unreadable(_why(error)) from None


def _invoices(archive: zipfile.ZipFile) -> list[str]:
    """The members that may be invoices, within the limits. Raises Unreadable."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise Unreadable(f"arhiva are {len(members)} fișiere, iar limita este {MOST_MEMBERS}; împărțiți-o")
    invoices = [member for member in members if _is_invoice(member.filename)]
    if sum(member.file_size for member in invoices) > MOST_INFLATED:
        raise Unreadable(f"arhiva are peste {MOST_INFLATED // 2**20} MB de XML dezarhivat; împărțiți-o")
    if not invoices:
        raise Unreadable("arhiva nu conține nicio factură (.xml)")
    return [member.filename for member in invoices]


def _inflate(archive: zipfile.ZipFile, member: str) -> bytes:
    """A member, as far as an invoice may go: the size that a ZIP states may be false. Raises Unreadable."""
    try:
        with archive.open(member) as file:
            return file.read(LARGEST + 1)
    except (*_BAD_ZIP, KeyError) as error:
        raise Unreadable(_why(error)) from None


def _why(error: Exception) -> str:
    if isinstance(error, Unreadable):
        return str(error)
    protected = isinstance(error, RuntimeError) and not isinstance(error, NotImplementedError)
    return "arhiva ZIP este protejată cu parolă" if protected else "arhiva ZIP este stricată sau incompletă"
