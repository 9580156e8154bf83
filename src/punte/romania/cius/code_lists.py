"""Two code lists that Romania asks of every attribute, wherever it stands (BR-CL-03, BR-CL-23)."""

from __future__ import annotations

from punte.en16931.rules.code_lists import CURRENCIES, UNITS
from punte.en16931.rules.family import Family

family = Family()

family.coded_attribute("BR-CL-03", None, "currencyID", CURRENCIES)
family.coded_attribute("BR-CL-23", "BT-130", "unitCode", UNITS)
