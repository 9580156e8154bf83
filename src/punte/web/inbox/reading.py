"""A filed message becomes a document of Cheltuieli, or a remark; one that ended unread becomes what is known of it.

Receivers of `spv.signals`: they run in the transaction that files the package, so that the two stand or fall together.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from punte import en16931
from punte.anaf.messages import MessageKind
from punte.anaf.package import Package
from punte.anaf.standards import read_buyer_message
from punte.en16931 import model as en
from punte.web.invoices.models import folded
from punte.web.spv.models import Keeping, Mailbox, Message

from .models import Document, Mark, Reading, Remark, RemarkState, Standing

REMARKS = {MessageKind.BUYER_MESSAGE_SENT, MessageKind.BUYER_MESSAGE_RECEIVED}
#: the bytes may have arrived, and we hold no index: SENDING too, for a list can be quicker than the answer
IN_DOUBT = (RemarkState.SENDING, RemarkState.UNCERTAIN, RemarkState.ABSENT)
SIGNED = {"381", "396"}  # BT-3: credit notes, whose positive amounts take off
MOST = Decimal(10) ** 15


def on_filed(sender: type[Message], *, message: Message, package: Package, now: datetime, **_: Any) -> None:
    """`spv.signals.filed`."""
    Mailbox.objects.select_for_update().filter(firm=message.firm_id).first()  # two of one firm do not miss each other
    if message.kind in REMARKS:
        keep_remark(message, package.document, now)
    else:
        keep(message, package.document, now)


def on_ended(sender: type[Message], *, message: Message, now: datetime, **_: Any) -> None:
    """`spv.signals.ended`: expired, or a package that nobody can open."""
    if message.kind in REMARKS:
        keep_remark(message, b"", now)
    else:
        keep(message, None, now)


def keep(message: Message, xml: bytes | None, now: datetime) -> Document:
    """The document of `message`, written once. `xml` None: there is none to read."""
    found = Document.objects.filter(message=message).first()
    if found is not None:
        return found
    own = message.firm.cui
    one = Document(
        firm=message.firm,
        message=message,
        package=message.package,
        upload_index=message.upload_index,
        arrived_at=message.created_at,
        day=timezone.localdate(message.created_at),
        seller_cif=message.seller_cif,
        self_billed=bool(re.search(r"autofactut?ra", message.details)),
        reading=Reading.EXPIRED if message.keeping == Keeping.EXPIRED else Reading.UNREADABLE,
        changed_at=now,
    )
    if xml is not None:
        try:
            describe(one, en16931.read_ubl(xml))
        except en16931.NotUbl as exc:
            message.anaf_text = message.anaf_text or str(exc)[:500]
    one.supplier_key = one.seller_cif or folded(one.seller_name)[:60]
    if not one.seller_name:  # not readable: its supplier may be known by others
        named = Document.objects.filter(firm=message.firm, supplier_key=one.supplier_key).exclude(seller_name="")
        one.seller_name = named.order_by("-pk").values_list("seller_name", flat=True).first() or ""
    if one.seller_cif == own:
        one.standing = Standing.TO_ITSELF if message.buyer_cif == own else Standing.ISSUED_FOR_US
        one.mark = Mark.SEEN
    elif (earlier := _earlier(one)) is not None:
        one.repeats, one.standing = earlier, Standing.REPEATED
    one.retell()
    one.save()
    _relate(one)
    one.events.create(at=message.created_at, kind="arrived", text=message.upload_index)
    one.events.create(at=now, kind=one.reading or "filed", text=message.package.seal if message.package else "")
    return one


def describe(one: Document, said: en.Invoice) -> None:
    """Put down what the document says of itself."""
    seller = said.seller
    registered = seller.legal_registration_identifier
    cif = seller.vat_identifier or seller.tax_registration_identifier or (registered.value if registered else "") or ""
    one.seller_name = (seller.name or "")[:300]
    one.seller_cif = (one.seller_cif or without_prefix(cif))[:30]
    one.number, one.number_key = said.number[:100], key_of(said.number)
    one.day, one.due_date = said.issue_date, said.due_date
    one.type_code, one.currency = said.type_code[:3], said.currency[:3]
    one.net, one.vat = _sum(said.totals.without_vat), _sum(said.totals.vat)
    one.payable = _sum(said.totals.due_for_payment)
    takes_off = said.kind is en.Kind.CREDIT_NOTE or said.type_code in SIGNED
    one.effect = -one.payable if takes_off else one.payable
    if said.preceding_invoices:
        number = said.preceding_invoices[0].number or ""
        one.preceding_number, one.preceding_key = number[:100], key_of(number)
    one.reading = Reading.READ


def without_prefix(cif: str) -> str:
    """`RO 123` is `123`; identifiers of other countries stay as written.

    >>> without_prefix("RO 19283749"), without_prefix("DE123456789")
    ('19283749', 'DE123456789')
    """
    plain = cif.replace(" ", "").upper()
    return plain.removeprefix("RO") if plain.removeprefix("RO").isdecimal() else plain


def key_of(number: str) -> str:
    """What makes two spellings of a number one: `F 0012` and `f0012`; the zeros count.

    >>> key_of("F 0012") == key_of("f0012"), key_of("F 12") == key_of("F 012")
    (True, False)
    """
    return re.sub(r"[\s.\-/_]", "", folded(number))[:100]


def _sum(value: Decimal | None) -> Decimal:
    """An amount as it is kept: cents; what no invoice comes to is nothing."""
    return Decimal(0) if value is None or abs(value) >= MOST else value.quantize(Decimal("0.01"))


def _earlier(one: Document) -> Document | None:
    """The document that this one repeats: the same upload, or the same supplier, number and day."""
    own = Document.objects.filter(firm=one.firm, standing=Standing.OWN)
    same_upload = own.filter(upload_index=one.upload_index).order_by("pk").first()
    if same_upload is not None or not one.number_key:
        return same_upload
    same = own.filter(supplier_key=one.supplier_key, number_key=one.number_key, day=one.day, type_code=one.type_code)
    return same.exclude(reading=Reading.EXPIRED).order_by("pk").first()


def _relate(one: Document) -> None:
    """A credit note and the invoice that it speaks of, whichever came first; a name for what could not be read."""
    if one.reading == Reading.READ and one.seller_name and one.supplier_key:
        for unnamed in Document.objects.filter(firm=one.firm, supplier_key=one.supplier_key, seller_name=""):
            unnamed.seller_name = one.seller_name
            unnamed.retell()
            unnamed.save(update_fields=["seller_name", "search_text"])
    if one.repeats_id or not one.number_key:
        return
    own = Document.objects.filter(firm=one.firm, supplier_key=one.supplier_key, repeats=None).exclude(pk=one.pk)
    if one.preceding_key:
        one.corrects = own.filter(number_key=one.preceding_key).order_by("-day", "-pk").first()
        one.save(update_fields=["corrects"])
    own.filter(preceding_key=one.number_key, corrects=None).update(corrects=one)


# --- remarks ---


def keep_remark(message: Message, xml: bytes, now: datetime) -> Remark:
    """What came, or what the firm sent: by us, which is known by its index or its bytes, or by another program."""
    found = Remark.objects.filter(message=message).first()
    if found is not None:
        return found
    about, text = read_buyer_message(xml) if xml else (_spoken_of(message), "")
    if message.kind == MessageKind.BUYER_MESSAGE_SENT:
        ours = Remark.objects.filter(firm=message.firm, message=None).exclude(state=RemarkState.RECEIVED)
        sent = ours.filter(upload_index=message.upload_index).first()
        adoptable = ours.filter(upload_index="", state__in=IN_DOUBT)
        sent = sent or adoptable.filter(sha256=hashlib.sha256(xml).hexdigest()).first()
        if sent is not None:
            facts = {"message": message, "upload_index": message.upload_index, "state": RemarkState.DELIVERED}
            Remark.objects.filter(pk=sent.pk).update(
                **facts, due_at=None, waiting_for="", changed_at=now, lease=sent.lease + 1, leased_until=None
            )
            sent.refresh_from_db()
            return sent
    received = message.kind == MessageKind.BUYER_MESSAGE_RECEIVED
    return Remark.objects.create(
        firm=message.firm,
        about=about,
        text=text,
        state=RemarkState.RECEIVED if received else RemarkState.DELIVERED,
        upload_index=message.upload_index,
        message=message,
        created_at=message.created_at,
        changed_at=now,
    )


def _spoken_of(message: Message) -> str:
    """The invoice that a remark's row names, where its own index does not stand alone; else nothing."""
    named = [index for index in re.findall(r"id_incarcare=(\d+)", message.details) if index != message.upload_index]
    return named[-1] if named else ""
