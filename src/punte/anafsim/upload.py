"""POST upload: the checks at the door, in ANAF's order, then an index. Everything else is judged later."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from starlette.responses import Response

from . import answers
from .clock import minute
from .document import ROOTS, NotValid, read_document
from .gateway import MEGABYTE, Call

LARGEST = 10 * MEGABYTE


def upload(call: Call) -> Response:
    """Query `standard`, `cif`, and `extern`, `autofactura`, `executare`; the document as the body."""
    query = call.query
    standard, cif = query.get("standard"), query.get("cif")
    if not standard or not cif:
        return answers.bad_request("Parametrii standard si cif sunt obligatorii", call.now)
    if not call.body:
        return answers.bad_request("Trebuie sa aveti atasat in request un fisier de tip xml", call.now)
    refusal = _refusal(call, query, standard, cif)
    if refusal:
        return _refused(call, refusal)
    try:
        document = read_document(call.body, standard, by_schema=call.world.by_the_rules)
    except NotValid as reason:
        return _refused(call, str(reason))
    if standard == "RASP" and not call.world.budgets.take(("RASP", cif), call.settings.limit_rasp, call.now):
        limit = call.settings.limit_rasp
        return _refused(call, f"S-au incarcat deja {limit} de mesaje de tip RASP pentru cui={cif} in cursul zilei")
    taken = call.spv.register(
        cif=cif,
        serial=call.serial,
        standard=standard,
        external=query.get("extern") == "DA",
        self_billed=query.get("autofactura") == "DA",
        xml=call.body,
        document=document,
        now=call.now,
        processing=timedelta(seconds=call.settings.processing),
        second_judge=call.world.second_judge,
    )
    call.entry.outcome = f"registered {taken.index}"
    facts = {"dateResponse": minute(call.now), "ExecutionStatus": "0", "index_incarcare": str(taken.index)}
    return answers.xml(answers.header(answers.UPLOAD, facts))


def _refusal(call: Call, query: Mapping[str, str], standard: str, cif: str) -> str | None:
    """The first thing wrong with the parameters, in ANAF's words. The order of the checks is inferred."""
    if standard not in ROOTS:
        return "Valorile acceptate pentru parametrul standard sunt UBL, CN, CII sau RASP"
    # The text says `autofacturare`, the parameter is `autofactura`.
    for name, called in (("extern", "extern"), ("autofactura", "autofacturare"), ("executare", "executare")):
        if query.get(name, "DA") != "DA":
            return f"Daca parametrul {called} trebuie completat, valoarea acceptata este DA"
    if not (cif.isascii() and cif.isdigit()):
        return f"CIF introdus= {cif} nu este un numar"
    if not call.cifs:
        return answers.NO_RIGHTS_AT_ALL
    if cif not in call.cifs:
        return answers.no_right(cif)
    if query.get("executare") == "DA":  # no demo company is an enforcement body
        return f"CIF introdus= {cif} nu este inregistrat in Registrul RO e-Factura executari silite"
    if len(call.body) > LARGEST:
        return "Marime fisier transmis mai mare de 10 MB."
    return None


def _refused(call: Call, text: str) -> Response:
    call.entry.outcome = f"refused: {text}"
    return refused(text, call.now)


def refused(text: str, now: datetime) -> Response:
    facts = {"dateResponse": minute(now), "ExecutionStatus": "1"}
    return answers.xml(answers.header(answers.UPLOAD, facts, [text]))
