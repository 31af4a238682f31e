"""Admission: how many handshakes a second are taken, and how late the event loop runs."""

import asyncio
import random
from collections import deque
from math import ceil
from time import monotonic


class Gate:
    """A token bucket on handshakes. Who is refused is told to come back, spread over the time the queue needs."""

    def __init__(self, per_second: float, burst: float | None = None) -> None:
        self.per_second = per_second
        self.burst = burst or max(1.0, per_second / 5)
        self.refused = 0
        self._tokens = self.burst
        self._queue = 0.0
        self._stamp = monotonic()

    def knock(self) -> int:
        """0: come in. Otherwise the seconds after which to try again."""
        now = monotonic()
        gained = (now - self._stamp) * self.per_second
        self._stamp = now
        self._tokens = min(self.burst, self._tokens + gained)
        self._queue = max(0.0, self._queue - gained)
        if self._tokens >= 1:
            self._tokens -= 1
            return 0
        self.refused += 1
        self._queue += 1
        return ceil(random.uniform(0.1, 1 + self._queue / self.per_second))  # noqa: S311 (spreads load, hides nothing)


class Lag:
    """How late timers fire: the measure of whether anything blocks the loop."""

    EVERY = 0.05

    def __init__(self) -> None:
        self.seen: deque[float] = deque(maxlen=2000)

    async def watch(self) -> None:
        """Sample until cancelled. What should have fired during a block counts as late too."""
        loop = asyncio.get_running_loop()
        due = loop.time() + self.EVERY
        while True:
            await asyncio.sleep(max(0.0, due - loop.time()))
            now = loop.time()
            while due <= now:
                self.seen.append(now - due)
                due += self.EVERY

    def p99(self) -> float:
        """Milliseconds that 99 of 100 samples stayed below."""
        ordered = sorted(self.seen)
        return 1000 * ordered[int(len(ordered) * 0.99)] if ordered else 0.0
