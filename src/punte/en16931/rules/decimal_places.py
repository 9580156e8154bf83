"""Amounts have at most 2 decimals (BR-DEC, UBL-DT-01): characters after the dot of the raw text, blanks included."""

from __future__ import annotations

from .family import Family

family = Family()

for rule_id, term, name in (
    ("BR-DEC-01", "BT-92", "Amount"),
    ("BR-DEC-02", "BT-93", "BaseAmount"),
    ("BR-DEC-05", "BT-99", "Amount"),
    ("BR-DEC-06", "BT-100", "BaseAmount"),
    ("BR-DEC-09", "BT-106", "LineExtensionAmount"),
    ("BR-DEC-10", "BT-107", "AllowanceTotalAmount"),
    ("BR-DEC-11", "BT-108", "ChargeTotalAmount"),
    ("BR-DEC-12", "BT-109", "TaxExclusiveAmount"),
    ("BR-DEC-14", "BT-112", "TaxInclusiveAmount"),
    ("BR-DEC-16", "BT-113", "PrepaidAmount"),
    ("BR-DEC-17", "BT-114", "PayableRoundingAmount"),
    ("BR-DEC-18", "BT-115", "PayableAmount"),
    ("BR-DEC-19", "BT-116", "TaxableAmount"),
    ("BR-DEC-20", "BT-117", "TaxAmount"),
    ("BR-DEC-23", "BT-131", "LineExtensionAmount"),
    ("BR-DEC-24", "BT-136", "Amount"),
    ("BR-DEC-25", "BT-137", "BaseAmount"),
    ("BR-DEC-27", "BT-141", "Amount"),
    ("BR-DEC-28", "BT-142", "BaseAmount"),
):
    family.two_decimals(rule_id, term, f"cbc:{name}")

# BR-DEC-13 and BR-DEC-15 (BT-110, BT-111) look for the currency inside the amount, where it never is: they cannot
# fire. This one catches what they mean to: every amount at any depth, prices and their allowances apart.
family.two_decimals("UBL-DT-01", None, "")
