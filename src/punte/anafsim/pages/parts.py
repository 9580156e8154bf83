"""The parts of the page with switches that change while it is looked at, each as a piece of HTML."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from itertools import islice

from ..scenarios import Scenario, Switches, scenarios
from ..spv import Upload
from ..world import World
from . import COMMA_BELOW
from .words import STATES, count, hour, lasts, offset_words, said, shown

FILED, CALLS = 8, 12  # rows shown


def parts_of(world: World) -> dict[str, dict[str, str]]:
    world.scenarios.end_what_is_over()
    world.settle()
    parts = {f"s-{one.name}": _scenario(one, world.scenarios) for one in scenarios().values()}
    parts |= {
        "summary": _summary(world),
        "offset": offset_words(offset(world)),
        "filed": _filed(world),
        "calls": _calls(world),
        "people": _people(world),
    }
    return {
        name: {"digest": hashlib.sha256(html.encode()).hexdigest()[:12], "html": html} for name, html in parts.items()
    }


def _scenario(one: Scenario, switches: Switches) -> str:
    running = switches.on.get(one.name)
    tags = "".join(f'<span class="tag">{code}</span>' for code in one.codes)
    until = f" · până la {hour(running.until)}" if running and running.until else ""
    return (
        f'<form class="scenario" method="post" action="/panou"><b id="l-{one.name}">{escape(one.label)}</b>'
        f'<p id="d-{one.name}">{escape(one.says)}</p>'
        f'<p class="facts">{tags}<code>{one.name}</code> · {lasts(one)}{until}</p>'
        f'<button class="switch" id="b-{one.name}" role="switch" aria-checked="{"true" if running else "false"}" '
        f'name="{"off" if running else "on"}" value="{one.name}" aria-labelledby="l-{one.name}" '
        f'aria-describedby="d-{one.name}">{"pornit" if running else "oprit"}</button></form>'
    )


def _summary(world: World) -> str:
    on = [scenarios()[name] for name in world.scenarios.on]
    others = sum(not fault.scenario for fault in world.faults.waiting)
    if not on and not others:
        return "<p>Niciun scenariu pornit: ANAF are o zi bună.</p>"
    words = [f'<a href="#s-{one.name}">{escape(one.label)}</a>' for one in on]
    if others:
        words.append(f"{count(others, 'defect cerut', 'defecte cerute')} de programe")
    return (
        f"<p><b>Pornite:</b> {'; '.join(words)}.</p>"
        '<form method="post" action="/panou"><button class="button small" name="all-off" value="1" id="all-off">'
        "Oprește tot</button></form>"
    )


def _filed(world: World) -> str:
    environments = world.environments.items()
    total = sum(len(spv.uploads) for _, spv in environments)
    if not total:
        return (
            '<p class="none">Nimic încă. Aici apare tot ce preia simulatorul, '
            "orice i s-ar fi răspuns celui care a trimis.</p>"
        )
    last = [(name, upload) for name, spv in environments for upload in islice(reversed(spv.uploads.values()), FILED)]
    last.sort(key=lambda pair: pair[1].received, reverse=True)
    rows = (_filed_row(name, upload) for name, upload in last[:FILED])
    caption = f"{count(total, 'document depus', 'documente depuse')}{shown(total, FILED)}, cel mai nou primul"
    return _table(caption, ("Factura", "Index", "Stare"), rows)


def _filed_row(environment: str, upload: Upload) -> str:
    document = upload.document
    tone, word = STATES[upload.state]
    number = document.number or f"{upload.standard} la {document.about}"
    why = f"<small>{escape(upload.errors[0][:160])}</small>" if upload.errors else ""
    where = "" if environment == "test" else f" · {environment}"
    parties = f"{document.seller or upload.cif} → {document.buyer or '–'}"
    return (
        f"<td>{escape(number)}<small>{escape(parties)}</small></td>"
        f"<td><code>{upload.index}</code><small>{hour(upload.received)}{where}</small></td>"
        f'<td data-wide><span class="word {tone}">{word}</span>{why}</td>'
    )


def _calls(world: World) -> str:
    entries = world.ledger.entries
    if not entries:
        return '<p class="none">Niciun apel încă.</p>'
    rows = []
    for entry in islice(reversed(entries), CALLS):
        label = scenarios()[entry.scenario].label if entry.scenario in scenarios() else entry.fault
        answer = f"{entry.status}" if entry.status else "fără răspuns"
        tone = "" if entry.status and entry.status < 400 else "bad"
        struck = f'<small class="struck">Scenariu: {escape(label)}</small>' if label else ""
        operation = entry.path.rstrip("/").rpartition("/")[2] or "/"
        rows.append(
            f"<td><code>{escape(operation[:40])}</code><small>{hour(datetime.fromisoformat(entry.time))}</small></td>"
            f'<td><span class="word {tone}">{answer}</span></td>'
            f"<td data-wide>{escape(said(entry.outcome)) or '–'}{struck}</td>"
        )
    caption = "Cel mai nou primul"
    return _table(caption, ("Apel", "Răspuns", "Ce s-a făcut"), rows)


def _people(world: World) -> str:
    companies = {cui: one.name.translate(COMMA_BELOW) for cui, one in world.companies.items()}
    holders = world.authority.certificates
    certificates = []
    for one in holders:
        cifs = world.rights.get(one.serial)
        enrolled = (
            '<span class="word bad">✕ neînrolat</span>' if cifs is None else '<span class="word good">✓ înrolat</span>'
        )
        rights = (
            "<br>".join(f"{escape(companies.get(cif, 'CUI'))} ({cif})" for cif in sorted(cifs or ())) or "niciun drept"
        )
        certificates.append(
            f"<td><code>{one.name}</code><small>{escape(one.common_name)}</small></td>"
            f"<td>{enrolled}</td><td data-wide>{rights}</td>"
        )
    rows = []
    for cui in sorted(companies, key=companies.__getitem__):
        having = [one.name for one in holders if cui in world.rights.get(one.serial, ())]
        company = world.companies[cui]
        facts = (
            "inactivă"
            if company.inactive_from
            else "TVA la încasare"
            if company.vat_on_collection_from
            else ("plătitoare de TVA" if company.vat_from else "neplătitoare de TVA")
        )
        rows.append(
            f"<td data-wide>{escape(companies[cui])}<small>{facts}</small></td><td><code>{cui}</code></td>"
            f"<td>{', '.join(f'<code>{name}</code>' for name in having) or 'nimeni'}</td>"
        )
    return (
        '<div class="pair"><div>'
        + _table(
            "Certificate de probă; parola și PIN-ul sunt 1234",
            ("Certificat", "În SPV", "Drept pe firmele"),
            certificates,
        )
        + "</div><div>"
        + _table("Firmele din registru; toate sunt inventate", ("Firma", "CUI", "Cine are drept"), rows)
        + "</div></div>"
    )


def _table(caption: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def offset(world: World) -> int:
    return round((world.clock.now() - datetime.now(UTC)).total_seconds())
