"""GET stareMesaj, listaMesajeFactura, listaMesajePaginatieFactura: what became of a document, and the mailboxes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import Response

from . import answers
from .clock import minute, second
from .gateway import Call
from .spv import Message, State

RETENTION = timedelta(days=60)
PAGE = 500


def state(call: Call) -> Response:
    """Query `id_incarcare`. The header of another namespace than the upload's: ANAF's choice."""
    asked = call.query.get("id_incarcare")
    if not asked:
        return answers.bad_request("Parametrul id_incarcare este obligatoriu", call.now)
    if not (asked.isascii() and asked.isdigit()):
        return state_error(f"Id_incarcare introdus= {asked} nu este un numar intreg", call.now)
    if not call.cifs:
        return state_error("Nu exista niciun CIF petru care sa aveti drept", call.now)  # sic: petru
    upload = call.spv.uploads.get(int(asked))
    if upload is None:
        return state_error(f"Nu exista factura cu id_incarcare= {asked}", call.now)
    delivered = {upload.document.buyer} if upload.state is State.OK else set()
    if not call.cifs & {upload.cif, upload.document.seller, *delivered}:
        return state_error(f"Nu aveti dreptul de inteorgare pentru id_incarcare= {asked}", call.now)  # sic
    if not call.world.budgets.take(("stareMesaj", asked), call.settings.limit_state, call.now):
        # ANAF's sample speaks of downloads here too.
        return state_error(f"S-au facut deja {call.settings.limit_state} descarcari de mesaj in cursul zilei", call.now)
    call.entry.outcome = f"{asked}: {upload.state}"
    facts = {"stare": str(upload.state)}
    own = next((message for message in upload.messages if message.cif in call.cifs), None)
    if own:
        facts["id_descarcare"] = str(own.id)
    return answers.xml(answers.header(answers.STATE, facts))


def state_error(text: str, _now: datetime) -> Response:
    return answers.xml(answers.header(answers.STATE, {}, [text]))


def simple_list(call: Call) -> Response:
    """Query `zile` (1 to 60), `cif`, `filtru`. More than 500 entries are an error, not a page."""
    days, cif = call.query.get("zile"), call.query.get("cif")
    if not days or not cif:
        return answers.bad_request("Parametrii zile si cif sunt obligatorii", call.now)
    if not _is_number(days):
        return answers.listing_error(f"Numarul de zile introdus= {days} nu este un numar intreg")
    if not 1 <= int(days) <= 60:
        return answers.listing_error("Numarul de zile trebuie sa fie intre 1 si 60")
    if not _is_number(cif):
        return answers.listing_error(f"CIF introdus= {cif} nu este un numar")
    if error := _forbidden(call, cif, "listaMesajeFactura", call.settings.limit_list):
        return answers.listing_error(error)
    found = _select(call, cif, call.now - timedelta(days=int(days)), call.now)
    if not found:
        return answers.listing_error(f"Nu exista mesaje in ultimele {days} zile")
    if len(found) > PAGE:
        return answers.listing_error(
            f"Lista de mesaje este mai mare decat numarul de {PAGE} elemente permise in pagina. "
            "Folositi endpoint-ul cu paginatie."
        )
    title = f"Lista Mesaje disponibile din ultimele {days} zile"
    return answers.json_of({"mesaje": [_entry(message) for message in found], **_whose(call), "titlu": title})


def paginated_list(call: Call) -> Response:
    """Query `startTime`, `endTime` (epoch milliseconds), `cif`, `pagina` (from 1), `filtru`; 500 entries a page."""
    values = {name: call.query.get(name) for name in ("startTime", "endTime", "cif", "pagina")}
    if not all(values.values()):
        return answers.bad_request("Parametrii startTime, endTime, cif si pagina sunt obligatorii", call.now)
    for name, value in values.items():
        if not _is_number(str(value)) or int(str(value)) > 10**15 or (name == "pagina" and int(str(value)) < 1):
            what = f"CIF introdus= {value}" if name == "cif" else f"{name} = {value}"
            return answers.listing_error(f"{what} nu este un numar sau nu are o valoare acceptata de sistem")
    cif, page = str(values["cif"]), int(str(values["pagina"]))
    start, end = (datetime.fromtimestamp(int(str(values[name])) / 1000, UTC) for name in ("startTime", "endTime"))
    if error := _bad_interval(call, start, end):
        return answers.listing_error(error)
    if error := _forbidden(call, cif, "listaMesajePaginatieFactura", call.settings.limit_paginated):
        return answers.listing_error(error)
    found = _select(call, cif, start, end)
    if not found:
        return answers.listing_error("Nu exista mesaje in intervalul selectat")
    pages = -(-len(found) // PAGE)
    if page > pages:
        # sic: toatal
        return answers.listing_error(f"Pagina solicitata {page} este mai mare decat numarul toatal de pagini {pages}")
    shown = found[(page - 1) * PAGE : page * PAGE]
    return answers.json_of(
        {
            "mesaje": [_entry(message) for message in shown],
            "numar_inregistrari_in_pagina": len(shown),
            "numar_total_inregistrari_per_pagina": PAGE,
            "numar_total_inregistrari": len(found),
            "numar_total_pagini": pages,
            "index_pagina_curenta": page,
            **_whose(call),
            "titlu": f"Lista Mesaje disponibile din intervalul {second(start)} - {second(end)}",
        }
    )


def listing_technical(text: str, _now: datetime) -> Response:
    return answers.listing_error(text)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _bad_interval(call: Call, start: datetime, end: datetime) -> str | None:
    now = call.now
    if start < now - RETENTION:
        return f"startTime = {second(start)} nu poate fi mai vechi de 60 de zile fata de momentul requestului"
    if end <= start:
        return f"endTime = {second(end)} nu poate fi <= startTime = {second(start)}"
    if end > now:  # sic: nu poate in viitor; observed with the moment at the end
        moment = "" if call.settings.as_in_papers else f" = {second(now)}"
        return f"endTime = {second(end)} nu poate in viitor fata de momentul requestului{moment}"
    return None


def _forbidden(call: Call, cif: str, operation: str, limit: int) -> str | None:
    if call.query.get("filtru", "E") not in ("E", "T", "P", "R"):
        return "Valorile acceptate pentru parametrul filtru sunt E, T, P sau R"
    if not call.cifs:
        return answers.NO_RIGHTS_AT_ALL
    if cif not in call.cifs:
        return answers.no_right(cif)
    if not call.world.budgets.take((operation, cif), limit, call.now):
        return f"S-au facut deja {limit} interogari de lista mesaje de catre utilizator in cursul zilei"
    return None


def _select(call: Call, cif: str, start: datetime, end: datetime) -> list[Message]:
    """The entries of one mailbox, indexed in the interval and by now, oldest first."""
    wanted = call.query.get("filtru")
    found = [
        message
        for message in call.spv.mailboxes.get(cif, ())
        if wanted in (None, message.kind) and start <= message.created <= min(end, call.now)
    ]
    found.sort(key=lambda message: (message.created, message.id))
    call.entry.outcome = f"{len(found)} listed"
    return found


def _entry(message: Message) -> dict[str, str]:
    return {
        "data_creare": minute(message.created),
        "cif": message.cif,
        "id_solicitare": str(message.upload.index),
        "detalii": message.detalii,
        "tip": message.tip,
        "id": str(message.id),
    }


def _whose(call: Call) -> dict[str, Any]:
    """The certificate, and every company it has rights on: the only way to discover them."""
    return {"serial": call.serial, "cui": ",".join(sorted(call.cifs, key=int))}
