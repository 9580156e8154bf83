"""Romanian codes as people type them, and what they are told when one is wrong."""

import pytest

from punte.romania.identity import BadIdentity, cnp, cui, has_vat_prefix, iban, is_cnp, trade_register


@pytest.mark.parametrize("typed", ["18547290", "RO18547290", " ro 185 472 90 ", "RO-18547290", "１８５４７２９０"])
def test_a_cui_is_its_digits_however_it_was_typed(typed):
    assert cui(typed) == "18547290"  # 3×1+2×8+1×5+7×4+5×7+3×2+2×9 = 111; 1110 mod 11 = 10 → 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Lipsește codul fiscal"),
        ("18547291", "cifra de control"),  # the last digit should be 0
        ("81547290", "cifra de control"),  # two digits the other way round
        ("1", "între 2 și 10 cifre; ați scris 1"),
        ("12345678901", "ați scris 11"),
        ("18A47290", "nu are forma unui CUI"),
        ("018547290", "prima diferită de 0"),
        ("1630615123457", "persoană fizică"),  # a CNP in the field of the CUI
    ],
)
def test_a_wrong_cui_is_told_with_its_cause_and_its_cure(typed, told):
    with pytest.raises(BadIdentity, match=told) as refused:
        cui(typed)
    assert any(cure in str(refused.value) for cure in ("Verificați", "Scrieți", "scrieți"))


def test_the_prefix_says_who_is_registered_for_vat():
    assert has_vat_prefix(" ro18547290")
    assert not has_vat_prefix("18547290")


def test_a_cnp_has_its_check_digit_and_a_date():
    assert cnp("163 0615 123457") == "1630615123457"
    assert is_cnp("1630615123457")
    assert not is_cnp("0000000000000")  # a consumer who gives none


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1630615123458", "cifra de control"),
        ("1632215123457", "data nașterii"),  # month 22
        ("163061512345", "ați scris 12"),
        ("163061512345X", "13 cifre"),
        ("0000000000000", "nu există|13 cifre"),
    ],
)
def test_a_wrong_cnp_is_explained_and_never_repeated(typed, told):
    with pytest.raises(BadIdentity, match=told) as refused:
        cnp(typed)
    assert typed not in str(refused.value)  # messages reach logs


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("RO49 AAAA 1B31 0075 9384 0000", "RO49AAAA1B31007593840000"),
        ("ro49aaaa1b31007593840000", "RO49AAAA1B31007593840000"),
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),  # a bank abroad
    ],
)
def test_an_iban_is_kept_without_spaces(typed, kept):
    assert iban(typed) == kept


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Lipsește contul"),
        ("RO49 AAAA 1B31 0075 9384 000", "24 de caractere; ați scris 23"),
        ("RO49 AAAA 1B31 0075 9384 0001", "cifrele de control"),
        ("1234567890", "nu este un IBAN"),
        ("RO", "24 de caractere"),
    ],
)
def test_a_wrong_iban_is_explained_and_never_repeated(typed, told):
    with pytest.raises(BadIdentity, match=told) as refused:
        iban(typed)
    assert len(typed) < 10 or typed not in str(refused.value)
    assert "Copiați-l" in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("J40/1234/2020", "J40/1234/2020"),
        ("f12-345-2019", "F12/345/2019"),
        ("J 40/1234/01.02.2020", "J40/1234/2020"),  # with the day, as old papers have it
        ("J2020001234402", "J2020001234402"),  # the same company since July 2024
    ],
)
def test_both_forms_of_the_trade_register_number_are_known(typed, kept):
    assert trade_register(typed) == kept


@pytest.mark.parametrize(
    ("typed", "told"),
    [("J2020001234401", "cifra de control"), ("X40/1234/2020", "J40/1234/2020"), ("", "J40/1234/2020")],
)
def test_a_wrong_trade_register_number_is_explained(typed, told):
    with pytest.raises(BadIdentity, match=told):
        trade_register(typed)
