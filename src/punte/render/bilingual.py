"""Two sheets of one invoice as one, the second language beside the first wherever their words differ."""

from __future__ import annotations

from itertools import takewhile, zip_longest
from operator import eq
from typing import Any

from .wording import NBSP

# Dense text says both in its line, `CUI / Tax ID RO 41287658`, its parts joined by what is given here.
# Elsewhere the second stands apart, for the template to set smaller.
DENSE = {"parties": "\n", "details": " · "}
APART = {"role"}


def beside(first: Any, second: Any, *, joint: str = "") -> Any:
    """`first` with the words of `second` beside its own: a pair `{"first", "second"}`, or one text where dense.

    What both say alike (names, amounts, dates, the words of the document) stays as it is, once.
    """
    if isinstance(first, dict):
        return {
            key: beside(value, second[key], joint="" if key in APART else DENSE.get(key, joint))
            for key, value in first.items()
        }
    if isinstance(first, list):
        # Of different lengths where the document itself says in one language what a legend of ours would.
        return [beside(a or b, b or a, joint=joint) for a, b in zip_longest(first, second)]
    if not isinstance(first, str) or first == second:
        return first
    if joint:
        return _dense(first, second, joint)
    number, space, unit = second.partition(NBSP)  # `4 ore hours`: the number of a quantity is said once
    return {"first": first, "second": unit if space and first.startswith(number + space) else second}


def _dense(first: str, second: str, joint: str) -> str:
    """`Cod / Code AB-12 · Culoare: verde` of `Cod AB-12 · Culoare: verde` and `Code AB-12 · Culoare: verde`."""
    ours, theirs = first.split(" · "), second.split(" · ")
    if len(ours) != len(theirs):
        return f"{first} / {second}"
    return joint.join(a if a == b else _once(a, b) for a, b in zip(ours, theirs, strict=True))


def _once(first: str, second: str) -> str:
    """The words that begin or end both are said once: `CUI / Tax ID RO 41287658`."""
    ours, theirs = first.split(), second.split()
    tail = sum(takewhile(bool, map(eq, reversed(ours), reversed(theirs))))
    name = ours[: len(ours) - tail]
    if tail and name and not any(map(str.isdigit, "".join(name))):
        return " ".join([*name, "/", *theirs[: len(theirs) - tail], *ours[len(ours) - tail :]])
    return f"{first} / {second}"
