"""What a certificate says of itself, and what of it is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from punte.anafsim import Simulator
from punte.anafsim.qcstatements import QC_COMPLIANCE
from punte.romania.certificates import CertificateReport, judge, read_certificate, serves
from punte.romania.certificates.qcstatements import TYPE_SEAL, TYPE_SIGNATURE, TYPE_WEB, read_qcstatements
from romania.certificates.authority import NOW, certificate, name, statements

CNP = "2850101123456"


@pytest.mark.parametrize(
    ("facts", "field", "value"),
    [
        ({}, "qualified", "signature"),
        ({"qualified": False}, "qualified", "no"),
        ({"qc": statements(QC_COMPLIANCE)}, "qualified", "signature"),  # without a type: for signatures
        ({"qc": statements(QC_COMPLIANCE, types=(TYPE_SEAL,))}, "qualified", "seal"),
        ({"qc": statements(QC_COMPLIANCE, types=(TYPE_WEB,))}, "qualified", "web"),
        ({"qc": statements(QC_COMPLIANCE, types=(TYPE_SEAL, TYPE_SIGNATURE))}, "qualified", "signature"),
        ({"qc": statements(types=(TYPE_SIGNATURE,))}, "qualified", "no"),  # a type does not make it qualified
        ({"qc": b"\x30\x05rubbish"}, "qualified", "no"),
        ({}, "on_device", True),
        ({"qc": statements(QC_COMPLIANCE)}, "on_device", False),
        ({}, "key_use", "sign-in"),
        ({"uses": None}, "key_use", "sign-in"),  # says nothing: anything goes
        ({"uses": {"content_commitment"}}, "key_use", "sign-only"),
        ({"uses": {"key_encipherment"}}, "key_use", "encrypt-only"),
        ({"uses": {"crl_sign"}}, "key_use", "neither"),
        ({}, "for_browsers", True),
        ({"purposes": ()}, "for_browsers", True),
        ({"purposes": (ExtendedKeyUsageOID.EMAIL_PROTECTION,)}, "for_browsers", False),
        ({"policies": ("1.2.3", "0.4.0.194112.1.2")}, "policy", "QCP-n-qscd"),
        ({"policies": ("1.2.3",)}, "policy", ""),
        ({"serial": 0x34_00_01}, "serial", "34:00:01"),
        ({"serial": 0x0F_FF}, "serial", "0f:ff"),  # pairs, as ANAF writes them
        ({"issuer": ("certSIGN Qualified CA", "CERTSIGN SA")}, "issuer_known", True),
        ({"issuer": ("certSIGN Qualified CA", "Altcineva SA")}, "issuer_known", False),  # the name alone is not enough
        ({"issuer": ("certSIGN Qualified CA G9", "S.C. certSIGN S.A.")}, "issuer_known", False),
        ({"issuer": ("certSIGN Qualified CA G9", "S.C. certSIGN S.A.")}, "provider", "certSIGN"),
        ({"issuer": ("Namirial CA", "Namirial S.p.A.")}, "provider", ""),
        ({"subject": name("")}, "name", ""),
        ({"subject": name("Ilinca Dobre", "ARCADA SRL")}, "organisation", "ARCADA SRL"),
    ],
)
def test_one_thing_after_another(facts, field, value):
    assert getattr(read_certificate(certificate(**facts)), field) == value


@pytest.mark.parametrize(
    "subject",
    [
        name("Ilinca Dobre", serial_number=f"PNORO-{CNP}"),
        name("Ilinca Dobre", serial_number=CNP),
        name(f"Ilinca Dobre {CNP}"),
        name("Ilinca Dobre", f"PFA {CNP}"),
    ],
)
def test_a_cnp_is_neither_shown_nor_kept(subject):
    report = read_certificate(certificate(subject=subject))
    assert CNP not in repr(report)
    assert CNP not in report.to_json()


def test_a_report_comes_back_from_its_json():
    report = read_certificate(certificate())
    assert CertificateReport.from_json(report.to_json()) == report


@pytest.mark.parametrize(
    ("facts", "keys", "tone"),
    [
        ({}, {"qualified-signature", "validity-good", "key-sign-in", "issuer-known"}, "good"),
        ({"start": NOW + timedelta(hours=1)}, {"validity-not-yet"}, "bad"),
        ({"end": NOW}, {"validity-over"}, "bad"),  # the last moment is no longer in force
        ({"end": NOW + timedelta(days=29)}, {"validity-soon"}, "warn"),
        ({"end": NOW + timedelta(days=30)}, {"validity-good"}, "good"),
        ({"qualified": False}, {"qualified-no"}, "bad"),
        ({"qc": statements(QC_COMPLIANCE, types=(TYPE_SEAL,))}, {"qualified-seal"}, "bad"),
        ({"uses": {"key_encipherment"}}, {"key-encrypt-only"}, "bad"),
        ({"uses": {"content_commitment"}}, {"key-sign-only"}, "warn"),
        ({"purposes": (ExtendedKeyUsageOID.EMAIL_PROTECTION,)}, {"key-sign-in", "key-not-for-browsers"}, "warn"),
        ({"issuer": ("Namirial CA", "Namirial S.p.A.")}, {"issuer-unknown"}, "warn"),
        ({"issuer": ("certSIGN QCA 7", "certSIGN SA")}, {"issuer-company"}, "good"),
    ],
)
def test_the_judgement(facts, keys, tone):
    judgements = judge(read_certificate(certificate(**facts)), NOW)
    assert keys <= {judgement.key for judgement in judgements}
    assert serves(judgements) == tone


@pytest.mark.parametrize(
    ("connected", "days_ago", "key"),
    [
        ("22:10:70:1e", 10, "connection-same"),
        ("aa:bb", 200, "connection-renewed"),  # issued 100 days ago, after that connection
        ("aa:bb", 10, "connection-other"),  # it was there already
    ],
)
def test_against_the_last_connection(connected, days_ago, key):
    report = read_certificate(certificate())
    judgements = judge(report, NOW, connected=connected, connected_at=NOW - timedelta(days=days_ago))
    assert judgements[-1].key == key


def test_the_simulators_certificates_are_qualified_and_their_issuer_unknown(tmp_path):
    with Simulator(tmp_path) as simulator:
        one = simulator.certificate("ilinca")
        _, leaf, _ = pkcs12.load_key_and_certificates(one.p12.read_bytes(), one.password.encode())
        report = read_certificate(leaf)
        assert (report.name, report.qualified, report.on_device) == ("DEMO Ilinca Dobre", "signature", True)
        assert report.serial.replace(":", "") == one.serial
        assert not report.provider
        assert "SIM0001" not in repr(report)  # the subject's serialNumber


@pytest.mark.parametrize(
    "der",
    [b"", b"\x30", b"\x30\x03\x30\x05\x06", b"\x30\x02\x06\x00", b"\x30\x04\x30\x02\x06\x00", b"\x30\x83\x00\x00\x00"],
)
def test_broken_statements_are_told_apart(der):
    with pytest.raises(ValueError):  # noqa: PT011 - any
        read_qcstatements(der)
