"""The states an invoice is shown in: word, icon, colour by CSS, and whether it asks for a person.

The slug is what templates and CSS (`data-state`) speak; how a submission's state becomes one is delivery's affair.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShownState:
    slug: str
    word: str
    filled: bool = False  # washed in a list: it waits for a person, or for the truth
    drawn: str = ""  # the icon, where it is not called like the state

    @property
    def icon(self) -> str:
        return self.drawn or self.slug


STATES = {
    state.slug: state
    for state in (
        ShownState("ciorna", "Ciornă"),
        ShownState("emisa", "Emisă", drawn="dosar"),
        ShownState("facturata", "Facturată", drawn="trimisa"),  # a proforma that has its invoice
        ShownState("programata", "Programată"),
        ShownState("in-asteptare", "În așteptare"),
        ShownState("se-trimite", "Se trimite"),
        ShownState("incerta", "Incertă: verificăm în SPV", filled=True),
        ShownState("trimisa", "Trimisă"),
        ShownState("in-prelucrare", "În prelucrare"),
        ShownState("validata", "Validată"),
        ShownState("arhivata", "Validată · arhivată"),
        ShownState("respinsa", "Respinsă", filled=True),
        ShownState("nepreluata", "Nepreluată", filled=True),
        ShownState("stornata", "Stornată"),
        ShownState("nu-se-transmite", "Nu se transmite"),
    )
}
