"""The kernel's process: ipykernel without its debugger, whose loading takes as long as the rest of its start.

Python runs this file as a script, so that nothing of this package is loaded where the author's code runs. Its
first argument is the kernel's workspace. Its standard input is a pipe that the render holds open: a kernel
ends with its render, however that ended.
"""

import gc
import json
import os
import sys
import threading
from pathlib import Path


def end_with_render(pipe: int, workspace: str) -> None:
    """Wait until the render has ended; then this process, a kernel no more, removes what it left and ends."""
    os.read(pipe, 1)
    if os.name == "posix":
        os.execlp("rm", "rm", "-rf", "--", workspace)
    os._exit(1)


def take_input() -> int:
    """Return the pipe on standard input, in whose place the author's code and its commands read nothing."""
    pipe = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return pipe


def main() -> None:
    """Run a kernel as the command line says, until it is told to stop."""
    workspace = sys.argv.pop(1)
    threading.Thread(target=end_with_render, args=(take_input(), workspace), daemon=True).start()
    # Python searches a script's folder first; the author's code is not to find our modules there.
    if sys.path and Path(sys.path[0]).resolve() == Path(__file__).resolve().parent:
        del sys.path[0]
    # A session this short needs little tidying: Python's usual eagerness takes a tenth of its time.
    gc.set_threshold(50_000, 20, 50)
    # Where no debugger is installed ipykernel does without. A module that is None counts as not installed.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    import ipykernel.debugger  # noqa: F401  (it looks once, now)

    del sys.modules["debugpy"]
    from ipykernel.kernelapp import launch_new_instance

    send_any_text()
    launch_new_instance()


def send_any_text() -> None:
    """Let the kernel send half of a surrogate pair as "?"; otherwise it sends nothing, and is waited for."""
    from jupyter_client import jsonutil, session

    pack = session.Session.pack.default_value

    def packed(message: object) -> bytes:
        try:
            return bytes(pack(message))
        except UnicodeEncodeError:
            text = json.dumps(message, default=jsonutil.json_default, ensure_ascii=False, allow_nan=False)
            return text.encode("utf-8", "replace")

    session.Session.pack.default_value = packed


if __name__ == "__main__":
    main()
