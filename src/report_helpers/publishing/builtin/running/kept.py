"""Runs for a preview: what code gave is kept while nothing it rests on changed; else it runs at once.

"At once" needs a kernel that waits: it has been started, and the installed modules that the last run loaded
are loaded in it, but nothing of the project is. Outputs are kept in this process's memory alone.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from ..errors import EngineError
from ..reading.cells import Cell, Text
from .account import Account, Stamps, code_of, setting_of, stamps
from .execute import Executed, Plan, Run, has_code, run_in_kernel, without_kernel
from .inline import expressions
from .waiting import WaitingKernel

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Kept:
    """A run that came to its end: what went in, and what came out."""

    code: str
    setting: str
    given: Stamps
    account: Account
    run: Run
    written: Mapping[str, bytes]

    def difference(self, plan: Plan, given: Stamps) -> str:
        """Say why the outputs cannot serve `plan`; an empty string if they can."""
        if code_of(plan) != self.code:
            return "the code changed"
        if setting_of(plan) != self.setting:
            return "settings or packages changed"
        changed = next((path for path in given if given[path] != self.given.get(path)), "")
        return f"{Path(changed).name} changed" if changed else self.account.difference()


class KeptRuns:
    """Runs the code of a document again and again, as seldom as is right and as soon as can be.

    Parameters
    ----------
    written : Path
        Directory that the code writes its files into; they are kept with the outputs.

    Attributes
    ----------
    given : tuple of Path
        Files that the code is known to read, whatever is heard of it.
    why : str
        Why the code was run last time; empty if its outputs were kept.
    account : Account or None
        What the last run that could say so rested on, even if it failed.
    """

    def __init__(self, written: Path) -> None:
        self.given: tuple[Path, ...] = ()
        self.why = ""
        self.account: Account | None = None
        self._written = written
        self._kept: _Kept | None = None
        self._modules: tuple[str, ...] = ()
        self._packages: Stamps = {}
        self._last: Plan | None = None
        self._waiting: tuple[str, asyncio.Task[WaitingKernel]] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._under_way: Future[Any] | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, plan: Plan) -> Run:
        """Return what the code of the plan gives: kept outputs, or those of a run in a new kernel.

        Raises
        ------
        ExecutionError
            If code fails; outputs kept before stay.
        CancelledError
            If the run was stopped.
        """
        self.why = ""
        if not has_code(plan.parts):
            return without_kernel(plan)
        given = stamps(self.given)
        self.why = self._kept.difference(plan, given) if self._kept else "first run"
        if self._kept and not self.why:
            _write_files(self._written, self._kept.written)
            return _kept_for(plan, self._kept.run)
        return self._call(self._run(plan, given))

    def warm(self) -> None:
        """Start the kernel of the next run, if there was one and none is waiting."""
        if self._last is not None and self._waiting is None:
            self._call(self._start_waiting(self._last))

    def close(self) -> None:
        """End all kernels."""
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def stop(self) -> None:
        """Give up the run that is under way, if there is one; called from another thread."""
        under_way = self._under_way
        if under_way:
            under_way.cancel()

    def _call(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        self._under_way = future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        finally:
            self._under_way = None

    async def _run(self, plan: Plan, given: Stamps) -> Run:
        async with self._one_at_a_time:  # a run that was stopped may still be ending
            return await self._run_now(plan, given)

    async def _run_now(self, plan: Plan, given: Stamps) -> Run:
        code, setting = code_of(plan), setting_of(plan)
        self._last = plan
        kernel = await self._take(plan, setting)
        outcome, account = await self._run_in(kernel, plan)
        if kernel.warm and (account is None or account.settings_changed):
            # The modules loaded ahead might have heeded the settings: only an untouched kernel can tell.
            cold = await WaitingKernel.start(plan, self._written)
            outcome, account = await self._run_in(cold, plan)
        if account:
            self.account = account
            self._modules = () if account.settings_changed else account.modules
            self._packages = account.installed()
        if isinstance(outcome, EngineError):
            raise outcome
        self._kept = None
        if account:
            self._kept = _Kept(code, setting, given, account, outcome, _read_files(self._written))
        return outcome

    async def _run_in(self, kernel: WaitingKernel, plan: Plan) -> tuple[Run | EngineError, Account | None]:
        _write_files(self._written, {})
        try:
            try:
                outcome: Run | EngineError = await run_in_kernel(kernel.client, plan)
            except EngineError as error:
                outcome = error
            return outcome, await kernel.account()
        finally:
            await kernel.stop()

    async def _take(self, plan: Plan, setting: str) -> WaitingKernel:
        """Return the waiting kernel if it is as one started now would be; else start one."""
        waiting, self._waiting = self._waiting, None
        if waiting:
            started_with, task = waiting
            if started_with == setting and stamps(self._packages) == self._packages:
                with suppress(EngineError, RuntimeError):
                    return await task
            else:
                await _dismiss(task)
        return await WaitingKernel.start(plan, self._written)

    async def _start_waiting(self, plan: Plan) -> None:
        start = WaitingKernel.start(plan, self._written, self._modules)
        self._waiting = (setting_of(plan), asyncio.create_task(start))

    async def _end(self) -> None:
        running = asyncio.all_tasks() - {asyncio.current_task()}
        if self._waiting:
            running.discard(self._waiting[1])
            await _dismiss(self._waiting[1])
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _dismiss(task: asyncio.Task[WaitingKernel]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, EngineError, RuntimeError):
        await (await task).stop()


def _kept_for(plan: Plan, run: Run) -> Run:
    """Give the kept outputs to the parts as they stand now: text and line numbers may have changed.

    The notebook stays that of the run; a preview writes none.
    """
    ran = (item for item in run[0] if _is_run(item.part))
    done = tuple(
        replace(next(ran), part=part) if _is_run(part) else Executed(part, values={}) for part in plan.parts
    )
    return done, run[1]


def _is_run(part: Text | Cell) -> bool:
    return isinstance(part, Cell) or bool(expressions(part))


def _read_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder hold these files and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
