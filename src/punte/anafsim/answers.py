"""What ANAF's answers look like on the wire: the XML headers, the JSON errors, the texts both are made of."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from starlette.responses import Response

from .clock import second

UPLOAD = "mfp:anaf:dgti:spv:respUploadFisier:v1"
STATE = "mfp:anaf:dgti:efactura:stareMesajFactura:v1"
ERROR_FILE = "mfp:anaf:dgti:efactura:mesajEroriFactuta:v1"  # sic: Factuta
BUYER_MESSAGE = "mfp:anaf:dgti:spv:reqMesaj:v1"

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#xA;", "\t": "&#x9;"})


def header(namespace: str, attributes: dict[str, str], errors: Iterable[str] = (), *, child: str = "Errors") -> bytes:
    """A `header` document. `child` is `Errors` in answers and `Error` in the error file inside a ZIP."""
    start = f'<header xmlns="{namespace}"' + "".join(f' {name}="{_text(value)}"' for name, value in attributes.items())
    inner = "".join(f'    <{child} errorMessage="{_text(error)}"/>\n' for error in errors)
    return (DECLARATION + start + (f">\n{inner}</header>\n" if inner else "/>\n")).encode()


def _text(value: str) -> str:
    return value.translate(ESCAPES)


def xml(document: bytes) -> Response:
    return Response(document, media_type="application/xml")


def json_of(value: Any, status: int = 200) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status, media_type="application/json")


def parse_json(body: bytes) -> Any:
    """JSON as the standard has it. Raises ValueError, also for NaN, Infinity and for nesting without end."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(body, parse_constant=refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def bad_request(message: str, now: datetime) -> Response:
    """ANAF's CustomErrorMessage, HTTP 400: a parameter or the body is missing."""
    return json_of({"timestamp": second(now), "status": 400, "error": "Bad Request", "message": message}, 400)


def listing_error(text: str) -> Response:
    """HTTP 200, as ANAF answers it: also for an empty mailbox."""
    return json_of({"eroare": text, "titlu": "Lista Mesaje"})


def download_error(text: str) -> Response:
    return json_of({"eroare": text, "titlu": "Descarcare mesaj"})


def technical(code: str) -> str:
    return f"A aparut o eroare tehnica. Cod: {code}"


def no_right(cif: str) -> str:
    return f"Nu aveti drept in SPV pentru CIF={cif}"


NO_RIGHTS_AT_ALL = "Nu exista niciun CIF pentru care sa aveti drept in SPV"
