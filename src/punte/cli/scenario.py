"""`punte anafsim scenario`: the bad days of a simulator that is running, switched on and off by name."""

from __future__ import annotations

import json
from typing import Any

import click

CONTROL = "http://127.0.0.1:8443"
SILENT = (
    "La {control} nu răspunde niciun simulator. Porniți-l cu `punte anafsim`, sau dați cu --control adresa „comenzi” "
    "pe care o afișează la pornire."
)


def read_scenario(text: str) -> tuple[str, dict[str, Any]]:
    """`slow` or `slow:seconds=5,minutes=10`: the name and its dials. Raises ValueError for another form."""
    name, _, dials = text.partition(":")
    return name, read_dials(dials.split(",") if dials else [])


def read_dials(pairs: list[str] | tuple[str, ...]) -> dict[str, Any]:
    """`seconds=5`, …: numbers and booleans as in JSON, the rest as text. Raises ValueError for another form."""
    dials: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not (key and equals and value):
            raise ValueError(f"„{pair}” nu este de forma nume=valoare, de exemplu seconds=5")
        try:
            dials[key] = json.loads(value)
        except ValueError:
            dials[key] = value
    return dials


@click.group()
@click.option("--control", default=CONTROL, show_default=True, metavar="URL", help="The simulator's control address.")
@click.pass_context
def scenario(context: click.Context, control: str) -> None:
    """Switch the bad days of a running simulator on and off.

    \b
        punte anafsim scenario list
        punte anafsim scenario on slow seconds=5 minutes=10
        punte anafsim scenario off
    """
    context.obj = control.rstrip("/")


@scenario.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON: every scenario with what it does.")
@click.pass_obj
def list_scenarios(control: str, as_json: bool) -> None:
    """List the scenarios; those that are on have a mark."""
    found = _ask(control, "GET", "/scenarios")["scenarios"]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    group = None
    for one in found:
        if one["group"] != group:
            group = one["group"]
            click.echo(f"{group}")
        mark = "pornit" if one["on"] else ""
        click.echo(f"  {mark:6}  {one['name']:20}  {', '.join([one['label'], *one['codes']])}")


@scenario.command()
@click.argument("name")
@click.argument("dials", nargs=-1, metavar="[KEY=VALUE]...")
@click.pass_obj
def on(control: str, name: str, dials: tuple[str, ...]) -> None:
    """Switch one on; KEY=VALUE changes what its row says, for instance seconds=5."""
    try:
        asked = {"name": name, **read_dials(dials)}
    except ValueError as reason:
        raise click.BadParameter(str(reason)) from reason
    _tell(_ask(control, "POST", "/scenarios", asked))


@scenario.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.pass_obj
def off(control: str, names: tuple[str, ...]) -> None:
    """Switch some off; without a name, all."""
    for path in [f"/scenarios/{name}" for name in names] or ["/scenarios"]:
        answer = _ask(control, "DELETE", path)
    _tell(answer)


def _tell(answer: dict[str, Any]) -> None:
    click.echo(f"Pornite: {', '.join(answer['on'])}" if answer["on"] else "Niciun scenariu pornit.")


def _ask(control: str, method: str, path: str, value: Any = None) -> dict[str, Any]:
    import httpx2

    try:
        answer = httpx2.Client(trust_env=False, timeout=10).request(method, control + path, json=value)
    except (httpx2.TransportError, httpx2.InvalidURL) as reason:
        raise click.ClickException(SILENT.format(control=control)) from reason
    said: dict[str, Any] = answer.json()
    if answer.status_code != 200:
        raise click.ClickException(str(said["error"]))
    return said
