from collections.abc import Callable
from pathlib import Path

import pytest

from punte.romania import check

DOCUMENTS = Path(__file__).parents[2] / "data" / "ubl" / "examples"


@pytest.fixture(scope="session")
def rules_broken() -> Callable[..., list[str]]:
    """Edit a sound document, text by text, and name the official rules that it then breaks."""

    def judge(*edits: tuple[str, str], of: str = "minimal-invoice") -> list[str]:
        xml = (DOCUMENTS / f"{of}.xml").read_text(encoding="utf-8")
        for old, new in edits:
            assert old in xml, f"{old} is not in the document"
            xml = xml.replace(old, new, 1)
        return sorted({finding.rule for finding in check(xml.encode()).findings})

    return judge
