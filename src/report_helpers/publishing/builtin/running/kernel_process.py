"""The kernel's process: ipykernel without its debugger, whose loading takes as long as the rest of its start.

Python runs this file as a script, so that nothing of this package is loaded where the author's code runs.
"""

import sys
from pathlib import Path


def main() -> None:
    """Run a kernel as the command line says, until it is told to stop."""
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
