"""Qualified certificates as Romania uses them: who issues them, what one says of itself, whether it will serve at ANAF.

Read from public certificates alone: a private key is never asked for, and refused when offered.
"""

from .files import KeyOffered, NoCertificate, certificate_in
from .judging import Judgement, Tone, judge, serves
from .providers import Provider, Sure, providers
from .reading import CertificateReport, KeyUse, Qualified, read_certificate

__all__ = [
    "CertificateReport",
    "Judgement",
    "KeyOffered",
    "KeyUse",
    "NoCertificate",
    "Provider",
    "Qualified",
    "Sure",
    "Tone",
    "certificate_in",
    "judge",
    "providers",
    "read_certificate",
    "serves",
]
