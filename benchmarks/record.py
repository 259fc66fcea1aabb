"""What the benchmarks share: what they ran on, and the part of this folder's README that each writes."""

from __future__ import annotations

import os
import platform
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

README = Path(__file__).with_name("README.md")


def measured_on(*packages: str) -> str:
    """Return what all figures depend on: the day, processor, memory, and versions of Python and packages."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    facts = [
        model or platform.machine(),
        f"{os.cpu_count()} cores",
        f"{memory:.0f} GiB",
        platform.system(),
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in packages),
    ]
    return f"Measured on {date.today().isoformat()}: {', '.join(facts)}"


def add_up(millions: int) -> float:
    """Return the processor's seconds for so many million additions: shared machines differ by the minute."""
    began, total = time.process_time(), 0
    for number in range(millions * 1_000_000):
        total += number
    return time.process_time() - began


def write(script: str, tables: str, readme: Path = README) -> None:
    """Put a script's tables into the README, between its two marks.

    Raises
    ------
    SystemExit
        If a mark is not there.
    """
    begin, end = (f"<!-- {script} writes {way} here -->\n" for way in ("from", "to"))
    before, begun, rest = readme.read_text(encoding="utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not begun or not ended:
        raise SystemExit(f"{readme.name} lost a mark: {begin}or {end}")
    readme.write_text(before + begin + tables + end + after, encoding="utf-8")
