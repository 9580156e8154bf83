"""Python's clock off by `CHAOS_SKEW` seconds, for a worker whose host has it wrong. The product knows nothing of it."""

import datetime
import os
import time

_skew = float(os.environ.get("CHAOS_SKEW", "0"))
if _skew:
    _real, _time, _time_ns = datetime.datetime, time.time, time.time_ns
    time.time = lambda: _time() + _skew
    time.time_ns = lambda: _time_ns() + int(_skew * 1e9)

    class _Kind(type):
        def __instancecheck__(cls, value):
            return isinstance(value, _real)

    class _Shifted(_real, metaclass=_Kind):
        @classmethod
        def now(cls, tz=None):
            return _real.fromtimestamp(_time() + _skew, tz)

        @classmethod
        def utcnow(cls):
            return cls.now(datetime.UTC).replace(tzinfo=None)

    datetime.datetime = _Shifted
