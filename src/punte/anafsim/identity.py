"""ANAF's identity layer: a CUI that cannot be one, a company that is not in the database."""

from collections.abc import Container

from stdnum.ro import cui

from .document import Document


def strangers(document: Document, known: Container[str], *, external: bool) -> list[str]:
    """What the identity layer says of the parties, in ANAF's words; nothing when it knows both.

    external  extern=DA: the buyer is not Romanian and is not looked for
    A buyer with 13 digits is a natural person, by CNP or thirteen zeros, and is not looked for either. One whose CUI
    has the right check digit is taken to exist: the demo register is too small to hold everybody's clients.
    """
    faults = []
    seller, buyer = document.seller, document.buyer
    if seller not in known and len(seller) <= 10 and not cui.is_valid(seller):
        where = "E: AccountingSupplierParty (1) sectiune Party (1) sectiune PartyTaxScheme (1) sectiune CompanyID (1)"
        faults.append(f"{where}\n eroare regula: R_BT_32_cui: Cui vanzator incorect / validare CUI ({seller}) ")
    elif seller not in known:
        text = "R6.1: CIF-ul vanzatorului nu figureaza in baza de date"
        faults.append(f"E: validari globale\n eroare regula: {text}:{seller}")
    if not external and len(buyer) != 13 and buyer not in known and not cui.is_valid(buyer):
        faults.append("tipAssert=E; codEroare=ERRIdentif; textEroare=nu a fost identificat cui cumparator")
    return faults
