"""The second judge: fetched when many wait, of one mind with the first, and dispensable."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from punte.anafsim import NotTaken, Simulator
from punte.anafsim.judge import by_the_rules
from punte.anafsim.second_judge import QUEUE, Gone, SecondJudge

from .conftest import CALLBACK, SRL, Visitor, invoice, valid


@pytest.fixture
def second() -> Iterator[SecondJudge]:
    judge = SecondJudge()
    yield judge
    judge.close()


def test_the_two_are_of_one_mind(second: SecondJudge) -> None:
    broken = valid().replace(b'<cbc:PayableAmount currencyID="RON">', b'<cbc:PayableAmount currencyID="RON">9')
    for xml in (valid(), broken):
        assert second.ahead(xml).result(30) == by_the_rules(xml)
    assert by_the_rules(broken)
    with pytest.raises(NotTaken):
        second.ahead(invoice()).result(30)


def test_who_is_gone_says_so(second: SecondJudge) -> None:
    second.ahead(valid()).result(30)
    assert second._process
    os.kill(second._process.pid, signal.SIGKILL)
    second._process.wait()
    with pytest.raises(Gone):
        second.ahead(valid()).result(30)


def test_a_queue_is_judged_to_the_end_even_when_he_dies(tmp_path: Path) -> None:
    with Simulator(tmp_path, processing=3600, callbacks=[CALLBACK]) as sim:
        visitor = Visitor(sim, "ilinca", tmp_path / "ilinca.pem")
        visitor.connect()
        for n in range(QUEUE):
            visitor.upload(valid(f"EX-{n}"), cif=SRL)
        second = sim.world.second_judge
        assert second
        assert second._process is None  # up to here nobody needed him
        for n in range(QUEUE, QUEUE + 20):
            visitor.upload(valid(f"EX-{n}"), cif=SRL)
        ahead = [upload.ahead for upload in sim.world.environments["test"].uploads.values() if upload.ahead]
        assert len(ahead) == 20
        assert ahead[0].result(30) == []
        assert second._process
        os.kill(second._process.pid, signal.SIGKILL)
        visitor.advance(3600)
        assert [one["state"] for one in sim.filed] == ["ok"] * (QUEUE + 20)
        visitor.http.close()
