"""The kernel's process: ipykernel without its debugger, whose loading takes as long as the rest of its start.

Python runs this file as a script, so that nothing of this package is loaded where the author's code runs. Its
first argument is the file that the render keeps locked: a kernel ends with its render, however that ended.
(The kernel's own look at its parent comes once a second, and some orphans escape it.)
"""

import os
import sys
import threading
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: the kernel's own look has to do
    fcntl = None  # type: ignore[assignment]


def end_with_render(in_use: Path) -> None:
    """Wait until the render has ended; then this process, a kernel no more, removes what it left and ends."""
    try:
        lock = os.open(in_use, os.O_RDWR)
    except OSError:
        os._exit(1)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:  # a file system without locks
        return
    os.execlp("rm", "rm", "-rf", "--", str(in_use.parent))


def main() -> None:
    """Run a kernel as the command line says, until it is told to stop."""
    in_use = Path(sys.argv.pop(1))
    if fcntl is not None:
        threading.Thread(target=end_with_render, args=(in_use,), daemon=True).start()
    # Python searches a script's folder first; the author's code is not to find our modules there.
    if sys.path and Path(sys.path[0]).resolve() == Path(__file__).resolve().parent:
        del sys.path[0]
    # Where no debugger is installed ipykernel does without. A module that is None counts as not installed.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    import ipykernel.debugger  # noqa: F401  (it looks once, now)

    del sys.modules["debugpy"]
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    main()
