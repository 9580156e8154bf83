"""Names as people write them."""

from __future__ import annotations

import pytest

from punte.romania.names import as_written


@pytest.mark.parametrize(
    ("register", "written"),
    [
        ("DOBRE ILINCA PERSOANĂ FIZICĂ AUTORIZATĂ", "Dobre Ilinca PFA"),
        ("BRUTĂRIA DIN COLȚ S.R.L.", "Brutăria din Colț SRL"),
        ("POPA ANDREI ÎNTREPRINDERE INDIVIDUALĂ", "Popa Andrei Întreprindere Individuală"),
        ("DIN VIE S.A.", "Din Vie SA"),  # the first word is never small
        ("GTX IT-PROIECT S.R.L.", "GTX IT-Proiect SRL"),  # no vowel, or two letters: an abbreviation
        ("MORILE SOMEȘULUI S.R.L.-D.", "Morile Someșului SRL-D."),
        ("Atelierul Nord SRL", "Atelierul Nord SRL"),  # somebody wrote it already
    ],
)
def test_a_name_of_the_register_is_written_as_people_do(register, written):
    assert as_written(register) == written
