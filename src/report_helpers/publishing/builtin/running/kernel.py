"""The process of a Python kernel, which needs nothing installed elsewhere and leaves nothing behind.

Only the standard library is loaded here, so that a render can launch the kernel before it loads its own
parts: the two then get ready side by side.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..scratch import scratch_directory
from . import kernel_process

_LONGEST_SOCKET = 100
"""Sockets have a short limit on their path: 108 bytes on Linux, 104 on macOS."""

_PORTS = ("shell", "iopub", "stdin", "hb", "control")

_ARGUMENTS = (
    "--InlineBackend.figure_formats={'svg','png'}",
    "--InlineBackend.print_figure_kwargs={'bbox_inches':'tight','dpi':300,'metadata':{'Date':None}}",
    "--HistoryManager.enabled=False",
    "--IPKernelApp.log_level=50",
)
"""Pictures are drawn twice from one run: as SVG for HTML and PDF, and as 300-dpi PNG for Word, undated."""

_MATPLOTLIBRC = """\
figure.figsize: {width}, {height}
figure.dpi: 96
savefig.dpi: figure
svg.hashsalt: manuscript
"""


@dataclass(frozen=True)
class Kernel:
    """A kernel that was launched, ready or not.

    Attributes
    ----------
    process : subprocess.Popen
        It ends with this process, however that ends.
    workspace : Path
        Directory of the kernel's own files.
    """

    process: subprocess.Popen[bytes]
    workspace: Path

    @property
    def running(self) -> bool:
        """Whether the process has not ended."""
        return self.process.poll() is None

    @property
    def connection_file(self) -> Path:
        """Where the kernel says, once it is ready, how it is reached."""
        return self.workspace / "kernel.json"

    def set_figure_size(self, width: float, height: float) -> None:
        """Set the size of drawings, in inches, whose code does not say; before any code is run."""
        settings = _MATPLOTLIBRC.format(width=width, height=height)
        _matplotlibrc(self.workspace).write_text(settings, encoding="utf-8")

    def end(self) -> None:
        """End the process, what it started included, and wait until it is gone."""
        if self.running and os.name == "posix":
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()


def launch(workspace: Path, directory: Path, environment: Mapping[str, str]) -> Kernel:
    """Launch a kernel, without waiting for it.

    On POSIX it is reached through sockets in the file system, so that no network, not even the loopback one,
    is needed.

    Parameters
    ----------
    workspace : Path
        An absolute path, for the kernel's own files.
    directory : Path
        Where the code runs.
    environment : mapping
        Environment variables in addition to this process's.

    Raises
    ------
    OSError
        If Python or the directory is not there.
    """
    program = [sys.executable, kernel_process.__file__, str(workspace)]
    command = [*program, "-f", str(workspace / "kernel.json"), *_ARGUMENTS]
    sockets = workspace / "k"
    if os.name == "posix" and len(os.fsencode(f"{sockets}-1")) < _LONGEST_SOCKET:
        command += ["--IPKernelApp.transport=ipc", f"--IPKernelApp.ip={sockets}"]
        command += [f"--IPKernelApp.{name}_port={port}" for port, name in enumerate(_PORTS, start=1)]
    process = subprocess.Popen(
        command,
        cwd=directory,
        env=_environment(workspace, environment),
        stdin=subprocess.PIPE,  # by which the kernel notices that this process has ended
        start_new_session=True,  # Ctrl-C is for this process
    )
    return Kernel(process, workspace)


def _environment(workspace: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Return the kernel's environment: this process's, what was given, and private settings."""
    environment = {**os.environ, **given}
    environment.setdefault("MATPLOTLIBRC", str(_matplotlibrc(workspace)))
    environment.setdefault("PYTHONHASHSEED", "0")
    # Sums shared out among threads depend on how many there are; and on small matrices, as here, threads that
    # wait for work take more time than they save.
    environment.setdefault("OPENBLAS_NUM_THREADS", "1")
    environment["IPYTHONDIR"] = str(workspace / "ipython")
    # Of a notebook that this process may itself run in.
    environment.pop("JPY_PARENT_PID", None)
    return environment


def _matplotlibrc(workspace: Path) -> Path:
    return workspace / "matplotlibrc"


def make_workspace() -> AbstractContextManager[Path]:
    """Make the directory for everything a render needs on the way; its path is kept short for the sockets."""
    return scratch_directory(Path(tempfile.gettempdir()), "manuscript-")


def language_info() -> dict[str, Any]:
    """Return the notebook's metadata; without version numbers, so that the same run gives the same bytes."""
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
    }
