"""`make chaos COUNT=1000 KILLS=50 SEED=1 WORKERS=4 DATABASE=sqlite|postgres`: exits 1 on any difference.

The plan of what goes wrong is a function of these five; it is written to plan.json beside the logs before anything
happens. What the processes make of it differs from run to run, as their timing does.
"""

import argparse
import sys
import time
from pathlib import Path

from chaos.run import report, run
from chaos.run import sized as size_of


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    arguments.add_argument("--count", type=int, default=1000, help="invoices")
    arguments.add_argument("--kills", type=int, default=50, help="times that a worker is killed")
    arguments.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
    arguments.add_argument("--workers", type=int, default=4)
    arguments.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    arguments.add_argument("--seconds", type=float, help="for so long invoices come and things go wrong")
    arguments.add_argument("--dir", type=Path, help="where everything is kept; var/chaos/… by default")
    asked = arguments.parse_args()
    directory = asked.dir or Path("var/chaos") / f"{asked.database}-{asked.seed}-{time.strftime('%Y%m%d-%H%M%S')}"
    size = size_of(asked.count, asked.kills, asked.seed, asked.workers, asked.seconds)
    found = run(directory.resolve(), size, asked.database, say=True)
    print(report(found))
    sys.exit(bool(found["differences"]))


if __name__ == "__main__":
    main()
