import threading
import time

from punte.anaf.pace import Pace


def test_calls_start_apart_whichever_thread_makes_them():
    pace, starts = Pace(0.1), []

    def call() -> None:
        pace.wait()
        starts.append(time.monotonic())

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    starts.sort()
    assert starts[-1] - starts[0] >= 0.29  # three pauses of 0.1 s between four calls, less what a timer rounds


def test_a_pause_that_has_passed_is_not_waited_for():
    pace = Pace(0.5)
    pace.wait()
    time.sleep(0.5)
    began = time.monotonic()
    pace.wait()
    assert time.monotonic() - began < 0.4
