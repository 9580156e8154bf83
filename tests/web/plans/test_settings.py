"""What the operator sets: a wrong value stops the start and names itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WORD = "import django; django.setup()"


def start(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    usual = {"PUNTE_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "punte.web.config.settings"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PUNTE_")}
    environment |= usual | variables | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run([sys.executable, "-c", WORD], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"PUNTE_OPERATOR_IBAN": "RO00AAAA1B31007593840000"}, "PUNTE_OPERATOR_IBAN"),
        ({"PUNTE_OPERATOR_CUI": "12345"}, "PUNTE_OPERATOR_CUI"),
        ({"PUNTE_SUPPORT_CHAT": "javascript:alert(1)"}, "PUNTE_SUPPORT_CHAT"),
        ({"PUNTE_PLANS": "1", "PUNTE_OPERATOR_IBAN": "RO49AAAA1B31007593840000"}, "PUNTE_OPERATOR_NAME"),
        ({"PUNTE_PLANS": "1", "PUNTE_PLANS_FILE": "/nu/este.toml"}, "PUNTE_PLANS_FILE"),
    ],
)
def test_a_wrong_value_stops_the_start(tmp_path, variables, said):
    done = start(tmp_path, **variables)
    assert done.returncode == 1
    assert said in done.stderr.splitlines()[-1]


def test_a_file_of_plans_is_not_read_while_they_are_off(tmp_path):
    assert start(tmp_path, PUNTE_PLANS_FILE="/nu/este.toml").returncode == 0
