import datetime as dt
import ipaddress
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from anaf.server import Anaf
from punte.anaf.channel import Timeouts
from punte.anaf.hosts import Hosts

WIRE = Path(__file__).parents[1] / "data" / "wire"


@pytest.fixture
def anaf() -> Iterator[Anaf]:
    server = Anaf()
    yield server
    server.stop()


@pytest.fixture
def hosts(anaf: Anaf) -> Hosts:
    return anaf.hosts()


@pytest.fixture
def impatient() -> Timeouts:
    return Timeouts(connect=0.5, read=0.3, upload=0.3)


@pytest.fixture(scope="session")
def wire() -> Callable[[str], bytes]:
    """A sample payload by its name; see tests/data/wire/README.md."""
    return lambda name: (WIRE / name).read_bytes()


@pytest.fixture(scope="session")
def bnr_sample() -> Callable[[str], bytes]:
    """A sample of the National Bank's XML by its name."""
    return lambda name: (WIRE.parent / "bnr" / name).read_bytes()


@dataclass(frozen=True)
class TestTls:
    __test__ = False
    ca_file: Path
    context: ssl.SSLContext


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TestTls:
    """A certificate for 127.0.0.1 and the authority that issued it."""
    folder = tmp_path_factory.mktemp("tls")
    now = dt.datetime.now(dt.UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])

    def certificate(
        subject: x509.Name, public_key: ec.EllipticCurvePublicKey, *more: x509.ExtensionType
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        )
        for extension in more:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(ca_key, hashes.SHA256())

    ca = certificate(ca_name, ca_key.public_key(), x509.BasicConstraints(ca=True, path_length=0))
    server = certificate(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ANAF of the tests")]),
        key.public_key(),
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
    )
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    (folder / "server.pem").write_bytes(
        server.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return TestTls(folder / "ca.pem", context)


@pytest.fixture
def anaf_tls(tls: TestTls) -> Iterator[Anaf]:
    server = Anaf(tls.context)
    yield server
    server.stop()
