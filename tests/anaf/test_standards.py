import pytest
from lxml import etree

from punte.anaf.standards import MESSAGE_NAMESPACE, Standard, buyer_message, standard_of

UBL = "urn:oasis:names:specification:ubl:schema:xsd"


@pytest.mark.parametrize(
    ("xml", "standard"),
    [
        (f'<Invoice xmlns="{UBL}:Invoice-2"/>', Standard.UBL),
        (f'<!-- a --><u:Invoice xmlns:u="{UBL}:Invoice-2"/>', Standard.UBL),
        (f'<CreditNote xmlns="{UBL}:CreditNote-2"/>', Standard.CN),
        (
            '<r:CrossIndustryInvoice xmlns:r="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>',
            Standard.CII,
        ),
        (buyer_message("1", "x").decode(), Standard.RASP),
    ],
)
def test_the_root_element_tells_the_standard(xml, standard):
    assert standard_of(xml.encode()) is standard


@pytest.mark.parametrize(
    "xml",
    [b"", b"<Invoice/>", b"PK\x03\x04", b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>'],
)
def test_another_document_has_none(xml):
    with pytest.raises(ValueError, match=r"."):
        standard_of(xml)


def test_a_buyers_message_is_the_header_of_the_paper(wire):
    sample = etree.fromstring(wire("rasp.xml"))
    ours = etree.fromstring(buyer_message(sample.get("index_incarcare"), sample.get("message")))
    assert (ours.tag, dict(ours.attrib)) == (sample.tag, dict(sample.attrib))
    assert ours.tag == f"{{{MESSAGE_NAMESPACE}}}header"
    assert buyer_message("1", "x").startswith(b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>")


@pytest.mark.parametrize("text", ["„a\" <b> & ' ș", "two\nlines", "a  b", ""])
def test_a_buyers_text_arrives_as_written(text):
    assert etree.fromstring(buyer_message("5", text)).get("message") == text


@pytest.mark.parametrize(("index", "text"), [("", "x"), ("5 ", "x"), ("٣", "x"), ("5", "\x00")])
def test_what_cannot_be_said_in_xml_is_refused(index, text):
    with pytest.raises(ValueError, match=r"."):
        buyer_message(index, text)
