"""Hostile bytes from a seed: invoices with faults of every kind, and files made to hurt whoever parses them."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random

DATA = Path(__file__).parents[1] / "data"
MB = 2**20

VALUES = (
    "", " ", "0", "-0", "1e3", "NaN", "INF", "-INF", "1_000", "9" * 400, f"0.{'0' * 400}1", "1" * 5000, "\u00a0", "٣",
    "true", "2026-02-30", "2026-01-15Z", "-0001-01-01", "99999-12-31", "RO", "RO-B", "SECTOR7", "VAT", "S", "O",
    "x" * 20_000, "#AAI#", "##", "&#65;", "&amp;", "&lt;b&gt;", "<!-- cut -->", "<?pi x?>", "<![CDATA[1]]>",
    "\u202e", "🧾" * 300,
)  # fmt: skip
TAGS = ("cbc:ID", "cbc:Amount", "cac:Party", "cac:TaxTotal", "cac:AllowanceCharge", "cac:InvoiceLine", "x", "Invoice")
_ELEMENT = re.compile(rb"<(c[ab]c:\w+)[^<>]*>[^<>]*</\1>")
_TAG = re.compile(rb"<(/?)([\w:]+)")
_TEXT = re.compile(rb">([^<>]+)<")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')


@cache
def invoices() -> tuple[bytes, ...]:
    """Documents to start from: usual ones, and short ones of the corpus, so that many can be tried."""
    found = [path.read_bytes() for path in sorted((DATA / "ubl").rglob("*.xml"))]
    with gzip.open(DATA / "corpus" / "ciusro-train.jsonl.gz", "rt", encoding="utf-8") as lines:
        corpus = [json.loads(next(lines))["xml"].encode() for _ in range(1000)]
        found += [xml for xml in corpus if len(xml) < 9000]
    return tuple(found)


def _cut(random: Random, xml: bytes) -> tuple[int, int]:
    start = random.randrange(len(xml) + 1)
    return start, min(len(xml), start + random.choice((1, 2, 8, 64, 1024)))


def _flip(random: Random, xml: bytes) -> bytes:
    where = random.randrange(len(xml))
    return xml[:where] + bytes([random.randrange(256)]) + xml[where + 1 :]


def _drop(random: Random, xml: bytes) -> bytes:
    start, end = _cut(random, xml)
    return xml[:start] + xml[end:]


def _repeat(random: Random, xml: bytes) -> bytes:
    start, end = _cut(random, xml)
    return xml[:start] + xml[start:end] * random.choice((2, 3, 50)) + xml[end:]


def _truncate(random: Random, xml: bytes) -> bytes:
    return xml[: random.randrange(len(xml) + 1)]


def _splice(random: Random, xml: bytes) -> bytes:
    other = random.choice(invoices())
    return xml[: random.randrange(len(xml) + 1)] + other[random.randrange(len(other)) :]


def _sow(random: Random, xml: bytes) -> bytes:
    where = random.randrange(len(xml) + 1)
    return xml[:where] + random.choice((b"\0", b"\xff", b"<", b"&x;", b"]]>", b"<!DOCTYPE a>", b"<a ")) + xml[where:]


def _at(pattern: re.Pattern[bytes], change: Callable[[Random, re.Match[bytes]], bytes]) -> Callable[..., bytes]:
    """A change at one of the places of a pattern: what was well-formed mostly stays so."""

    def mutate(random: Random, xml: bytes) -> bytes:
        places = list(pattern.finditer(xml))
        if not places:
            return xml
        place = random.choice(places)
        return xml[: place.start()] + change(random, place) + xml[place.end() :]

    return mutate


def _element_elsewhere(random: Random, xml: bytes) -> bytes:
    places = list(_ELEMENT.finditer(xml))
    if not places:
        return xml
    taken, where = random.choice(places)[0], random.choice(places).start()
    return xml[:where] + taken + xml[where:]


BYTES = (_flip, _drop, _repeat, _truncate, _splice, _sow)
MARKUP = (
    _at(_TEXT, lambda random, _: b">" + random.choice(VALUES).encode() + b"<"),
    _at(_TEXT, lambda random, _: b">" + random.choice(VALUES).encode() + b"<"),
    _at(_ELEMENT, lambda _, found: b""),
    _at(_ELEMENT, lambda random, found: found[0] * random.choice((2, 3, 60))),
    _at(_ELEMENT, lambda random, found: b"<%s>%s</%s>" % ((tag := random.choice(TAGS).encode()), found[0], tag)),
    _at(_TAG, lambda random, found: b"<" + found[1] + random.choice(TAGS).encode()),
    _at(_ATTRIBUTE, lambda random, found: found[1] + b'="' + random.choice(VALUES[:20]).encode() + b'"'),
    _at(_ATTRIBUTE, lambda random, found: found[0] + b' schemeID="x" languageID="y"'),
    _element_elsewhere,
)  # fmt: skip


def mutated(seed: str) -> bytes:
    """The mutant of a seed: an invoice with one to six changes, of its bytes or of its markup."""
    random = Random(seed)
    xml = random.choice(invoices())
    changes = random.choice((BYTES, MARKUP, MARKUP))
    for _ in range(random.randint(1, 6)):
        xml = random.choice(changes)(random, xml) or b"<"
    if random.random() < 0.03:
        xml = xml.decode("utf-8", "replace").encode(
            random.choice(("utf-16", "utf-16-le", "utf-32", "cp1250", "utf-7")), "replace"
        )
    return xml


NS = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def _invoice(inside: str, *, attributes: str = "", head: str = "") -> bytes:
    return f"{head}<Invoice {NS}{attributes}>{inside}</Invoice>".encode()


def _laughs(levels: int) -> str:
    entities = "".join(f"<!ENTITY l{n + 1} '" + f"&l{n};" * 10 + "'>" for n in range(levels))
    return f'<!DOCTYPE Invoice [<!ENTITY l0 "ha">{entities}]>'


Named = Iterator[tuple[str, bytes]]


def tricks() -> Named:
    """Small files: bombs, secrets to fetch, wrong encodings, truncations."""
    sound = invoices()[0]
    secret = '<!DOCTYPE Invoice [<!ENTITY s SYSTEM "{}">]>'
    yield "nothing", b""
    yield "blank", b" \n"
    yield "pdf", b"%PDF-1.7\n\xe2\xe3"
    yield "zip", b"PK\x03\x04" + b"\0" * 40
    yield "nul in a text", sound.replace(b"EX 0001", b"EX\0 0001")
    yield "entity bomb", _invoice("<cbc:Note>&l9;</cbc:Note>", head=_laughs(9))
    yield (
        "wide entity bomb",
        _invoice(f"<cbc:Note>{'&b;' * 10_000}</cbc:Note>", head=f"<!DOCTYPE Invoice [<!ENTITY b '{'a' * 50_000}'>]>"),
    )
    yield "entities without end", _invoice("&a;", head='<!DOCTYPE Invoice [<!ENTITY a "&b;"><!ENTITY b "&a;">]>')
    yield "external entity", _invoice("<cbc:ID>&s;</cbc:ID>", head=secret.format("file:///etc/passwd"))
    yield "external entity of a network", _invoice("<cbc:ID>&s;</cbc:ID>", head=secret.format("http://127.0.0.1:9/x"))
    yield "parameter entity", _invoice("", head='<!DOCTYPE Invoice [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>')
    yield "external dtd", _invoice("", head='<!DOCTYPE Invoice SYSTEM "file:///dev/zero">')
    yield "endless device", _invoice("<cbc:ID>&s;</cbc:ID>", head=secret.format("file:///dev/zero"))
    yield "xinclude", _invoice('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>')
    yield "stylesheet", _invoice("", head='<?xml-stylesheet href="file:///etc/passwd"?>')
    yield "depth within limits", _invoice("<cac:Party>" * 250 + "</cac:Party>" * 250)
    text = sound.decode()
    for encoding in (
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-8-sig",
        "iso8859-2",
        "cp1250",
        "utf-7",
        "cp037",
    ):
        yield f"in {encoding}", text.encode(encoding, "replace")
        yield f"said to be {encoding}", text.replace("UTF-8", encoding).encode()
        yield f"said to be and in {encoding}", text.replace("UTF-8", encoding).encode(encoding, "replace")
    for cut in (1, 10, 100, 1000, len(sound) - 1):
        yield f"truncated at {cut}", sound[:cut]


def giants(size: int) -> Named:
    """One text, name, tag or nesting of about `size` bytes."""
    sound = invoices()[0]
    yield "nuls", b"\0" * size
    yield "depth", _invoice("<cac:Party>" * (size // 24) + "</cac:Party>" * (size // 24))
    yield "depth without end tags", _invoice("<cac:Party>" * (size // 12))
    yield "long text", _invoice(f"<cbc:Note>{'ș' * (size // 2)}</cbc:Note>")
    yield "long number", sound.replace(b">100.00<", b">" + b"9" * (size // 5) + b"<")
    yield "long decimal places", sound.replace(b">21.00<", b">0." + b"3" * (size // 2) + b"<", 1)
    yield "long blank number", sound.replace(b">100.00<", b">" + b" " * (size // 5) + b"1<")
    yield "long date", sound.replace(b"2026-01-15", b"2" * size)
    yield "long attribute", _invoice(f'<cbc:Note languageID="{"a" * size}"/>')
    yield "long name", _invoice(f"<{'a' * size}/>")
    yield "long comment", _invoice(f"<!--{'a' * size}-->")
    yield "cut by comments", _invoice(f"<cbc:Note>{'a<!---->' * (size // 8)}</cbc:Note>")
    yield "number cut by comments", sound.replace(b">21.00<", b">2" + b"<!---->" * (size // 7) + b"1<", 1)
    yield "cdata sections", _invoice(f"<cbc:Note>{'<![CDATA[a]]>' * (size // 13)}</cbc:Note>")
    yield "references", _invoice(f"<cbc:Note>{'&#65;' * (size // 5)}</cbc:Note>")
    yield "attributes", _invoice("<cbc:Note " + " ".join(f"a{n}=''" for n in range(size // 11)) + "/>")
    yield "namespaces", _invoice("<cbc:Note " + " ".join(f"xmlns:a{n}='u:{n}'" for n in range(size // 22)) + "/>")
    yield (
        "attachment",
        sound.replace(
            b"<cac:AccountingSupplierParty>",
            b"<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject "
            b'mimeCode="application/pdf" filename="a">'
            + b"A"
            * (size // 4 * 4)
            + b"</cbc:EmbeddedDocumentBinaryObject>"
            b"</cac:Attachment></cac:AdditionalDocumentReference><cac:AccountingSupplierParty>",
        ),
    )
    yield "processing instructions", _invoice("<?a b?>" * (size // 7))
    yield "too large", b" " * (10 * MB + 1)


def crowds(size: int) -> Named:
    """About `size` bytes of elements side by side: each is looked at, and most are findings."""
    lines = '<cac:InvoiceLine><cbc:LineExtensionAmount currencyID="RON">1</cbc:LineExtensionAmount></cac:InvoiceLine>'
    yield "siblings", _invoice("<cbc:Note/>" * (size // 11))
    yield "short siblings", _invoice("<a/>" * (size // 4))
    yield "many names", _invoice("".join(f"<a{n}/>" for n in range(size // 10)))
    yield "lines", _invoice(lines * (size // len(lines)))
    yield "allowances", _invoice("<cac:AllowanceCharge/>" * (size // 22))
    yield "tax totals", _invoice("<cac:TaxTotal><cac:TaxSubtotal/></cac:TaxTotal>" * (size // 46))
    yield "payment means", _invoice("<cac:PaymentMeans/>" * (size // 19))
    yield "references to others", _invoice("<cac:AdditionalDocumentReference/>" * (size // 34))
    yield "periods", _invoice("<cac:InvoicePeriod/>" * (size // 20))
    yield "parties", _invoice("<cac:AccountingSupplierParty/>" * (size // 30))
    yield "currencies", _invoice("<cbc:DocumentCurrencyCode>RON</cbc:DocumentCurrencyCode>" * (size // 58))
    yield "categories", _invoice(
        "<cac:TaxTotal>" + "<cac:TaxSubtotal><cac:TaxCategory><cbc:ID>S</cbc:ID></cac:TaxCategory></cac:TaxSubtotal>"
        * (size // 84) + "</cac:TaxTotal>"
    )  # fmt: skip
