"""The units offered on a line: UN/ECE Recommendation 20 codes (BT-130) each with its everyday word."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

UNITS = {
    "H87": _("buc"),
    "HUR": _("oră"),
    "DAY": _("zi"),
    "MON": _("lună"),
    "ANN": _("an"),
    "KGM": "kg",
    "TNE": "t",
    "LTR": "l",
    "MTR": "m",
    "MTK": "m²",
    "MTQ": "m³",
    "KMT": "km",
    "KWH": "kWh",
    "SET": _("set"),
    "XPK": _("pachet"),
    "XBX": _("cutie"),
    "E48": _("serviciu"),
}
