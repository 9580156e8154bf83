"""GET descarcare: the sealed ZIP of one mailbox entry."""

from datetime import datetime

from starlette.responses import Response

from . import answers
from .gateway import Call
from .messages import RETENTION


def download(call: Call) -> Response:
    """Query `id`, a download id: never the upload index. Ten times a day for one message, for 60 days."""
    asked = call.query.get("id")
    if not asked:
        return answers.bad_request("Parametrul id este obligatoriu", call.now)
    if not (asked.isascii() and asked.isdigit()):
        return answers.download_error(f"Id descarcare introdus= {asked} nu este un numar intreg")
    message = call.spv.messages.get(int(asked))
    if message is None:
        return answers.download_error(f"Pentru id={asked} nu exista inregistrata nici o factura")
    if message.cif not in call.cifs:
        return answers.download_error("Nu aveti dreptul sa descarcati acesta factura")  # sic: acesta
    if call.now - message.upload.received > RETENTION:  # from the upload; the listing counts from the indexing
        return answers.download_error(
            "Fisierul nu mai poate fi descarcat pentru ca a trecut perioada de 60 de zile in care este disponibil"
        )
    limit = call.settings.limit_download
    if not call.world.budgets.take(("descarcare", asked), limit, call.now):
        which = "de mesaj" if call.settings.as_in_papers else f"la mesajul cu id_descarcare={asked}"
        return answers.download_error(f"S-au facut deja {limit} descarcari {which} in cursul zilei")
    call.entry.outcome = f"downloaded {message.upload.index}"
    package = call.spv.sealed(message.upload, call.world.authority, enveloped=call.settings.enveloped_seal)
    return Response(package, media_type="application/zip")


def download_technical(text: str, _now: datetime) -> Response:
    return answers.download_error(text)
