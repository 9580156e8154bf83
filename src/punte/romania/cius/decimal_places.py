"""Amounts have at most 2 decimals, asked once more by Romania (BR-DEC-RO)."""

from __future__ import annotations

from punte.en16931.rules.family import Family

family = Family()

for rule_id, term, name in (
    ("BR-DEC-RO-01", "BT-92", "Amount"),
    ("BR-DEC-RO-02", "BT-93", "BaseAmount"),
    ("BR-DEC-RO-05", "BT-99", "Amount"),
    ("BR-DEC-RO-06", "BT-100", "BaseAmount"),
    ("BR-DEC-RO-09", "BT-106", "LineExtensionAmount"),
    ("BR-DEC-RO-10", "BT-107", "AllowanceTotalAmount"),
    ("BR-DEC-RO-11", "BT-108", "ChargeTotalAmount"),
    ("BR-DEC-RO-12", "BT-109", "TaxExclusiveAmount"),
    ("BR-DEC-RO-14", "BT-112", "TaxInclusiveAmount"),
    ("BR-DEC-RO-16", "BT-113", "PrepaidAmount"),
    ("BR-DEC-RO-17", "BT-114", "PayableRoundingAmount"),
    ("BR-DEC-RO-18", "BT-115", "PayableAmount"),
    ("BR-DEC-RO-1009", "BT-116", "TaxableAmount"),
    ("BR-DEC-RO-1010", "BT-117", "TaxAmount"),
    ("BR-DEC-RO-24", "BT-136", "Amount"),
    ("BR-DEC-RO-25", "BT-137", "BaseAmount"),
    ("BR-DEC-RO-27", "BT-141", "Amount"),
    ("BR-DEC-RO-28", "BT-142", "BaseAmount"),
):
    family.two_decimals(rule_id, term, f"cbc:{name}")
