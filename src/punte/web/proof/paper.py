"""The dossier as PDF, in Romanian or English, with its JSON inside."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from punte.render import DossierPaper, Entry, Section, dossier_pdf
from punte.web.design import formats
from punte.web.invoices.files import stem

from .dossier import Dossier, long


def pdf(dossier: Dossier, language: str = "ro") -> bytes:
    with override(language):
        return dossier_pdf(_paper(dossier, language))


def summary(dossier: Dossier) -> str:
    """One sentence: where it stands against the last lawful day."""
    if dossier.accepted_at is None:
        if dossier.deadline is None:
            return _("ANAF nu a validat încă factura.")
        return _("ANAF nu a validat încă factura. Ultima zi legală: %(day)s.") % {"day": long(dossier.deadline)}
    if dossier.deadline is None:
        return _("Validată de ANAF pe %(moment)s.") % {"moment": long(dossier.accepted_at)}
    said = {"moment": long(dossier.accepted_at), "day": long(dossier.deadline)}
    if dossier.in_time:
        return _("Validată de ANAF pe %(moment)s, în termenul legal (%(day)s).") % said
    return _("Validată de ANAF pe %(moment)s, după termenul legal (%(day)s).") % said


def facts(dossier: Dossier) -> tuple[tuple[str, str], ...]:
    firm = dossier.invoice.firm
    last = dossier.submissions[-1]
    found = (
        (_("Firma"), f"{firm.name}, {formats.cui(firm.cui, firm.vat_registered)}"),
        (_("Data facturii"), long(dossier.invoice.issue_date)),
        (_("Termen legal"), long(dossier.deadline) if dossier.deadline else ""),
        (_("Prima trimitere"), long(dossier.submissions[0].created_at)),
        (_("Ajunsă la ANAF"), long(dossier.sent_at) if dossier.sent_at else ""),
        (_("Validată"), long(dossier.accepted_at) if dossier.accepted_at else ""),
        (_("Încercări de trimitere"), str(dossier.attempts)),
        (_("Pene ANAF întâlnite"), str(len(dossier.outages))),
        (_("Index SPV"), last.upload_index),
    )
    return tuple((name, value) for name, value in found if value)


def _paper(dossier: Dossier, language: str) -> DossierPaper:
    invoice = dossier.invoice
    made_at = timezone.now().replace(microsecond=0)
    outages = tuple(
        (
            f"{timezone.localtime(one.began_at):%d.%m.%Y %H:%M:%S} – "
            + (f"{timezone.localtime(one.ended_at):%d.%m.%Y %H:%M:%S}" if one.ended_at else _("ține încă")),
            " ".join((one.host, f"({one.kind}, ×{one.times})", one.text)),
        )
        for one in dossier.outages
    )
    before = (
        Section(
            title=_("Pene ANAF în acest timp"),
            text=(_("Întâlnite de orice firmă din această instalare, între prima trimitere și ultima schimbare."),),
            facts=outages,
        ),
    )
    return DossierPaper(
        language=language,
        author=invoice.firm.name,
        title=_("Dosar de diligență"),
        subtitle=_("Factura %(label)s, %(firm)s") % {"label": invoice.label, "firm": invoice.firm.name},
        facts=facts(dossier),
        summary=summary(dossier),
        before=before if outages else (),
        entries=tuple(
            Entry(
                number=str(line.number),
                at=line.second,
                title=line.word.title,
                details=line.details,
                quote=line.quote,
                mark=line.short,
            )
            for line in dossier.lines
        ),
        after=_proof(dossier),
        labels={
            "page": _("Pagina"),
            "of": _("din"),
            "timeline": _("Ce s-a întâmplat, în ordine"),
            "running": _("Dosar de diligență, factura %(label)s") % {"label": invoice.label},
            "foot": _("Capătul lanțului: %(head)s") % {"head": dossier.head},
            "attached": _("Dosarul ca JSON, pentru verificare"),
        },
        made_at=made_at,
        attachment=dossier.as_bytes(),
    )


def _proof(dossier: Dossier) -> tuple[Section, ...]:
    last = dossier.submissions[-1]
    package = last.package
    hashes = (
        (_("Documentul înghețat"), last.sha256),
        (_("Arhiva primită din SPV"), package.sha256 if package else ""),
        (_("Semnatarul sigiliului"), package.signer if package else ""),
        (_("Capătul lanțului"), dossier.head),
        (_("Înregistrări"), str(len(dossier.rows))),
    )
    name = f"dosar-{stem(dossier.invoice)}.json"
    index = f"{last.upload_index or '…'}.zip"
    limits = [
        _(
            "Lanțul este ținut de program, nu de un terț: arată că nimic nu s-a schimbat după ce capătul a fost dat "
            "altcuiva. De aceea păstrați PDF-ul tipărit sau trimiteți-l prin mail în ziua în care contează."
        ),
        _("Orele sunt ale ceasului acestei instalări, în ora României. ANAF nu semnează încercările nereușite."),
        _("Cuvintele ANAF sunt redate cum au venit; codurile numerice personale sunt acoperite."),
    ]
    if dossier.chained_from:
        limits.append(
            _(
                "O parte din istoric a fost scrisă înainte ca dosarul să existe; lanțul o păstrează cum a găsit-o și "
                "nu dovedește nimic despre ea de dinainte."
            )
        )
    return (
        Section(title=_("Amprente (SHA-256)"), facts=tuple((name, value) for name, value in hashes if value)),
        Section(
            title=_("Cum se verifică"),
            text=(
                _(
                    "Fiecare înregistrare poartă amprenta celei dinainte. Fișierul dosar.json este atașat acestui PDF; "
                    "comanda de mai jos recalculează totul fără rețea și spune care înregistrare nu se potrivește."
                ),
                f"punte dossier verify {name} --against {index} --head {dossier.head}",
            ),
        ),
        Section(title=_("Ce dovedește și ce nu"), text=tuple(limits)),
    )
