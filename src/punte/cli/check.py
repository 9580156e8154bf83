"""`punte check`: what ANAF would say of an invoice, offline."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import click

from punte.romania.cius.rulesets import EDITIONS

from .sources import Source, sources
from .verdict import Asked, Language, Status, Verdict, verdict_of

#: From here on: a progress bar, one process a core, and a line only for what would be refused.
MANY = 50


def _list_rulesets(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        for edition in EDITIONS:
            click.echo(f"{edition.name}\tde la {edition.since:%d.%m.%Y}")
        context.exit()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Un obiect JSON pe linie, pentru fiecare fișier.")
@click.option("--explain", is_flag=True, help="Sub fiecare constatare: ce este, de ce, ce faceți.")
@click.option("--language", type=click.Choice(["ro", "en"]), default="ro", help="Limba explicațiilor.")
@click.option("--strict", is_flag=True, help="Și ce regulile oficiale nu verifică: calcule, cote, CUI, IBAN.")
@click.option("--unmodelled", is_flag=True, help="Și ce nu păstrează Punte din fișier la citire.")
@click.option("--ruleset", metavar="EDIȚIE", help="Ediția regulilor; implicit, cea din ziua facturii.")
@click.option("--rulesets", is_flag=True, is_eager=True, expose_value=False, callback=_list_rulesets,
              help="Edițiile de reguli cunoscute.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), help=f"Procese, de la {MANY} de fișiere; implicit, câte nuclee.")
@click.argument("files", metavar="FIȘIER…", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True))
def check(
    files: tuple[str, ...],
    as_json: bool,
    explain: bool,
    language: Language,
    strict: bool,
    unmodelled: bool,
    ruleset: str | None,
    jobs: int | None,
) -> None:
    """Verifică facturi UBL după regulile EN 16931 și RO_CIUS, fără rețea.

    FIȘIER este XML-ul facturii sau al notei de creditare, un ZIP (de la ANAF sau cu mai multe facturi) ori un dosar
    cu astfel de fișiere; „-” înseamnă intrarea standard.

    Cod de ieșire: 0 nicio eroare fatală, 1 cel puțin una, 2 un fișier nu este o factură UBL.

    \b
        punte check factura.xml
        punte check --explain --strict factura.xml
        punte check --json facturi/ > rezultat.jsonl
        punte check --json - < factura.xml
    """
    if ruleset and ruleset not in {edition.name for edition in EDITIONS}:
        known = ", ".join(edition.name for edition in EDITIONS)
        raise click.BadParameter(f"nu există ediția „{ruleset}”; există: {known}.", param_hint="--ruleset")
    asked = Asked(ruleset, strict, language if explain else None, unmodelled, as_json)
    documents = list(sources(files))
    many = len(documents) >= MANY
    began, outcomes = time.monotonic(), Counter[Status]()
    with _progress(len(documents), shown=many) as step:
        for verdict in _judged(asked, documents, (jobs or os.cpu_count() or 1) if many else 1):
            outcomes[verdict.status] += 1
            if verdict.told:
                click.echo(verdict.told)
            if verdict.talk and not (many and verdict.status is Status.ACCEPTED):
                click.echo(verdict.talk, err=True)
            step()
    if len(documents) > 1:
        click.echo(_summary(outcomes, time.monotonic() - began), err=True)
    sys.exit(max(outcomes))


def _judged(asked: Asked, documents: list[Source], processes: int) -> Iterator[Verdict]:
    """The verdicts, in the order of the documents."""
    if processes == 1:
        yield from map(partial(verdict_of, asked), documents)
        return
    from concurrent.futures import ProcessPoolExecutor  # a third of the start of `punte check`

    portion = max(1, min(32, len(documents) // (processes * 4)))
    pool = ProcessPoolExecutor(processes)
    try:
        yield from pool.map(partial(verdict_of, asked), documents, chunksize=portion)
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _progress(total: int, *, shown: bool) -> Iterator[Callable[[], None]]:
    """A bar on standard error, where somebody looks at it."""
    if not (shown and sys.stderr.isatty()):
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Verific"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def _summary(outcomes: Counter[Status], seconds: float) -> str:
    words = {
        Status.ACCEPTED: "fără erori",
        Status.REFUSED: "cu erori",
        Status.NOT_UBL: "nu sunt facturi UBL",
    }
    counts = ", ".join(f"{word}: {outcomes[status]}" for status, word in words.items())
    return f"documente: {outcomes.total()} ({counts}); {seconds:.1f} s".replace(".", ",")
