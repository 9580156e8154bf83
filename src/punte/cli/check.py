"""`punte check`: what ANAF would say of an invoice, offline."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from punte.en16931.rules.rule import Finding, Report
from punte.en16931.ubl.document import NotUbl
from punte.romania import check as judge

ACCEPTED, REFUSED, NOT_UBL = 0, 1, 2


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Un obiect JSON pe linie, pentru fiecare fișier.")
@click.argument("files", metavar="FIȘIER…", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True))
def check(files: tuple[str, ...], as_json: bool) -> None:
    """Verifică facturi UBL după regulile EN 16931 și RO_CIUS, fără rețea.

    FIȘIER este XML-ul facturii sau al notei de creditare; „-” înseamnă intrarea standard.

    Cod de ieșire: 0 nicio eroare fatală, 1 cel puțin una, 2 un fișier nu este o factură UBL.

    \b
        punte check factura.xml
        punte check --json - < factura.xml
    """
    worst = ACCEPTED
    for file in files:
        try:
            report = judge(_read(file))
        except NotUbl as reason:
            worst = NOT_UBL
            _tell_refusal(file, str(reason), as_json=as_json)
            continue
        worst = max(worst, REFUSED if report.fatal or report.structure else ACCEPTED)
        if as_json:
            click.echo(json.dumps(_object(file, report), ensure_ascii=False))
        else:
            _tell(file, report)
    sys.exit(worst)


def _read(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _object(file: str, report: Report) -> dict[str, Any]:
    return {
        "file": file,
        "ruleset": report.ruleset,
        "fatal": sorted({finding.rule for finding in report.fatal}),
        "warning": sorted({finding.rule for finding in report.warnings}),
        "findings": [asdict(finding) for finding in report.findings],
        "structure": [asdict(finding) for finding in report.structure],
    }


def _tell(file: str, report: Report) -> None:
    for finding in (*report.structure, *report.findings):
        click.echo(f"{file}:{finding.line or 0}: {_sentence(finding)}")
    faults, warnings = len(report.fatal) + len(report.structure), len(report.warnings)
    verdict = "ar fi respinsă" if faults else "poate fi trimisă"
    click.echo(f"{file}: {verdict} (erori: {faults}, avertismente: {warnings}; reguli {report.ruleset})", err=True)


def _sentence(finding: Finding) -> str:
    kind = "eroare" if finding.severity == "fatal" else "avertisment"
    parts = [kind, finding.rule, finding.term or "", finding.location]
    if finding.value is not None:
        parts.append(f"„{' '.join(finding.value.split())[:80]}”")
    return " ".join(part for part in parts if part)


def _tell_refusal(file: str, reason: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"file": file, "error": reason}, ensure_ascii=False))
    else:
        click.echo(
            f"{file}: nu este o factură UBL ({reason}). Alegeți XML-ul facturii (Invoice sau CreditNote, UBL 2.1), "
            "nu PDF-ul și nici arhiva ZIP.",
            err=True,
        )
