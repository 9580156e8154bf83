"""Names of companies as people write them. ANAF's register shouts: `BRUTĂRIA DIN COLȚ S.R.L.`"""

from __future__ import annotations

import re

#: Legal forms as the register spells them out, and their usual short form (Legea 31/1990, OUG 44/2008).
LEGAL_FORMS = {
    "PERSOANĂ FIZICĂ AUTORIZATĂ": "PFA",
    "PERSOANA FIZICA AUTORIZATA": "PFA",
    "ÎNTREPRINDERE INDIVIDUALĂ": "Întreprindere Individuală",
    "ÎNTREPRINDERE FAMILIALĂ": "Întreprindere Familială",
    "SOCIETATE CU RĂSPUNDERE LIMITATĂ": "SRL",
}
SMALL = {
    "a",
    "ai",
    "al",
    "ale",
    "cu",
    "de",
    "din",
    "fără",
    "în",
    "la",
    "lui",
    "pe",
    "pentru",
    "prin",
    "și",
    "spre",
    "sub",
}


def as_written(name: str) -> str:
    """The name with the letters people use; one that is not all capitals is left as it is.

    What may be an abbreviation (no vowel, or up to two letters) keeps its capitals. Case has no weight in law.

    >>> as_written("DOBRE ILINCA PERSOANĂ FIZICĂ AUTORIZATĂ"), as_written("BRUTĂRIA DIN COLȚ S.R.L.")
    ('Dobre Ilinca PFA', 'Brutăria din Colț SRL')
    >>> as_written("GTX IT-PROIECT S.A."), as_written("deLuca Art SRL")
    ('GTX IT-Proiect SA', 'deLuca Art SRL')
    """
    if name != name.upper():
        return name
    for spelt, short in LEGAL_FORMS.items():
        name = name.replace(spelt, short)
    name = re.sub(r"\b(?:[A-Z]\.){2,}", lambda dotted: dotted[0].replace(".", ""), name)
    words = name.split()
    return " ".join(_word(word, first=not n) for n, word in enumerate(words))


def _word(word: str, *, first: bool) -> str:
    if word != word.upper() or word in {"PFA", "SRL", "SRL-D", "SNC", "SCS", "SCA"}:
        return word
    if word.lower() in SMALL and not first:
        return word.lower()
    return re.sub(r"[^\W\d_]+", lambda part: part[0] if _is_short(part[0]) else part[0].capitalize(), word)


def _is_short(part: str) -> bool:
    return len(part) <= 2 or not re.search("[AEIOUĂÂÎY]", part)
