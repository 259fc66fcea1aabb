"""The way to a kernel: who sends code to it, and hears what it answers."""

from __future__ import annotations

import asyncio
import json
import queue
import time

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo

from .kernel import Kernel

_PATIENCE = 60.0
"""Seconds that a kernel may take to start."""
_GLANCE = 0.005
"""Seconds between looks for the file in which the kernel says how it is reached."""


class Connection(AsyncKernelClient):
    """A client that knows its kernel's process, and by that whether the kernel is alive."""

    kernel: Kernel

    async def is_alive(self) -> bool:
        """Tell whether the kernel can still answer."""
        return self.kernel.running

    def end(self) -> None:
        """End the kernel at once, and close the connection."""
        self.kernel.end()
        self.stop_channels()


async def connect(kernel: Kernel) -> Connection:
    """Return a connection as soon as the kernel hears it and it would hear everything the kernel says.

    The library's own way waits for a silence of 0.2 seconds; but whoever hears anything is connected, and a
    kernel greets its listeners.

    Raises
    ------
    RuntimeError
        If the kernel stops, or stays silent.
    """
    deadline = time.monotonic() + _PATIENCE
    connection = Connection()
    connection.kernel = kernel
    connection.load_connection_info(await _information(kernel, deadline))
    connection.start_channels(stdin=False, hb=False)
    connection.allow_stdin = False
    while True:
        try:
            await connection.get_iopub_msg(timeout=1)
            return connection
        except queue.Empty:
            _check(kernel, deadline)
            connection.kernel_info()  # older kernels do not greet, but answer
        except BaseException:
            connection.stop_channels()
            raise


async def _information(kernel: Kernel, deadline: float) -> KernelConnectionInfo:
    """Return what the kernel says of how it is reached, once it has said it in full."""
    while True:
        try:
            information: KernelConnectionInfo = json.loads(kernel.connection_file.read_text(encoding="utf-8"))
            return information
        except (OSError, ValueError):
            _check(kernel, deadline)
            await asyncio.sleep(_GLANCE)


def _check(kernel: Kernel, deadline: float) -> None:
    if not kernel.running:
        raise RuntimeError("its process stopped")
    if time.monotonic() > deadline:
        raise RuntimeError(f"it did not answer in {_PATIENCE:.0f} seconds")
