"""A company's number as ANAF takes it. Source: docs/anaf/upload.md, "CIF"."""

import re


def digits(cif: str) -> str:
    """The digits alone; anything that is neither digits, white space nor the prefix RO is left for ANAF to judge.

    >>> digits(" RO 1234 ")
    '1234'
    """
    return re.sub(r"^RO(?=\d)", "", "".join(cif.split()).upper())
