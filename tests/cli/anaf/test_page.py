"""docs/anaf-cli.md: its examples run as they stand, in one shell, with a person at the browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .conftest import GOOD, port

PAGE = (Path(__file__).parents[3] / "docs" / "anaf-cli.md").read_text()

#: What stands for `punte` on the path, and for the person whom `login --open` sends to ANAF.
PUNTE = '#!/bin/sh\nexec "{python}" -m punte "$@"\n'
PERSON = """\
import json, sys
from pathlib import Path
from punte.cli.browser import Browser
facts = json.load(open("sim.json"))
ilinca = facts["certificates"][0]
with Browser(facts["ca_file"], Path(ilinca["p12"]), ilinca["password"]) as browser:
    assert "Punte a primit" in browser.open(sys.argv[1]).text
"""


def test_the_examples_do_what_the_page_says(tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n(.+?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 5
    script = "\n".join(["set -eu", "trap 'kill $!; wait' EXIT", *blocks]).replace(":8765", f":{port()}")
    shutil.copy(GOOD, tmp_path / "factura.xml")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "punte").write_text(PUNTE.format(python=sys.executable))
    (tmp_path / "bin" / "punte").chmod(0o755)
    (tmp_path / "person.py").write_text(PERSON)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PUNTE_")}
    source = Path(__file__).parents[3] / "src"
    ended = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=inherited
        | {
            "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(source),
            "BROWSER": f"{sys.executable} {tmp_path / 'person.py'} %s &",
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Conectat cu certificatul" in ended.stdout
    assert "sigiliul Ministerului este valabil" in ended.stdout
    assert "FACTURA TRIMISA" in ended.stdout
    assert "de corectat: ['BR-RO-110']" in ended.stdout
    assert '"name": "BRUTĂRIA DIN COLȚ S.R.L."' in ended.stdout
    assert (tmp_path / "arhiva" / "3000000000.xml").read_bytes() == GOOD.read_bytes()
