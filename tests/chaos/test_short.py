"""A short share of `make chaos`: the same plan, world and comparison, smaller and always of the same seed."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from chaos import plan
from chaos.run import report, run, sized

SHORT = replace(sized(60, 12, seed=7, workers=3, seconds=9), pace=0.002, lease=3, by_web=2)


def test_the_plan_is_a_function_of_the_seed():
    assert plan.plan(SHORT, "sqlite") == plan.plan(SHORT, "sqlite")
    assert plan.plan(SHORT, "sqlite") != plan.plan(replace(SHORT, seed=8), "sqlite")
    kinds = [one.kind for one in plan.plan(SHORT, "sqlite")]
    assert kinds.count("kill") == SHORT.kills
    assert {one.facts.get("called") for one in plan.plan(SHORT, "sqlite")} >= set(plan.ANAF)


@pytest.mark.timeout(300)
@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="workers are watched and struck through Linux's /proc")
def test_sixty_invoices_and_twelve_kills_leave_both_ledgers_alike(tmp_path):
    found = run(tmp_path / "chaos", SHORT, "sqlite")

    assert not found["differences"], report(found)
    assert found["done"]["events"]["kill"] == SHORT.kills
    assert found["counts"]["accepted"] > 40
    assert found["counts"]["doubts"] > 0, "nothing was ever in doubt: nothing was tried"
    assert sum(found["struck"].values()) > 10
    assert json.loads((tmp_path / "chaos" / "plan.json").read_text())["seed"] == SHORT.seed
