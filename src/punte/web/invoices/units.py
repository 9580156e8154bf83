"""The units offered on a line: UN/ECE Recommendation 20 codes (BT-130) each with its everyday word."""

from __future__ import annotations

UNITS = {
    "H87": "buc",
    "HUR": "oră",
    "DAY": "zi",
    "MON": "lună",
    "ANN": "an",
    "KGM": "kg",
    "TNE": "t",
    "LTR": "l",
    "MTR": "m",
    "MTK": "m²",
    "MTQ": "m³",
    "KMT": "km",
    "KWH": "kWh",
    "SET": "set",
    "XPK": "pachet",
    "XBX": "cutie",
    "E48": "serviciu",
}
