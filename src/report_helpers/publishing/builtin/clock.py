"""Tell the caller what is being done, and remember how long it took."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Progress = Callable[[str, str, float | None], None]
"""Called with a stage, a detail, and the seconds it took; None while it is under way."""


@dataclass
class Clock:
    """Time stages, from several threads if need be."""

    progress: Progress | None
    timings: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, stage: str, detail: str, seconds: float | None = None) -> None:
        """Tell the caller."""
        if self.progress:
            with self._lock:
                self.progress(stage, detail, seconds)

    @contextmanager
    def stage(self, name: str, detail: str = "") -> Iterator[None]:
        """Time what is done within, and tell the caller when it is done."""
        start = time.monotonic()
        yield
        self.timings[name] = time.monotonic() - start
        self.say(name, detail, self.timings[name])
