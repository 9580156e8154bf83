"""A document that the schema does not allow is refused at the door, in the words of the Java parser."""

import pytest

from punte.anafsim.judge import by_the_rules

from .conftest import SRL, Visitor, valid

DUE = "<cbc:DueDate>2026-01-01</cbc:DueDate>"
CASES = [
    ("<cbc:IssueDate>", "<cbc:Oops/><cbc:IssueDate>", "cvc-complex-type.2.4.a", "element 'cbc:Oops'"),
    (
        "<cbc:IssueDate>",
        f"{DUE}<cbc:IssueDate>",
        "cvc-complex-type.2.4.a",
        "'cbc:IssueDate'",
    ),
    ("<cac:LegalMonetaryTotal>", "<cac:LegalMonetaryTotal> 5 ", "cvc-complex-type.2.3", "'cac:LegalMonetaryTotal'"),
    ('<cbc:PriceAmount currencyID="RON">', "<cbc:PriceAmount>", "cvc-complex-type.4", "'currencyID' must appear"),
    ("<cbc:IssueDate>", '<cbc:IssueDate x="1">', "cvc-complex-type.3.2.2", "'x' is not allowed"),
    ("<cbc:IssueDate>", "<cbc:IssueDate>on ", "cvc-datatype-valid.1.2.1", "for 'cbc:IssueDate'"),
]


@pytest.mark.parametrize(("before", "after", "rule", "words"), CASES)
def test_the_parser_names_the_fault(ilinca: Visitor, before: str, after: str, rule: str, words: str) -> None:
    ilinca.sim.world.judge = by_the_rules
    ilinca.connect()
    xml = valid().decode()
    assert before in xml
    answer = ilinca.upload(xml.replace(before, after, 1).encode(), cif=SRL).text
    assert 'ExecutionStatus="1"' in answer
    assert rule in answer
    assert words in answer
    assert not ilinca.sim.filed


def test_line_and_column_stand_behind_the_start_tag(ilinca: Visitor) -> None:
    ilinca.sim.world.judge = by_the_rules
    ilinca.connect()
    xml = valid().replace(b"<cbc:IssueDate>", b"<cbc:IssueDate\n  x='1'>", 1)
    line = xml[: xml.index(b"x='1'")].count(b"\n") + 1
    assert f"lineNumber: {line}; columnNumber: 9; " in ilinca.upload(xml, cif=SRL).text


def test_what_is_missing_is_named(ilinca: Visitor) -> None:
    ilinca.sim.world.judge = by_the_rules
    ilinca.connect()
    xml = valid()
    start, end = xml.index(b"<cac:Price>"), xml.index(b"</cac:Price>")
    price = xml[start : end + len(b"</cac:Price>")]
    answer = ilinca.upload(xml.replace(price, b"<cac:Price/>"), cif=SRL).text
    assert "The content of element 'cac:Price' is not complete. One of '{cbc:PriceAmount}' is expected." in answer
