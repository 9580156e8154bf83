"""The simulator's authority: certificates made like qualified ones, kept, and worth nothing elsewhere."""

import shutil
import ssl
import stat
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from punte.anafsim import Simulator
from punte.anafsim.authority import open_authority


def leaf(sim: Simulator, name: str) -> x509.Certificate:
    one = sim.certificate(name)
    _, certificate, chain = pkcs12.load_key_and_certificates(one.p12.read_bytes(), one.password.encode())
    assert certificate
    assert len(chain) == 2  # the issuing authority and the root
    return certificate


def test_a_holders_certificate_looks_like_a_qualified_one(sim: Simulator) -> None:
    certificate = leaf(sim, "fara-drept")
    names = {attribute.oid: attribute.value for attribute in certificate.subject}
    assert names[NameOID.COUNTRY_NAME] == "RO"
    assert names[NameOID.SURNAME] == "Moraru"
    assert names[NameOID.GIVEN_NAME] == "Oana"
    assert names[NameOID.SERIAL_NUMBER] == "SIM0003"
    assert names[NameOID.ORGANIZATION_NAME] == "MORILE SOMESULUI S.R.L."
    assert NameOID.ORGANIZATION_NAME not in {attribute.oid for attribute in leaf(sim, "ilinca").subject}
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert "(fictiv)" in str(certificate.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value)


def test_its_qcstatements_say_compliance_device_and_esign(sim: Simulator) -> None:
    extension = leaf(sim, "ilinca").extensions.get_extension_for_oid(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3"))
    assert isinstance(extension.value, x509.UnrecognizedExtension)
    # By hand: 0.4.0.1862.1.x is 04 00 8E 46 01 x, since 1862 = 14 × 128 + 70. Lengths: 10 + 10 + 21 = 41 = 0x29.
    assert extension.value.value.hex(" ") == (
        "30 29 "
        "30 08 06 06 04 00 8e 46 01 01 "
        "30 08 06 06 04 00 8e 46 01 04 "
        "30 13 06 06 04 00 8e 46 01 06 30 09 06 07 04 00 8e 46 01 06 01"
    )


def test_the_authority_is_kept_and_not_made_twice(sim: Simulator) -> None:
    again = open_authority(sim.ca_file.parent)
    assert [one.serial for one in again.certificates] == [one.serial for one in sim.certificates]
    assert again.seal_fingerprint == sim.describe()["seal_fingerprint"]
    assert (again.client_id, again.client_secret) == (sim.client_id, sim.client_secret)


def test_two_installations_have_different_keys_and_serials(sim: Simulator, tmp_path: Path) -> None:
    other = open_authority(tmp_path)
    assert {one.serial for one in other.certificates}.isdisjoint(one.serial for one in sim.certificates)
    assert other.client_secret != sim.client_secret


def test_keys_are_readable_by_their_owner_alone(sim: Simulator) -> None:
    directory = sim.ca_file.parent
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    secret = [*directory.glob("*.p12"), *(directory / name for name in ("server.pem", "seal.pem", "token.pem"))]
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("authority.json", "{"),  # cut off
        ("authority.json", '{"version": 1}'),  # of an earlier shape
        ("seal.pem", None),
        ("ilinca.p12", None),
    ],
)
def test_a_directory_that_is_not_whole_is_made_again(
    sim: Simulator, tmp_path: Path, name: str, content: str | None
) -> None:
    shutil.copytree(sim.ca_file.parent, tmp_path, dirs_exist_ok=True)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_text(content)
    again = open_authority(tmp_path)
    assert again.seal_fingerprint != sim.describe()["seal_fingerprint"]
    assert all(one.p12.is_file() for one in again.certificates)


def test_a_certificate_of_another_authority_does_not_pass_tls(sim: Simulator, tmp_path: Path) -> None:
    stranger = open_authority(tmp_path)
    context = ssl.create_default_context(cafile=str(sim.ca_file))
    context.load_cert_chain(stranger.directory / "seal.pem")
    with httpx2.Client(verify=context) as http, pytest.raises(httpx2.TransportError):
        http.get(f"{sim.login}/anaf-oauth2/v1/authorize")


def test_the_holders_chain_leads_to_the_authority_that_is_handed_out(sim: Simulator) -> None:
    root, issuing = x509.load_pem_x509_certificates(sim.ca_file.read_bytes())
    issuing.verify_directly_issued_by(root)
    leaf(sim, "ilinca").verify_directly_issued_by(issuing)
    sim.world.authority.seal_certificate.verify_directly_issued_by(issuing)
