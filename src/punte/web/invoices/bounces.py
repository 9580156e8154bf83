"""Mail that came back: delivery status notifications (RFC 3464), matched with the letter by its Message-ID."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from .models import Letter

LIMIT = 5_000_000  # bytes of a report; longer ones are no reports


@dataclass(frozen=True, slots=True)
class Report:
    """A mail that could not be delivered: `message_id` of the mail, and the server's words."""

    message_id: str
    said: str


def reports(content: bytes) -> Iterator[Report]:
    """What the mail `content` reports as failed for good; nothing where it is no report, or only one of delay."""
    if len(content) > LIMIT:
        return
    message = message_from_bytes(content, policy=policy.compat32)
    if message.get_content_type() != "multipart/report":
        return
    parts = list(message.walk())
    original = next((found for part in parts if (found := _original_id(part))), "")
    for part in parts:
        if part.get_content_type() == "message/delivery-status" and original:
            for recipient in _groups(part)[1:]:  # the first group speaks of the mail, the others of one each
                if str(recipient.get("Action", "")).strip().lower() == "failed":
                    yield Report(original, _said(recipient))


def take(content: bytes) -> int:
    """Mark the letters that `content` reports as returned; how many were. Again the same: none."""
    taken = 0
    for report in reports(content):
        letters = Letter.objects.filter(message_id=report.message_id).exclude(state=Letter.State.BOUNCED)
        taken += letters.update(state=Letter.State.BOUNCED, error=report.said[:500], due_at=None)
    return taken


def _original_id(part: Message) -> str:
    """The Message-ID of the mail that is reported: its headers are in the report (RFC 3462)."""
    if part.get_content_type() == "message/rfc822":
        found = next((inner.get("Message-ID", "") for inner in _groups(part)), "")
    elif part.get_content_type() == "text/rfc822-headers":
        payload = part.get_payload(decode=True)
        found = message_from_bytes(payload).get("Message-ID", "") if isinstance(payload, bytes) else ""
    else:
        return ""
    return " ".join(str(found).split())


def _groups(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [group for group in inner if isinstance(group, Message)] if isinstance(inner, list) else []


def _said(recipient: Message) -> str:
    """`550 5.1.1 no such user`, or the status alone."""
    diagnostic = " ".join(str(recipient.get("Diagnostic-Code", "")).split())
    return diagnostic.partition(";")[2].strip() or str(recipient.get("Status", "")).strip()
