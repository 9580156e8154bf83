"""The states an invoice is shown in: word, icon, colour by CSS, and whether it asks for a person.

The slug is what templates and CSS (`data-state`) speak; how a submission's state becomes one is delivery's affair.
"""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class ShownState:
    slug: str
    romanian: str
    filled: bool = False  # washed in a list: it waits for a person, or for the truth
    drawn: str = ""  # the icon, where it is not called like the state

    @property
    def word(self) -> str:
        """In the language of the page."""
        return gettext(self.romanian)

    @property
    def icon(self) -> str:
        return self.drawn or self.slug


STATES = {
    state.slug: state
    for state in (
        ShownState("ciorna", _("Ciornă")),
        ShownState("emisa", _("Emisă"), drawn="dosar"),
        ShownState("facturata", _("Facturată"), drawn="trimisa"),  # a proforma that has its invoice
        ShownState("programata", _("Programată")),
        ShownState("in-asteptare", _("În așteptare")),
        ShownState("se-trimite", _("Se trimite")),
        ShownState("incerta", _("Incertă: verificăm în SPV"), filled=True),
        ShownState("trimisa", _("Trimisă")),
        ShownState("in-prelucrare", _("În prelucrare")),
        ShownState("validata", _("Validată")),
        ShownState("arhivata", _("Validată · arhivată")),
        ShownState("respinsa", _("Respinsă"), filled=True),
        ShownState("nepreluata", _("Nepreluată"), filled=True),
        ShownState("stornata", _("Stornată")),
        ShownState("nu-se-transmite", _("Nu se transmite")),
    )
}
