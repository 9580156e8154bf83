"""The QcStatements extension (RFC 3739; ETSI EN 319 412-5), which `cryptography` does not build: DER by hand."""

from cryptography import x509

QC_STATEMENTS = "1.3.6.1.5.5.7.1.3"
QC_COMPLIANCE = "0.4.0.1862.1.1"  # a qualified certificate under Regulation (EU) 910/2014
QC_SSCD = "0.4.0.1862.1.4"  # the key lives in a qualified signature device
QC_TYPE = "0.4.0.1862.1.6"
QC_TYPE_ESIGN = "0.4.0.1862.1.6.1"

SEQUENCE, OBJECT_IDENTIFIER = 0x30, 0x06


def qualified_signature() -> x509.UnrecognizedExtension:
    """What a qualified certificate for electronic signature states: compliance, device, type eSign."""
    value = _sequence(
        _sequence(_oid(QC_COMPLIANCE)),
        _sequence(_oid(QC_SSCD)),
        _sequence(_oid(QC_TYPE), _sequence(_oid(QC_TYPE_ESIGN))),
    )
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(QC_STATEMENTS), value)


def _sequence(*parts: bytes) -> bytes:
    return _tagged(SEQUENCE, b"".join(parts))


def _oid(dotted: str) -> bytes:
    """X.690 8.19: the first two arcs in one byte, each further arc in base 128, high bit set but on the last."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    content = bytearray([40 * first + second])
    for arc in rest:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        content += bytes(reversed(groups))
    return _tagged(OBJECT_IDENTIFIER, bytes(content))


def _tagged(tag: int, content: bytes) -> bytes:
    if len(content) > 127:
        raise ValueError("only the short form of length is written here")
    return bytes([tag, len(content)]) + content
