from collections.abc import Callable
from pathlib import Path

import pytest

from punte.en16931.rules.en16931 import EN16931_1_3_8
from punte.en16931.ubl.document import parse

DOCUMENTS = Path(__file__).parents[2] / "data" / "ubl" / "examples"


@pytest.fixture(scope="session")
def rules_broken() -> Callable[..., list[str]]:
    """Edit a sound document, text by text, and name the rules of EN 16931 that it then breaks."""

    def judge(*edits: tuple[str, str], of: str = "minimal-invoice") -> list[str]:
        xml = (DOCUMENTS / f"{of}.xml").read_text(encoding="utf-8")
        for old, new in edits:
            assert old in xml, f"{old} is not in the document"
            xml = xml.replace(old, new, 1)
        return sorted({finding.rule for finding in EN16931_1_3_8.findings(parse(xml.encode()))})

    return judge
