"""Not faster than so many seconds a call. Source: docs/anaf/limits.md, "How often"."""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class Pace:
    """`seconds` between the starts of two calls, for all threads that hold the same Pace."""

    seconds: float
    _free_at: float = field(default=float("-inf"), repr=False)  # on the monotonic clock
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def wait(self) -> None:
        """Sleep until the next call may start; callers get their turn in the order they asked."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._free_at)
            self._free_at = turn + self.seconds
        time.sleep(turn - now)
