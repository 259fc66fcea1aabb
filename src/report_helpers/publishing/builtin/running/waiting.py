"""A kernel that is followed while it runs a document, and may wait for it with modules already loaded."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from . import witness
from .account import Account
from .execute import Plan, start_kernel, stop_kernel
from .kernel import make_workspace

_MODULE = "_manuscript_witness"
_WITNESS = f"__import__('sys').modules.setdefault('{_MODULE}', __import__('types').ModuleType('{_MODULE}'))"
_LOAD = "exec(compile(open({source!r}, encoding='utf-8').read(), 'witness', 'exec'), {witness}.__dict__)"


@dataclass(frozen=True)
class WaitingKernel:
    """A kernel in which nothing of the document has run yet; it serves one run.

    Attributes
    ----------
    client : NotebookClient
        The connection to it.
    workspace : Path
        Its own scratch directory.
    warm : bool
        Whether installed modules were loaded ahead.
    """

    client: NotebookClient
    workspace: Path
    warm: bool
    _closing: ExitStack

    @classmethod
    async def start(cls, plan: Plan, written: Path, modules: Sequence[str] = ()) -> WaitingKernel:
        """Start a kernel for plans like `plan`.

        Parameters
        ----------
        plan : Plan
            Says directory, environment and figure size.
        written : Path
            A directory for the code to write into; what happens there is no input.
        modules : sequence of str
            Installed modules to load ahead. If loading them can be noticed in any way, they are not.

        Raises
        ------
        ExecutionError
            If it does not start.
        """
        closing = ExitStack()
        try:
            workspace = closing.enter_context(make_workspace()).resolve()
            client = await start_kernel(replace(plan, parts=(), workspace=workspace))
            kernel = cls(client, workspace, bool(modules), closing)
            await kernel._ask(_LOAD.format(source=str(witness.__file__), witness=_WITNESS))
            await kernel._ask(f"{_WITNESS}.listen({[f'{workspace}/', f'{written}/']!r})")
            if modules and not await kernel._ask(f"{_WITNESS}.heard.import_ahead({list(modules)!r})"):
                await kernel.stop()
                return await cls.start(plan, written)
            await kernel._ask(f"{_WITNESS}.heard.hand_over()")
        except BaseException:
            closing.close()
            raise
        return kernel

    async def account(self) -> Account | None:
        """Return what the run rested on; None where the kernel cannot say it any more."""
        path = self.workspace / "account.json"
        try:
            answered = await self._ask(f"{_WITNESS}.heard.write_account({str(path)!r})")
        except DeadKernelError:
            return None
        return Account.read(path) if answered else None

    async def stop(self) -> None:
        """End the kernel and remove its files."""
        try:
            await stop_kernel(self.client)
        finally:
            self._closing.close()

    async def _ask(self, expression: str) -> bool:
        """Evaluate an expression of ours without a trace; tell whether it was done and is not False."""
        if self.client.kc is None:
            return False
        asked = self.client.kc.execute(
            "", silent=True, store_history=False, user_expressions={"answer": expression}
        )
        reply = await self.client.async_wait_for_reply(asked)
        answer = reply["content"].get("user_expressions", {}).get("answer", {}) if reply else {}
        return bool(answer.get("status") == "ok" and answer["data"].get("text/plain") != "False")
