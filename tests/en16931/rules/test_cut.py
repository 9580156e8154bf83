"""A document as text: what is cut, and what is not plain enough for it."""

import pytest
from lxml import etree

from punte.en16931.rules.cut import cut_document, skeleton_and_words

INVOICE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">\n'
    "  <b:ID>F 1</b:ID>\n"
    "  <a:InvoiceLine><b:ID>1</b:ID></a:InvoiceLine>\n"
    "  <a:InvoiceLine><b:ID>2</b:ID></a:InvoiceLine>\n"
    "</Invoice>\n"
)


def cut(text, encoding="utf-8"):
    xml = text.encode(encoding)
    return cut_document(xml, etree.fromstring(xml))


def test_header_and_lines_are_the_document():
    found = cut(INVOICE)
    assert found.header.endswith("<b:ID>F 1</b:ID>")
    assert found.lines == [f"\n  <a:InvoiceLine><b:ID>{n}</b:ID>" for n in (1, 2)]
    assert found.header + "".join(f"{line}</a:InvoiceLine>" for line in found.lines) + "\n</Invoice>\n" == INVOICE


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("<b:ID>F 1", "<b:ID><!-- <a:InvoiceLine> -->F 1"),
        ("<b:ID>F 1", "<b:ID><![CDATA[<a:InvoiceLine>]]>F 1"),
        ("<b:ID>F 1", "<?print <a:InvoiceLine>?><b:ID>F 1"),
        # the last line is told by its end; the first, by a tag without attributes
        ("  <a:InvoiceLine><b:ID>1</b:ID></a:InvoiceLine>\n  <a:InvoiceLine>", '  <a:InvoiceLine b:x="">'),
        # a line in a line: the text between two ends begins with no line
        ("<b:ID>2</b:ID>", "<a:Item><a:InvoiceLine><b:ID>2</b:ID></a:InvoiceLine></a:Item>"),
        # nor is one that is closed in another way, or at once
        ("1</b:ID></a:InvoiceLine>", "1</b:ID></a:InvoiceLine >"),
        ("1</b:ID></a:InvoiceLine>", "1</b:ID></a:InvoiceLine><a:InvoiceLine/>"),
        ("\n</Invoice>", "<a:Delivery/></Invoice>"),
        ("\n</Invoice>", "words</Invoice>"),
        ("</Invoice>", "</Invoice ><!-- end -->"),
    ],
)
def test_what_is_not_plain_is_not_cut(plain, other):
    assert plain in INVOICE
    assert cut(INVOICE.replace(plain, other)) is None


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-2"])
def test_other_encodings_are_not_cut(encoding):
    assert cut(INVOICE.replace("UTF-8", encoding), encoding) is None


def test_a_mark_of_byte_order_before_a_declaration_is_not_cut():
    assert cut(INVOICE, "utf-8-sig") is None


def test_line_ends_are_as_a_parser_reads_them():
    assert cut(INVOICE.replace("\n", "\r\n")) == cut(INVOICE.replace("\n", "\r")) == cut(INVOICE)


def test_words_are_the_texts_that_are_not_blank():
    skeleton, words = skeleton_and_words("<a><b>A &amp; B > C</b><c> </c><d/><e x='&lt;'>2</e>")
    assert words == ("A & B > C", "2")
    assert skeleton == ("<a><b", "b><c> </c><d/><e x='&lt;'", "e>")


def test_a_character_written_as_a_number_is_left_to_the_parser():
    assert skeleton_and_words("<a>&#10;1</a>") is None
