"""docs/anafsim.md is true: its commands run as they stand, its tables are those of the code."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from punte.anafsim.faults import GROUPS, OPERATIONS, Kind
from punte.anafsim.scenarios import Scenario, scenarios

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "anafsim.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
EXPECTED = re.compile(r"^# → (.*)$", re.MULTILINE)


def row(one: Scenario) -> str:
    """A scenario as the page's table has it."""
    lasts = f"{one.minutes / 60:g} h" if one.minutes else "until off" if one.calls is None else f"{one.calls} call"
    lasts += "s" if (one.calls or 0) > 1 and not one.minutes else ""
    return f"| `{one.name}` | {one.sees} | {one.filed} | {lasts} | {', '.join(one.codes) or '–'} | {one.known} |"


def test_the_table_of_scenarios_is_that_of_the_code() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| `[a-z-]+` \|.*\|.*\|.*\|.*\|.*\|$", line)]
    assert rows[1:] == [row(one) for one in scenarios().values()]


def test_the_table_of_faults_and_the_operations_are_those_of_the_code() -> None:
    table = PAGE.partition("| `kind` |")[2].partition("\n\n")[0]
    firsts = " ".join(line.split("|")[1] for line in table.splitlines()[2:])
    assert [name for name in re.findall(r"`([a-z_]+)`", firsts) if name in set(Kind)] == sorted(
        Kind, key=lambda kind: firsts.index(f"`{kind}`")
    )
    named = PAGE.partition("`operation` is one of ")[2].partition(". A fault strikes once")[0]
    assert re.findall(r"`([^`]+)`", named) == [*OPERATIONS, *list(GROUPS)[1:], "*"]


@pytest.mark.timeout(180)
def test_the_commands_run_as_they_stand(tmp_path: Path) -> None:
    """In one shell, in an empty folder; each `# →` is found in what came since the one before it."""
    programs = tmp_path / "programs"
    programs.mkdir()
    punte = programs / "punte"
    punte.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from punte.cli import main; main()" "$@"\n')
    punte.chmod(0o755)
    (programs / "python3").symlink_to(sys.executable)
    script = "\n".join(f"printf '\\n@@ {number}\\n'\n{block}" for number, block in enumerate(BLOCKS))
    path = f"{programs}:/usr/local/bin:/usr/bin:/bin"
    folder = tmp_path / "empty"
    folder.mkdir()
    shell = subprocess.Popen(
        ["bash", "-eu", "-c", script],
        cwd=folder,
        env={"PATH": path, "PYTHONPATH": str(ROOT / "src"), "HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        told, _ = shell.communicate(timeout=150)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)  # the simulator too, when the script stopped before its last line
    assert shell.returncode == 0, told
    said = re.split(r"^@@ \d+\n", told, flags=re.MULTILINE)[1:]
    assert len(said) == len(BLOCKS) > 5, told
    for number, block in enumerate(BLOCKS):
        place = 0
        for expected in EXPECTED.findall(block):
            found = said[number].find(expected, place)
            assert found >= 0, f"{expected!r} is not in what followed of\n{said[number][place:]}"
            place = found + len(expected)
