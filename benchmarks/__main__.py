"""`make bench`: every benchmark of this folder, as a table; `ARGS=--json` for machines."""

from __future__ import annotations

import json
import sys

from . import client, documents, judge, many, official, pages, paper, simulator

MODULES = (judge, official, documents, paper, client, simulator, many, pages)


def main() -> None:
    results = {module.__name__.split(".")[-1]: module.run() for module in MODULES}
    if "--json" in sys.argv:
        print(json.dumps(results, indent=1))
        return
    for name, rows in results.items():
        print(f"\n{name}")
        for entry in rows:
            number = "" if entry["value"] is None else f"{entry['value']:>10.2f} {entry['unit']}"
            print(f"  {entry['what']:<52} {number}".rstrip())


if __name__ == "__main__":  # processes of `many` import this module
    main()
