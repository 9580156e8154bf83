"""What ANAF itself says of a document: validare, its PDF, its opinion of a seal. Source: docs/anaf/validation.md.

Public services without authentication, and only of production: the test environment has none of them. The first two
also stand behind the gateway, for which an access token is needed, and where no firewall looks into the bytes.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from punte.anaf.body import Kind, Unreadable, kind_of, read_json, sentence
from punte.anaf.channel import Channel, Reply, Timeouts
from punte.anaf.errors import Declined, Unwell
from punte.anaf.hosts import Hosts
from punte.anaf.package import ErrorLine, error_line
from punte.anaf.sentences import Meaning, barrier, error_of, gate, meaning_of, unwell
from punte.anaf.standards import CHECKED, Standard, standard_of


@dataclass(frozen=True, slots=True)
class Validation:
    """ANAF's verdict on a document that was not filed.

    ok        green; duplicates, rights and the register of enforcement bodies are still judged at upload alone
    errors    ANAF's lines, verbatim, with the rule each names; empty when ok
    trace_id  ANAF's number of the question
    An invoice to a foreign buyer is refused here though upload takes it with `extern`: `ERRIdentif` on the buyer alone
    is no reason not to send.
    """

    ok: bool
    errors: tuple[ErrorLine, ...]
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class SealOpinion:
    """ANAF's opinion of a document and its seal; `text` verbatim, in Romanian. TEST's seals are not known there."""

    valid: bool
    text: str


class Documents:
    """Questions about documents; nothing is filed and nothing repeated. A context manager.

    access_token  None asks the public host; given, validare and transformare are asked through the gateway
    Every question raises NotSent, Unwell, Blocked, RateLimited, Misconfigured, Declined; with a token also Reauthorise
    and AccessDenied. The public host wants one question a second, which is the caller's to keep.
    """

    def __init__(self, hosts: Hosts, access_token: str | None = None, *, timeouts: Timeouts | None = None) -> None:
        self._base = f"{hosts.api if access_token else hosts.public}/prod/FCTEL/rest"
        self._root = hosts.api if access_token else hosts.public
        self._channel = Channel(hosts, timeouts, bearer=access_token)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.__exit__(kind, error, trace)

    def validate(self, xml: bytes, standard: Standard | str | None = None) -> Validation:
        """Schema, rules and identities by ANAF (`validare`). Refusals are a value.

        xml       UBL, at most 5 MB
        standard  UBL or CN; None reads it from the root element
        Raises ValueError when it is neither.
        """
        return read_validation(self._ask(f"validare/{_checked(xml, standard)}", xml))

    def transform(
        self, xml: bytes, standard: Standard | str | None = None, *, validated: bool = True
    ) -> bytes | Validation:
        """ANAF's own PDF of a document (`transformare`), or its refusal to make one.

        validated  False skips the validation (`/DA`). The firewall is stricter there: where it raises Blocked, the
                   other way may pass, then the gateway (`access_token`), then `punte.render` or any other renderer
        Raises ValueError as `validate`.
        """
        path = f"transformare/{_checked(xml, standard)}" + ("" if validated else "/DA")
        return read_transformation(self._ask(path, xml))

    def validate_signature(self, document: bytes, signature: bytes) -> SealOpinion:
        """Both members of a ZIP, byte for byte, to ANAF's own check (`validate/signature`)."""
        files = {
            "file": ("document.xml", document, "text/xml"),
            "signature": ("semnatura.xml", signature, "text/xml"),
        }
        return read_seal_opinion(self._channel.ask("POST", f"{self._root}/api/validate/signature", files=files))

    def _ask(self, path: str, xml: bytes) -> Reply:
        content = without_schema_location(xml)
        return self._channel.ask("POST", f"{self._base}/{path}", content=content, content_type="text/plain")


def without_schema_location(xml: bytes) -> bytes:
    """The bytes with `xsi:schemaLocation` of the root blanked: the firewall takes its `../` for a break-in.

    Blanks, not nothing: lines and columns in ANAF's sentences stay those of the caller's document.

    >>> without_schema_location(b'<Invoice xmlns="u" xsi:schemaLocation="u ../x.xsd"/>')
    b'<Invoice xmlns="u"                                />'
    """
    root = _ROOT.match(xml)
    if root is None:
        return xml
    tag = _SCHEMA_LOCATION.sub(lambda found: re.sub(rb"[^\r\n]", b" ", found[0]), root["tag"])
    return xml[: root.start("tag")] + tag + xml[root.end("tag") :]


_ROOT = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*(?P<tag><[^!?/](?:[^<>"']|"[^"]*"|'[^']*')*>)""", re.S
)
_SCHEMA_LOCATION = re.compile(rb"""\s[\w.-]+:(?:schemaLocation|noNamespaceSchemaLocation)\s*=\s*(?:"[^"]*"|'[^']*')""")


def read_validation(reply: Reply) -> Validation:
    answer = _answer(reply)
    validation = _validation(answer, reply)
    if validation is None:
        raise unwell(reply)
    return validation


def read_transformation(reply: Reply) -> bytes | Validation:
    if reply.status == 200:
        if kind_of(reply.body) is Kind.PDF:
            return reply.body
        if (pdf := _from_base64(reply.body)) is not None:
            return pdf
    validation = _validation(_answer(reply), reply)
    if validation is None or validation.ok:  # ok, and no PDF
        raise unwell(reply)
    return validation


def read_seal_opinion(reply: Reply) -> SealOpinion:
    answer = _answer(reply)
    said = str(answer.get("msg") or "")
    if reply.status == 200 and " NU au putut fi validate" in said:
        return SealOpinion(False, said)
    if reply.status == 200 and " au fost validate cu succes" in said:
        return SealOpinion(True, said)
    if said:
        raise Declined(said, known=said.startswith("Eroare tehnică: request incorect"), body=reply.body)
    raise unwell(reply)


def _answer(reply: Reply) -> Mapping[str, Any]:
    """The JSON of an answer whose status does not decide alone; empty when it is no JSON."""
    said = sentence(reply.body)
    if (error := gate(reply, said)) is not None:
        raise error
    if kind_of(reply.body) is not Kind.JSON:
        raise unwell(reply)
    try:
        return read_json(reply.body)
    except Unreadable:
        raise unwell(reply) from None


def _validation(answer: Mapping[str, Any], reply: Reply) -> Validation | None:
    """The verdict that the answer is; None when it is none. Raises what a sentence in it means."""
    state, trace = answer.get("stare"), str(answer.get("trace_id") or "") or None
    if state == "ok":
        return Validation(True, (), trace)
    rows = answer.get("Messages")
    texts = [str(row.get("message") or "") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    if state != "nok":
        if said := sentence(reply.body):
            raise error_of(said, reply)
        return None
    for text in texts:
        meaning = meaning_of(text)
        if meaning in (Meaning.TECHNICAL, Meaning.PARAMETER) or barrier(text, reply) is not None:
            raise error_of(text, reply)
    return Validation(False, tuple(error_line(text) for text in texts if text), trace) if any(texts) else None


def _from_base64(body: bytes) -> bytes | None:
    """A PDF that came as base64 text, which one client has seen (third party)."""
    text = body.strip().strip(b'"')
    if not text.startswith(b"JVBER"):
        return None
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except ValueError as error:
        raise Unwell("a PDF in base64 that cannot be read", body) from error


def _checked(xml: bytes, standard: Standard | str | None) -> str:
    wanted = standard_of(xml) if standard is None else Standard(standard)
    if wanted not in CHECKED:
        raise ValueError(f"ANAF validates and prints UBL and CN, not {wanted}")
    return CHECKED[wanted]
