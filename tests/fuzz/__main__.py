"""`make fuzz COUNT=100000 SEED=1`: hostile files of up to 10 MB, then mutants, in a child with a limit of memory.

The mutant `n` of a seed is always the same bytes. What fails is kept under var/fuzz, and the run exits 1.
"""

import argparse
import multiprocessing
import sys
import time
from collections import Counter

from fuzz.batch import limit, try_batch

BATCH = 1000
LONGEST_BATCH = 1800  # seconds: something hangs


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    arguments.add_argument("--count", type=int, default=100_000, help="mutants")
    arguments.add_argument("--seed", default=str(time.time_ns()))
    asked = arguments.parse_args()
    print(f"seed {asked.seed}, {asked.count} mutants", flush=True)
    began, total = time.monotonic(), Counter[str]()
    batches = [(asked.seed, -1, 0)]
    batches += [(asked.seed, n, min(asked.count, n + BATCH)) for n in range(0, asked.count, BATCH)]
    context = multiprocessing.get_context("spawn")
    with context.Pool(1, initializer=limit, maxtasksperchild=20) as pool:
        for n, batch in enumerate(batches):
            total.update(pool.apply_async(try_batch, batch).get(LONGEST_BATCH))
            if sys.stderr.isatty() or n % 20 == 19:
                print(f"{total['tried']} tried, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(", ".join(f"{what}: {count}" for what, count in sorted(total.items())))
    print(f"{time.monotonic() - began:.0f} s in all")
    sys.exit(bool(total["failed"]))


if __name__ == "__main__":
    main()
