"""Whose turn it is. Steps here are letters: the firm that takes them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from punte.web.work.turns import Turns

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Queue:
    """So many steps wait of each firm; carrying one out writes the firm down."""

    def __init__(self, name: str, waiting: dict[int, int], done: list[str]) -> None:
        self.name, self.waiting, self.done = name, Counter(waiting), done

    def firms(self, now):
        return [firm for firm, steps in self.waiting.items() if steps]

    def take(self, firm_id, now):
        if not self.waiting[firm_id]:
            return None  # another worker was first
        self.waiting[firm_id] -= 1
        return lambda clock: self.done.append(f"{self.name}{firm_id}")


def worked_off(turns: Turns) -> None:
    while step := turns.next(NOW):
        step(lambda: NOW)


def test_each_firm_has_one_step_a_round_whatever_waits_behind_it():
    done: list[str] = []
    worked_off(Turns([Queue("a", {1: 4, 2: 1, 3: 2}, done)]))
    assert done == ["a1", "a2", "a3", "a1", "a3", "a1", "a1"]


def test_each_kind_of_step_has_its_turn_in_the_round():
    done: list[str] = []
    worked_off(Turns([Queue("a", {1: 2, 2: 1}, done), Queue("b", {1: 1, 3: 1}, done)]))
    assert done == ["a1", "a2", "b1", "b3", "a1"]


def test_a_firm_with_one_invoice_waits_two_rounds_at_most_wherever_it_comes_in():
    busy = dict.fromkeys(range(1, 101), 1000)
    for arrives in range(0, 250, 7):  # after so many steps of others
        done: list[str] = []
        queue = Queue("a", busy, done)
        turns = Turns([queue])
        for _ in range(arrives):
            turns.next(NOW)(lambda: NOW)
        queue.waiting[777] = 1
        before = len(done)
        while "a777" not in done:
            turns.next(NOW)(lambda: NOW)
        assert len(done) - before <= 2 * (len(busy) + 1)


def test_what_another_worker_took_meanwhile_is_passed_over():
    done: list[str] = []
    queue = Queue("a", {1: 1, 2: 2}, done)
    turns = Turns([queue])
    turns.next(NOW)(lambda: NOW)
    queue.waiting[2] -= 1
    worked_off(turns)
    assert done == ["a1", "a2"]
    assert turns.next(NOW) is None
