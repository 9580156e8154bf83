"""Who somebody is, in Romanian codes: CUI, CNP, IBAN, the number in the trade register.

Each function takes what a person typed and returns the one way of writing it, or raises `BadIdentity`, whose text is
for the screen. Check digits are python-stdnum's. No message repeats a CNP or an IBAN: messages reach logs.
"""

from __future__ import annotations

import re
from typing import Literal

from stdnum import iban as stdnum_iban
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.ro import cnp as stdnum_cnp
from stdnum.ro import cui as stdnum_cui
from stdnum.ro import onrc as stdnum_onrc

CONSUMER_WITHOUT_CNP = "0" * 13
"""What BT-47 holds for a consumer who gives no CNP (OUG 138/2024)."""


class BadIdentity(ValueError):
    """The code cannot be right. Its text says what is wrong, why, and what to do; `str()` is the Romanian one."""

    def __init__(self, romanian: str, english: str) -> None:
        super().__init__(romanian)
        self.english = english

    def said(self, language: Literal["ro", "en"]) -> str:
        return self.english if language == "en" else str(self)


def cui(text: str) -> str:
    """The digits of a fiscal code (CUI or CIF), without `RO`: 2 to 10 of them, the last a check digit.

    >>> cui("RO 185 472 90")
    '18547290'
    """
    typed = text.strip()
    if not typed:
        raise BadIdentity(
            "Lipsește codul fiscal (CUI). Scrieți-l ca în certificatul de înregistrare: 18547290.",
            "The tax code (CUI) is missing. Write it as in the registration certificate: 18547290.",
        )
    digits = stdnum_cui.compact(typed)
    if re.fullmatch("[0-9]{13}", digits):
        raise BadIdentity(
            "Ați scris 13 cifre, cât are un CNP; un cod fiscal (CUI) are cel mult 10. "
            "Pentru o firmă sau un PFA scrieți CUI-ul; pentru o persoană fizică alegeți „persoană fizică”.",
            "You wrote 13 digits, as many as a personal number (CNP) has; a tax code (CUI) has at most 10. "
            "For a company or a PFA write the CUI; for a private person choose “private person”.",
        )
    try:
        return str(stdnum_cui.validate(digits))
    except InvalidChecksum:
        raise BadIdentity(
            f"Codul fiscal „{typed}” este greșit: cifra de control (ultima) nu se potrivește cu celelalte, "
            "deci o cifră lipsește, este schimbată sau două sunt inversate. "
            "Verificați-l în certificatul de înregistrare sau pe o factură.",
            f"The tax code “{typed}” is wrong: its check digit (the last) does not fit the others, "
            "so a digit is missing, changed, or two have changed places. "
            "Check it in the registration certificate or on an invoice.",
        ) from None
    except InvalidLength:
        raise BadIdentity(
            f"Un cod fiscal (CUI) are între 2 și 10 cifre; ați scris {len(digits)}. "
            "Verificați-l în certificatul de înregistrare.",
            f"A tax code (CUI) has 2 to 10 digits; you wrote {len(digits)}. Check it in the registration certificate.",
        ) from None
    except ValidationError:
        raise BadIdentity(
            f"Codul fiscal „{typed}” nu are forma unui CUI: între 2 și 10 cifre, prima diferită de 0, "
            "cu sau fără RO în față. Scrieți-l ca în certificatul de înregistrare: 18547290 sau RO18547290.",
            f"The tax code “{typed}” does not look like a CUI: 2 to 10 digits, the first not 0, with or without RO "
            "in front. Write it as in the registration certificate: 18547290 or RO18547290.",
        ) from None


def has_vat_prefix(text: str) -> bool:
    """Whether the code was written with `RO`, as only those registered for VAT do."""
    return text.strip().upper().startswith("RO")


def is_cnp(text: str) -> bool:
    """Whether `text` is a valid CNP; thirteen zeros, a consumer who gives none, are not."""
    return bool(stdnum_cnp.is_valid(text))


def cnp(text: str) -> str:
    """A personal number (CNP, or a foreigner's NIF): 13 digits, the last a check digit."""
    try:
        return str(stdnum_cnp.validate(text))
    except InvalidChecksum:
        raise BadIdentity(
            "CNP-ul este greșit: cifra de control (ultima) nu se potrivește cu celelalte, "
            "deci o cifră este schimbată sau două sunt inversate. Verificați-l în actul de identitate.",
            "The personal number (CNP) is wrong: its check digit (the last) does not fit the others, "
            "so a digit is changed or two have changed places. Check it in the identity card.",
        ) from None
    except InvalidLength:
        count = len(stdnum_cnp.compact(text))
        raise BadIdentity(
            f"Un CNP are 13 cifre; ați scris {count}. Verificați-l în actul de identitate.",
            f"A personal number (CNP) has 13 digits; you wrote {count}. Check it in the identity card.",
        ) from None
    except InvalidComponent:
        raise BadIdentity(
            "CNP-ul este greșit: data nașterii sau codul județului cuprinse în el nu există. "
            "Verificați-l în actul de identitate.",
            "The personal number (CNP) is wrong: the date of birth or the county code in it does not exist. "
            "Check it in the identity card.",
        ) from None
    except ValidationError:
        raise BadIdentity(
            "Un CNP are 13 cifre și nimic altceva. Verificați-l în actul de identitate.",
            "A personal number (CNP) is 13 digits and nothing else. Check it in the identity card.",
        ) from None


def iban(text: str) -> str:
    """A bank account without spaces, upper case: any country's, the length and check digits right.

    A Romanian one has 24 characters: RO, two check digits, four letters of the bank, sixteen signs.
    """
    account = stdnum_iban.compact(text)
    if not account:
        raise BadIdentity(
            "Lipsește contul bancar (IBAN). Copiați-l din aplicația băncii sau din extrasul de cont.",
            "The bank account (IBAN) is missing. Copy it from the bank's application or from a statement.",
        )
    if account.startswith("RO") and len(account) != 24:
        raise BadIdentity(
            f"Un IBAN românesc are 24 de caractere; ați scris {len(account)}. "
            "Copiați-l din aplicația băncii sau din extrasul de cont.",
            f"A Romanian IBAN has 24 characters; you wrote {len(account)}. "
            "Copy it from the bank's application or from a statement.",
        )
    try:
        if not re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", account):
            raise InvalidFormat
        return str(stdnum_iban.validate(account))
    except InvalidChecksum:
        raise BadIdentity(
            "IBAN-ul este greșit: cifrele de control (după codul țării) nu se potrivesc cu restul, "
            "deci un caracter este schimbat. Copiați-l din aplicația băncii sau din extrasul de cont.",
            "The IBAN is wrong: its check digits (after the country code) do not fit the rest, "
            "so a character is changed. Copy it from the bank's application or from a statement.",
        ) from None
    except ValidationError:
        raise BadIdentity(
            "Acesta nu este un IBAN: începe cu două litere ale țării și două cifre, de exemplu "
            "RO49 AAAA 1B31 0075 9384 0000. Copiați-l din aplicația băncii sau din extrasul de cont.",
            "This is not an IBAN: one begins with two letters of the country and two digits, for example "
            "RO49 AAAA 1B31 0075 9384 0000. Copy it from the bank's application or from a statement.",
        ) from None


def trade_register(text: str) -> str:
    """A number in the trade register, the old way (`J40/1234/2020`) or the way of 26 July 2024 (`J2020001234402`).

    J stands for companies, F for PFA, ÎI, ÎF, C for cooperatives. Neither is a reason to refuse an invoice.
    """
    try:
        return str(stdnum_onrc.validate(text))
    except InvalidChecksum:
        raise BadIdentity(
            f"Numărul „{text.strip()}” din registrul comerțului este greșit: cifra de control (ultima) "
            "nu se potrivește cu celelalte. Verificați-l în certificatul de înregistrare.",
            f"The trade register number “{text.strip()}” is wrong: its check digit (the last) does not fit the others. "
            "Check it in the registration certificate.",
        ) from None
    except ValidationError:
        raise BadIdentity(
            f"Numărul „{text.strip()}” nu are forma celor din registrul comerțului: J40/1234/2020 sau, din iulie 2024, "
            "J2020001234402 (J la societăți, F la PFA și întreprinderi individuale, C la cooperative). "
            "Copiați-l din certificatul de înregistrare.",
            f"“{text.strip()}” does not look like a trade register number: J40/1234/2020 or, since July 2024, "
            "J2020001234402 (J for companies, F for PFA and sole traders, C for cooperatives). "
            "Copy it from the registration certificate.",
        ) from None
