"""Run the cells and inline expressions of a document in one kernel, in document order."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from ..errors import ExecutionError
from ..reading.cells import Cell, Text
from .failures import failed_cell, failed_expressions
from .inline import Expression, expressions
from .kernel import kernel_environment, kernel_manager, language_info

Output = Mapping[str, Any]
"""One output of a cell as the notebook format stores it."""


@dataclass(frozen=True)
class Executed:
    """What running a part gave.

    Attributes
    ----------
    part : Text or Cell
        The part itself.
    outputs : tuple
        Outputs of a cell.
    values : mapping
        Values of a text's expressions, by their code.
    number : int
        Execution count of a cell; 0 if it was not run.
    """

    part: Text | Cell
    outputs: tuple[Output, ...] = ()
    values: Mapping[str, Mapping[str, Any]] | None = None
    number: int = 0


@dataclass(frozen=True)
class Plan:
    """The parts to run, and the defaults of `execute:` for all cells."""

    parts: Sequence[Text | Cell]
    defaults: Mapping[str, Any]
    progress: Callable[[str], None]


class Session:
    """A kernel that starts at once in a thread of its own, and runs a plan when it gets one.

    Reading the document takes as long as starting Python; this way one hides behind the other.
    """

    def __init__(
        self, project: Path, workspace: Path, environment: Mapping[str, str], figure_size: tuple[float, float]
    ) -> None:
        self._project = project
        self._workspace = workspace
        self._environment = kernel_environment(workspace, environment, figure_size)
        self._plan: Future[Plan] = Future()
        self._result: Future[tuple[tuple[Executed, ...], nbformat.NotebookNode]] = Future()
        self._thread = threading.Thread(target=self._work, name="kernel", daemon=True)
        self._thread.start()

    def run(self, plan: Plan) -> tuple[tuple[Executed, ...], nbformat.NotebookNode]:
        """Run `plan` and return what each part gave, and the executed notebook."""
        self._plan.set_result(plan)
        return self._result.result()

    def close(self) -> None:
        """Stop the kernel, if it still runs, and wait until it is gone."""
        self._plan.cancel()
        self._thread.join()

    def _work(self) -> None:
        try:
            self._result.set_result(asyncio.run(self._converse()))
        except CancelledError:
            self._result.cancel()
        except BaseException as error:
            self._result.set_exception(error)

    async def _converse(self) -> tuple[tuple[Executed, ...], nbformat.NotebookNode]:
        notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(metadata=language_info())  # type: ignore[no-untyped-call]
        client = NotebookClient(
            notebook,
            km=kernel_manager(self._workspace),
            timeout=None,
            record_timing=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(self._project)}},
        )
        try:
            async with client.async_setup_kernel(env=self._environment, cleanup_kc=True):
                plan = await asyncio.wrap_future(self._plan)
                return await _run_all(client, plan), notebook
        except DeadKernelError:
            raise ExecutionError.at("Python stopped while an inline expression was evaluated.") from None
        except asyncio.CancelledError:
            raise CancelledError from None


async def _run_all(client: NotebookClient, plan: Plan) -> tuple[Executed, ...]:
    done: list[Executed] = []
    total = sum(isinstance(part, Cell) for part in plan.parts)
    cells = 0
    for index, part in enumerate(plan.parts):
        if isinstance(part, Text):
            client.nb.cells.append(_markdown_cell(index, part))
            done.append(await _evaluate(client, part))
            continue
        cells += 1
        plan.progress(f"cell {cells} of {total}, {part.opening.file}:{part.opening.number}")
        client.nb.cells.append(_code_cell(index, part))
        done.append(await _run_cell(client, index, part, plan.defaults, done))
    return tuple(done)


def _markdown_cell(index: int, part: Text) -> nbformat.NotebookNode:
    text = "\n".join(line.text for line in part.lines).strip("\n")
    cell: nbformat.NotebookNode = nbformat.v4.new_markdown_cell(text, id=f"part-{index}")  # type: ignore[no-untyped-call]
    return cell


def _code_cell(index: int, part: Cell) -> nbformat.NotebookNode:
    cell: nbformat.NotebookNode = nbformat.v4.new_code_cell(part.code, id=f"part-{index}")  # type: ignore[no-untyped-call]
    return cell


async def _evaluate(client: NotebookClient, part: Text) -> Executed:
    wanted: tuple[Expression, ...] = expressions(part)
    if not wanted:
        return Executed(part, values={})
    if client.kc is None:
        raise DeadKernelError
    message = client.kc.execute("", user_expressions={str(i): item.code for i, item in enumerate(wanted)})
    reply = await client.async_wait_for_reply(message)
    if reply is None:
        raise DeadKernelError
    answers = reply["content"].get("user_expressions", {})
    failed = failed_expressions(wanted, answers)
    if failed:
        raise ExecutionError(failed)
    return Executed(part, values={item.code: answers[str(i)]["data"] for i, item in enumerate(wanted)})


async def _run_cell(
    client: NotebookClient, index: int, part: Cell, defaults: Mapping[str, Any], done: Sequence[Executed]
) -> Executed:
    node = client.nb.cells[index]
    full_source = "\n".join(line.text.removeprefix(part.indent) for line in part.lines)
    if not part.options.get("eval", defaults.get("eval", True)) or not part.code.strip():
        node.source = full_source
        return Executed(part)
    if part.options.get("error", defaults.get("error", False)):
        node.metadata["tags"] = ["raises-exception"]
    try:
        await client.async_execute_cell(node, index)
    except CellExecutionError as error:
        number = int(node.get("execution_count") or 0)
        run = [(item.number, item.part) for item in done if isinstance(item.part, Cell)]
        raise ExecutionError(failed_cell(part, error, [*run, (number, part)])) from None
    except DeadKernelError:
        raise ExecutionError.at(
            "Python stopped while this cell ran.",
            part.opening.file,
            part.opening.number,
            "It may have run out of memory, or the cell ended the process.",
        ) from None
    finally:
        node.metadata.pop("tags", None)
        node.source = full_source
    outputs = tuple(dict(output) for output in node.outputs)
    return Executed(part, outputs, number=int(node.get("execution_count") or 0))
