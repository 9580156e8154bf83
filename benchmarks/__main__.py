"""`make bench`: every benchmark of this folder, as a table; `ARGS=--json` for machines."""

from __future__ import annotations

import json
import sys

from . import documents, judge, many, official, paper, simulator


def main() -> None:
    results = {
        module.__name__.split(".")[-1]: module.run() for module in (judge, official, documents, paper, simulator, many)
    }
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
