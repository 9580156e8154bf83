"""The smaller groups of the document: notes, references, periods, delivery, supporting documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from .party import Address, Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Invoicing period (BG-14) or the period of a line (BG-26); the terms named are the document's."""

    start: Annotated[date | None, "BT-73"] = None
    end: Annotated[date | None, "BT-74"] = None


@dataclass(frozen=True, slots=True)
class Note:
    """Invoice note (BG-1); `subject_code` from UNTDID 4451."""

    text: Annotated[str, "BT-22"]
    subject_code: Annotated[str | None, "BT-21"] = None


@dataclass(frozen=True, slots=True)
class PrecedingInvoice:
    """Preceding invoice reference (BG-3): what a storno or a final invoice refers to."""

    number: Annotated[str, "BT-25"]
    issue_date: Annotated[date | None, "BT-26"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Delivery information (BG-13)."""

    name: Annotated[str | None, "BT-70"] = None
    location: Annotated[Identifier | None, "BT-71"] = None
    actual_date: Annotated[date | None, "BT-72"] = None
    address: Annotated[Address | None, "BG-15"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Attached document (BT-125)."""

    content: Annotated[bytes, "BT-125"]
    mime_code: Annotated[str, "BT-125-1"]
    filename: Annotated[str, "BT-125-2"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportingDocument:
    """Additional supporting document (BG-24)."""

    reference: Annotated[str, "BT-122"]
    description: Annotated[str | None, "BT-123"] = None
    location: Annotated[str | None, "BT-124"] = None
    attachment: Annotated[Attachment | None, "BT-125"] = None
