"""Who somebody is, in Romanian codes: CUI, CNP, IBAN, the number in the trade register.

Each function takes what a person typed and returns the one way of writing it, or raises `BadIdentity`, whose text is
for the screen. Check digits are python-stdnum's. No message repeats a CNP or an IBAN: messages reach logs.
"""

from __future__ import annotations

import re

from stdnum import iban as stdnum_iban
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.ro import cnp as stdnum_cnp
from stdnum.ro import cui as stdnum_cui
from stdnum.ro import onrc as stdnum_onrc

CONSUMER_WITHOUT_CNP = "0" * 13
"""What BT-47 holds for a consumer who gives no CNP (OUG 138/2024)."""


class BadIdentity(ValueError):
    """The code cannot be right. Its text, in Romanian, says what is wrong, why, and what to do."""


def cui(text: str) -> str:
    """The digits of a fiscal code (CUI or CIF), without `RO`: 2 to 10 of them, the last a check digit.

    >>> cui("RO 185 472 90")
    '18547290'
    """
    typed = text.strip()
    if not typed:
        raise BadIdentity("Lipsește codul fiscal (CUI). Scrieți-l ca în certificatul de înregistrare: 18547290.")
    digits = stdnum_cui.compact(typed)
    if re.fullmatch("[0-9]{13}", digits):
        raise BadIdentity(
            "Ați scris 13 cifre, cât are un CNP; un cod fiscal (CUI) are cel mult 10. "
            "Pentru o firmă sau un PFA scrieți CUI-ul; pentru o persoană fizică alegeți „persoană fizică”."
        )
    try:
        return str(stdnum_cui.validate(digits))
    except InvalidChecksum:
        raise BadIdentity(
            f"Codul fiscal „{typed}” este greșit: cifra de control (ultima) nu se potrivește cu celelalte, "
            "deci o cifră lipsește, este schimbată sau două sunt inversate. "
            "Verificați-l în certificatul de înregistrare sau pe o factură."
        ) from None
    except InvalidLength:
        raise BadIdentity(
            f"Un cod fiscal (CUI) are între 2 și 10 cifre; ați scris {len(digits)}. "
            "Verificați-l în certificatul de înregistrare."
        ) from None
    except ValidationError:
        raise BadIdentity(
            f"Codul fiscal „{typed}” nu are forma unui CUI: între 2 și 10 cifre, prima diferită de 0, "
            "cu sau fără RO în față. Scrieți-l ca în certificatul de înregistrare: 18547290 sau RO18547290."
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
            "deci o cifră este schimbată sau două sunt inversate. Verificați-l în actul de identitate."
        ) from None
    except InvalidLength:
        count = len(stdnum_cnp.compact(text))
        raise BadIdentity(f"Un CNP are 13 cifre; ați scris {count}. Verificați-l în actul de identitate.") from None
    except InvalidComponent:
        raise BadIdentity(
            "CNP-ul este greșit: data nașterii sau codul județului cuprinse în el nu există. "
            "Verificați-l în actul de identitate."
        ) from None
    except ValidationError:
        raise BadIdentity("Un CNP are 13 cifre și nimic altceva. Verificați-l în actul de identitate.") from None


def iban(text: str) -> str:
    """A bank account without spaces, upper case: any country's, the length and check digits right.

    A Romanian one has 24 characters: RO, two check digits, four letters of the bank, sixteen signs.
    """
    account = stdnum_iban.compact(text)
    if not account:
        raise BadIdentity("Lipsește contul bancar (IBAN). Copiați-l din aplicația băncii sau din extrasul de cont.")
    if account.startswith("RO") and len(account) != 24:
        raise BadIdentity(
            f"Un IBAN românesc are 24 de caractere; ați scris {len(account)}. "
            "Copiați-l din aplicația băncii sau din extrasul de cont."
        )
    try:
        if not re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", account):
            raise InvalidFormat
        return str(stdnum_iban.validate(account))
    except InvalidChecksum:
        raise BadIdentity(
            "IBAN-ul este greșit: cifrele de control (după codul țării) nu se potrivesc cu restul, "
            "deci un caracter este schimbat. Copiați-l din aplicația băncii sau din extrasul de cont."
        ) from None
    except ValidationError:
        raise BadIdentity(
            "Acesta nu este un IBAN: începe cu două litere ale țării și două cifre, de exemplu "
            "RO49 AAAA 1B31 0075 9384 0000. Copiați-l din aplicația băncii sau din extrasul de cont."
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
            "nu se potrivește cu celelalte. Verificați-l în certificatul de înregistrare."
        ) from None
    except ValidationError:
        raise BadIdentity(
            f"Numărul „{text.strip()}” nu are forma celor din registrul comerțului: J40/1234/2020 sau, din iulie 2024, "
            "J2020001234402 (J la societăți, F la PFA și întreprinderi individuale, C la cooperative). "
            "Copiați-l din certificatul de înregistrare."
        ) from None
