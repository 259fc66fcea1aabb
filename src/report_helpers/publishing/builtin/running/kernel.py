"""Start a Python kernel that needs nothing installed outside this environment and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import queue
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from ..scratch import IN_USE, scratch_directory
from . import kernel_process

_LONGEST_SOCKET = 70
"""Sockets have a short limit on their path (108 bytes on Linux, 104 on macOS), suffixes included."""

_PATIENCE = 60.0
"""Seconds that a kernel may take to start."""
_KNOCK = 0.01
"""Seconds between tries to reach a kernel that has not opened its sockets yet."""

_MATPLOTLIBRC = """\
figure.figsize: {width}, {height}
figure.dpi: 96
savefig.dpi: figure
svg.hashsalt: manuscript
"""


class _ThisPython(KernelSpecManager):
    """Offer the running interpreter as the only kernel, whatever kernels are installed."""

    in_use = ""
    arguments: tuple[str, ...] = ()

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        program = [sys.executable, kernel_process.__file__, self.in_use]
        argv = [*program, "-f", "{connection_file}", *self.arguments]
        return KernelSpec(argv=argv, display_name="Python 3", language="python", name=kernel_name)


def kernel_manager(workspace: Path) -> AsyncKernelManager:
    """Return a manager for a kernel whose files all lie in `workspace`.

    Pictures are drawn twice from one run: as SVG for HTML and PDF, as 300-dpi PNG for Word. Neither holds a
    date. On POSIX the kernel is reached through sockets in the file system, so that no network, not even the
    loopback one, is needed.
    """
    specs = _ThisPython()
    specs.in_use = str(workspace / IN_USE)
    specs.arguments = (
        "--InlineBackend.figure_formats={'svg','png'}",
        "--InlineBackend.print_figure_kwargs={'bbox_inches':'tight','dpi':300,'metadata':{'Date':None}}",
        "--HistoryManager.enabled=False",
        "--IPKernelApp.log_level=40",
    )
    connection = workspace / "kernel.json"
    manager = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=specs, connection_file=str(connection), cache_ports=False
    )
    manager.context.setsockopt(zmq.RECONNECT_IVL, round(1000 * _KNOCK))
    if os.name == "posix" and len(os.fsencode(str(connection))) < _LONGEST_SOCKET:
        manager.transport = "ipc"
        manager.ip = str(workspace / "k")
    return manager


async def connect(client: AsyncKernelClient, manager: AsyncKernelManager) -> None:
    """Open a client's channels, and return as soon as it hears everything that the kernel says.

    The library's own way waits for a silence of 0.2 seconds; but whoever hears anything is connected, and a
    kernel greets its listeners.

    Raises
    ------
    RuntimeError
        If the kernel stops or stays silent.
    """
    client.start_channels(stdin=False, hb=False)
    client.allow_stdin = False
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            await client.get_iopub_msg(timeout=1)
            return
        except queue.Empty:
            if not await manager.is_alive():
                raise RuntimeError("its process stopped") from None
            if time.monotonic() > deadline:
                raise RuntimeError(f"it did not answer in {_PATIENCE:.0f} seconds") from None
            client.kernel_info()  # older kernels do not greet, but answer


async def end(manager: AsyncKernelManager) -> None:
    """End the kernel and remove its connection file."""
    # The library looks only ten times a second whether a process it killed is gone.
    process = getattr(manager.provisioner, "process", None)
    if process is not None:
        process.kill()
        await asyncio.to_thread(process.wait)
    await manager.shutdown_kernel(now=True)
    await manager.cleanup_resources()


def kernel_environment(
    workspace: Path, given: Mapping[str, str], figure_size: tuple[float, float]
) -> dict[str, str]:
    """Return the kernel's environment: this process's, what was given, and private settings."""
    settings = workspace / "matplotlibrc"
    settings.write_text(_MATPLOTLIBRC.format(width=figure_size[0], height=figure_size[1]), encoding="utf-8")
    environment = {**os.environ, **given}
    environment.setdefault("MATPLOTLIBRC", str(settings))
    environment["IPYTHONDIR"] = str(workspace / "ipython")
    environment["PYTHONHASHSEED"] = environment.get("PYTHONHASHSEED", "0")
    # Sums shared out among threads depend on how many there are; and on small matrices, as here, threads that
    # wait for work take more time than they save.
    environment.setdefault("OPENBLAS_NUM_THREADS", "1")
    environment["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    return environment


def make_workspace() -> AbstractContextManager[Path]:
    """Make the directory for everything a render needs on the way; its path is kept short for the sockets."""
    return scratch_directory(Path(tempfile.gettempdir()), "manuscript-")


def language_info() -> dict[str, Any]:
    """Return the notebook's metadata; without version numbers, so that the same run gives the same bytes."""
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
    }
