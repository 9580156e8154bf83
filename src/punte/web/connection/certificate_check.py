"""One look at a browser's certificate: started here, seen at the certificate port, brought back by the same browser.

    start ──► https://…:8443/<token> (the browser shows a certificate, or none) ──► seen ──► …/intoarcere/?dovada=…
                                                                                     └──► bring_back, and the page

The token goes out in an address, so it may be passed on: whoever opens it shows *their* certificate. The report
therefore waits for the proof that only that browser was given, brought by the session that asked. Both serve once.
What the certificate says is ciphertext, and is gone after minutes (`forget`).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from django.db import models
from django.utils.crypto import constant_time_compare

from punte.romania.certificates import CertificateReport, read_certificate

from .secrets import EncryptedText

LIFETIME = timedelta(minutes=10)  # from the start; all of it, the page included
AT_ONCE = 2000  # looks under way: the page is public, the table must not grow without end
SESSION_KEY = "certificate-check"


class CertificateCheck(models.Model):
    """A row for minutes. `report` is empty when the browser came without a certificate."""

    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256: the value itself travels, we keep its print
    proof_hash = models.CharField(max_length=64, blank=True)  # of what the browser must bring back; then empty again
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)  # at the certificate port
    back_at = models.DateTimeField(null=True, blank=True)  # by the session that asked: from now on it may be shown
    report = EncryptedText(blank=True)

    def __str__(self) -> str:
        return f"certificate check {self.pk}"

    @property
    def certificate(self) -> CertificateReport | None:
        """What the browser showed; None when it showed nothing, or is not back."""
        return CertificateReport.from_json(self.report) if self.back_at and self.report else None


class TooMany(Exception):
    """More looks are under way than any honest day has."""


def start(session: MutableMapping[str, Any], now: datetime) -> str:
    """The token of a new look; the session's earlier one is forgotten. Raises TooMany."""
    CertificateCheck.objects.filter(pk=session.get(SESSION_KEY, 0)).delete()
    forget(now)
    if CertificateCheck.objects.count() >= AT_ONCE:
        raise TooMany
    token = secrets.token_urlsafe(32)
    session[SESSION_KEY] = CertificateCheck.objects.create(token_hash=_print(token), started_at=now).pk
    return token


def seen(token: str, certificate: x509.Certificate | None, now: datetime) -> str | None:
    """Note what the browser showed; the proof for it to bring back. None when the token is unknown, used or old."""
    proof = secrets.token_urlsafe(32)
    waiting = CertificateCheck.objects.filter(token_hash=_print(token), seen_at=None, started_at__gt=now - LIFETIME)
    report = read_certificate(certificate).to_json() if certificate else ""
    return proof if waiting.update(seen_at=now, proof_hash=_print(proof), report=report) == 1 else None


def bring_back(session: MutableMapping[str, Any], proof: str, now: datetime) -> bool:
    """Whether the proof belongs to the session's own look; then `latest` shows it."""
    check = _of(session, now)
    if check is None or not check.proof_hash or not constant_time_compare(check.proof_hash, _print(proof)):
        return False
    return CertificateCheck.objects.filter(pk=check.pk, back_at=None).update(back_at=now, proof_hash="") == 1


def latest(session: MutableMapping[str, Any], now: datetime) -> CertificateCheck | None:
    """The session's look of the last minutes, finished or not."""
    return _of(session, now)


def forget(now: datetime) -> None:
    """Delete what has outlived its minutes; the worker calls it every minute."""
    CertificateCheck.objects.filter(started_at__lte=now - LIFETIME).delete()


def _of(session: MutableMapping[str, Any], now: datetime) -> CertificateCheck | None:
    pk = session.get(SESSION_KEY, 0)
    return CertificateCheck.objects.filter(pk=pk, started_at__gt=now - LIFETIME).first() if pk else None


def _print(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
