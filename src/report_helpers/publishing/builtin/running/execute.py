"""Run the cells and inline expressions of a document in one kernel, in document order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from ..errors import ExecutionError, Problem
from ..reading.cells import Cell, Text
from .connection import Connection, connect
from .failures import failed_cell, failed_expressions, shown_error
from .inline import Expression, expressions
from .kernel import Kernel, launch
from .notebook import code_cell, markdown_cell, new_notebook
from .rows import NAME as ROWS
from .rows import refused_rows, shows_rows

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
    """What to run and how.

    Attributes
    ----------
    parts : sequence of Text or Cell
        The document.
    defaults : mapping
        The document's `execute:` settings, for cells that say nothing else.
    project, workspace : Path
        Directory the code runs in, and one for the kernel's own files.
    environment : mapping
        Environment variables in addition to this process's.
    figure_size : tuple of float
        Width and height of a drawing in inches, where the code does not say.
    progress : callable
        Told each cell before it runs.
    kernel : Kernel, optional
        One that was launched ahead for this directory and environment, and is ended after the run.
    may_show : callable
        Tells of the class of an exception whether its message may be shown, and whether a `DataFrame` may.
    """

    parts: Sequence[Text | Cell]
    defaults: Mapping[str, Any]
    project: Path
    workspace: Path
    environment: Mapping[str, str]
    figure_size: tuple[float, float]
    progress: Callable[[str], None]
    kernel: Kernel | None = None
    may_show: Callable[[str], bool] = lambda name: True


Run = tuple[tuple[Executed, ...], NotebookNode]
"""What each part gave, and the executed notebook."""


def execute(plan: Plan) -> Run:
    """Run the plan and return what each part gave, and the executed notebook.

    A document without code starts no kernel.

    Raises
    ------
    ExecutionError
        If code fails; with chapter, line and the lines around it.
    """
    if not _in_event_loop():
        return asyncio.run(_execute(plan))
    with ThreadPoolExecutor(max_workers=1) as pool:  # as in a notebook
        return pool.submit(lambda: asyncio.run(_execute(plan))).result()


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _execute(plan: Plan) -> Run:
    if not has_code(plan.parts):
        return without_kernel(plan)
    client = await start_kernel(plan)
    try:
        return await run_in_kernel(client, plan)
    finally:
        await stop_kernel(client)


def has_code(parts: Sequence[Text | Cell]) -> bool:
    """Tell whether anything is to be run; as in Quarto, expressions are, if there is a cell as well."""
    return any(isinstance(part, Cell) for part in parts)


def without_kernel(plan: Plan) -> Run:
    """Return the run of a document that has no code."""
    notebook = new_notebook()
    notebook.cells += [_text_cell(index, part) for index, part in enumerate(plan.parts)]
    return tuple(Executed(part, values={}) for part in plan.parts), notebook


async def start_kernel(plan: Plan) -> NotebookClient:
    """Start a kernel for the plan and wait until it answers.

    Raises
    ------
    ExecutionError
        If it does not start.
    """
    client = NotebookClient(new_notebook(), timeout=None, record_timing=False)
    kernel = plan.kernel or launch(plan.workspace, plan.project, plan.environment)
    kernel.set_figure_size(*plan.figure_size)
    try:
        client.kc = await connect(kernel)
    except RuntimeError as error:
        kernel.end()
        raise ExecutionError.at(
            "The Python kernel did not start.", remedy="Install this package anew.", excerpt=str(error)
        ) from error
    except BaseException:
        kernel.end()
        raise
    return client


async def run_in_kernel(client: NotebookClient, plan: Plan) -> Run:
    """Run the plan in a kernel that nothing has run in before.

    Raises
    ------
    ExecutionError
        If code fails; with chapter, line and the lines around it.
    """
    client.nb = new_notebook()
    try:
        return await _run_all(client, plan), client.nb
    except DeadKernelError:
        raise ExecutionError.at("Python stopped while an inline expression was evaluated.") from None


async def stop_kernel(client: NotebookClient) -> None:
    """End the kernel at once; nbclient's own way takes over Ctrl-C and stumbles."""
    if isinstance(client.kc, Connection):
        client.kc.end()


async def _run_all(client: NotebookClient, plan: Plan) -> tuple[Executed, ...]:
    done: list[Executed] = []
    failed: list[Problem] = []  # an expression changes nothing: the run goes on, to tell all that fail
    total = sum(isinstance(part, Cell) for part in plan.parts)
    cells = 0
    for index, part in enumerate(plan.parts):
        if isinstance(part, Text):
            client.nb.cells.append(_text_cell(index, part))
            done.append(await _evaluate(client, part, failed, plan))
            continue
        cells += 1
        plan.progress(f"cell {cells} of {total}, {part.opening.file}:{part.opening.number}")
        client.nb.cells.append(code_cell(f"part-{index}", part.code))
        try:
            done.append(await _run_cell(client, index, part, plan, done))
        except ExecutionError as error:
            raise ExecutionError([*failed, *error.problems]) from None
    if failed:
        raise ExecutionError(failed)
    return tuple(done)


def _text_cell(index: int, part: Text | Cell) -> NotebookNode:
    return markdown_cell(f"part-{index}", "\n".join(line.text for line in part.lines).strip("\n"))


async def _evaluate(client: NotebookClient, part: Text, failed: list[Problem], plan: Plan) -> Executed:
    """Evaluate the expressions of a text; those that fail are added to `failed`."""
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
    failed += failed_expressions(wanted, answers, plan.may_show)
    values = {item.code: answers.get(str(i), {}).get("data", {}) for i, item in enumerate(wanted)}
    if not plan.may_show(ROWS):
        shown = (item for item in wanted if shows_rows(values[item.code]))
        failed += [refused_rows("An inline expression", item.line.file, item.line.number) for item in shown]
    return Executed(part, values=values)


async def _run_cell(
    client: NotebookClient, index: int, part: Cell, plan: Plan, done: Sequence[Executed]
) -> Executed:
    node = client.nb.cells[index]
    full_source = "\n".join(line.text.removeprefix(part.indent) for line in part.lines)
    if not part.options.get("eval", plan.defaults.get("eval", True)) or not part.code.strip():
        node.source = full_source
        return Executed(part)
    if part.options.get("error", plan.defaults.get("error", False)):
        node.metadata["tags"] = ["raises-exception"]
    try:
        await client.async_execute_cell(node, index)
    except CellExecutionError as error:
        number = int(node.get("execution_count") or 0)
        run = [(item.number, item.part) for item in done if isinstance(item.part, Cell)]
        run.append((number, part))
        raise ExecutionError(failed_cell(part, error, run, plan.project, plan.may_show)) from None
    except DeadKernelError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # Ctrl-C, which nbclient takes for a dead kernel
            raise asyncio.CancelledError from None
        raise ExecutionError.at(
            "Python stopped while this cell ran.",
            part.opening.file,
            part.opening.number,
            "It may have run out of memory, or the cell ended the process.",
        ) from None
    finally:
        node.metadata.pop("tags", None)
        node.source = full_source
    for output in node.outputs:
        if output.output_type == "error":
            output.update(shown_error(output, plan.project, plan.may_show))
        elif not plan.may_show(ROWS) and shows_rows(output.get("data", {})):
            raise ExecutionError(refused_rows("This cell", part.opening.file, part.opening.number))
    outputs = tuple(dict(output) for output in node.outputs)
    return Executed(part, outputs, number=int(node.get("execution_count") or 0))
