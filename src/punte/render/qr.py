"""The essentials of an invoice as a QR code, so that a phone or a scanner need not retype them.

The form is docs/decisions/0005-a-qr-code-anyone-can-read.md.
"""

from __future__ import annotations

from decimal import Decimal

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from punte.en16931.model import Invoice

FORM = "PUNTE:1"  # who describes the form, and its edition
LONGEST = 300  # bytes; beyond that the modules are too small for a phone to tell apart in print
QUIET = 4  # modules of white on each side (ISO/IEC 18004, 6.3.8)


def essentials(invoice: Invoice) -> str:
    """What the code says: one `KEY:value` a line, keys in this order, what the document lacks left out.

    TIP     type (BT-3, UNTDID 1001): says what the sign of the total means
    NUMAR   number (BT-1), white space single
    DATA    issue date (BT-2), ISO 8601
    CUI     of the seller, as written, without spaces: BT-31, else BT-32, else BT-30
    TOTAL   with VAT (BT-112), decimal point, no thousands; MONEDA  its currency (BT-5, ISO 4217)
    """
    seller = invoice.seller
    legal = seller.legal_registration_identifier
    code = seller.vat_identifier or seller.tax_registration_identifier or (legal.value if legal else "")
    said = {
        "TIP": invoice.type_code,
        "NUMAR": " ".join(invoice.number.split()),
        "DATA": invoice.issue_date.isoformat(),
        "CUI": "".join(code.split()),
        "TOTAL": _plain(invoice.totals.with_vat),
        "MONEDA": "".join(invoice.currency.split()),
    }
    return "\n".join([FORM, *(f"{key}:{value}" for key, value in said.items() if value)])


def _plain(amount: Decimal) -> str:
    """`5950.05`, `-363.00`: two decimals, more when the document has them."""
    digits = f"{amount:f}"
    return digits if -int(amount.as_tuple().exponent) >= 2 else f"{amount:.2f}"


def modules(text: str) -> list[list[bool]]:
    """The dark squares of `text`, without the quiet zone. Error correction M: a fold or a stamp may cost 15 %."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text.encode(), optimize=0)
    code.make()
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def svg(invoice: Invoice) -> str | None:
    """The code as a drawing with its quiet zone, a millimetre a module; None where it would be too dense to read."""
    text = essentials(invoice)
    if len(text.encode()) > LONGEST:
        return None
    rows = modules(text)
    side = len(rows) + 2 * QUIET
    dark = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows, start=QUIET)
        for x, is_dark in enumerate(row, start=QUIET)
        if is_dark
    )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {side} {side}' shape-rendering='crispEdges'>"
        f"<path fill='#fff' d='M0 0h{side}v{side}H0z'/><path d='{dark}'/></svg>"
    )
