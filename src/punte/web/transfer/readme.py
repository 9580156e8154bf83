"""What stands in the leaving kit, told to whoever opens it: in Romanian and in English."""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string
from django.utils.translation import override

from punte.web.firms.models import Firm


def files(firm: Firm, today: date) -> list[tuple[str, bytes]]:
    found = []
    for language, name in (("ro", "CITESTE-MA.txt"), ("en", "README.txt")):
        with override(language):
            text = render_to_string("transfer/readme.txt", {"firm": firm, "today": today})
        found.append((name, text.encode()))
    return found
