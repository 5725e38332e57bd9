"""The entry point of the action: the environment becomes settings, the edges are made, errors become an exit code.

Started as `python -I -m tfc_plan_comment`: without `-I` the user's checkout, which is the working directory, would
come before our packages.
"""

import sys

from tfc_plan_comment.memory_limit import FOR_A_STEP, FOR_THE_COMMAND, too_low

if __name__ == "__main__":  # before anything is imported for which there may be no memory
    is_command = bool(sys.argv[1:])
    if problem := too_low(FOR_THE_COMMAND if is_command else FOR_A_STEP):
        (sys.stderr if is_command else sys.stdout).write(f"{'' if is_command else '::error::'}{problem}\n")
        sys.exit(1)

import contextlib
import gc
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from io import TextIOWrapper
from pathlib import Path

from tfc_plan_comment.errors import is_bug, sentence
from tfc_plan_comment.github_actions.commands import Commands
from tfc_plan_comment.github_actions.environment import GitHubEnvironment

EXPECTED, BUG = 1, 2

SECRETS = ("INPUT_TOKEN", "INPUT_GITHUB-TOKEN", "ACTIONS_RUNTIME_TOKEN")
"""The environment variables that are masked before anything else is done."""


class Terminated(KeyboardInterrupt):
    """Raised by SIGTERM, which ends the step as SIGINT does: everything that is open is closed on the way out."""


def main(
    environ: Mapping[str, str],
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Run the action; returns the exit code: 0, 1 after an error that we expect, 2 after a bug.

    When the workflow is canceled, it is 128 and the number of the signal, as a shell has it: 130 or 143.
    """
    environment = GitHubEnvironment.from_environ(environ)
    commands = Commands(stdout=sys.stdout, output_file=environment.output_file, summary_file=environment.summary_file)
    try:
        for secret in SECRETS:
            commands.mask(environ.get(secret, "").strip())
        return _tell(_run(environ, environment, commands, sleep, clock), commands)
    except KeyboardInterrupt as canceled:
        commands.error("The workflow was canceled, or the step took longer than its timeout-minutes.")
        return exit_code_of(canceled)


def exit_code_of(canceled: KeyboardInterrupt) -> int:
    """128 and the number of the signal."""
    return 128 + (signal.SIGTERM if isinstance(canceled, Terminated) else signal.SIGINT)


def _run(
    environ: Mapping[str, str],
    environment: GitHubEnvironment,
    commands: Commands,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
) -> Exception | None:
    """Do all of it; returns why the step fails, if it does."""
    try:
        # The rest of the program is imported only now: a signal that arrives meanwhile has its answer already.
        from tfc_plan_comment.action.world import World  # noqa: PLC0415
        from tfc_plan_comment.settings.settings import Settings  # noqa: PLC0415

        settings = Settings.from_inputs(
            environ,
            workspace=environment.workspace,
            runner_temp=environment.runner_temp,
            check_template=check_template,
        )
        # And this only when there is something to do for it.
        from tfc_plan_comment.action.story import run  # noqa: PLC0415

        return run(
            settings,
            World(commands=commands, environment=environment, sleep=sleep, clock=clock, now=time.time),
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence, and a step that failed
        from tfc_plan_comment.report.write.markdown import text  # noqa: PLC0415 - as above

        with contextlib.suppress(ValueError):  # the annotation says it as well
            commands.append_summary(f"\n> [!CAUTION]\n> {text(sentence(error))}\n")
        return error


def _tell(failure: Exception | None, commands: Commands) -> int:
    """Say last of all why the step fails, if it does; returns the exit code."""
    for problem in commands.problems:
        commands.error(str(problem))
    if commands.log_problem:
        sys.stderr.write(f"{commands.log_problem}\n")
    if failure is None:
        return EXPECTED if commands.problems else 0
    if is_bug(failure):
        with commands.group("Traceback"):
            for line in _where(failure):
                commands.info(line)
    commands.error(sentence(failure))
    return BUG if is_bug(failure) else EXPECTED


def _where(error: BaseException) -> Iterator[str]:
    """The lines of the traceback, the cause first. No message and no locals: those may hold anything."""
    if error.__context__ is not None:
        yield from _where(error.__context__)
    for entry in traceback.format_tb(error.__traceback__):
        yield from entry.splitlines()
    yield type(error).__name__


def _terminate(*_: object) -> None:
    raise Terminated


def check_template(path: Path) -> None:
    """Raise TemplateError if the template cannot be used: it is tried on an example before anything is asked for."""
    from tfc_plan_comment.action.files import read_template  # noqa: PLC0415 - as above
    from tfc_plan_comment.report.write.template_trial import try_template  # noqa: PLC0415 - few steps have a template of their own

    try_template(read_template(path))


if __name__ == "__main__":
    if sys.argv[1:]:  # what the console script takes; a step of a workflow has no arguments
        from tfc_plan_comment.cli import main as offline_command

        sys.exit(offline_command())
    gc.disable()  # what is imported lives until the end, as does most of a plan: to look through it takes a fifth
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    # In a container we are process 1, which is not ended by a signal that it does not handle. And Python handles no
    # SIGINT where it was started with that ignored, as shells start what goes on in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _terminate)
    try:
        exit_code = main(os.environ)
    except KeyboardInterrupt as late:  # when everything was said
        exit_code = exit_code_of(late)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        sys.stdout.flush()
    except OSError:  # which was said: without this, Python says it once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    gc.freeze()  # nor does Python look through it when it ends
    sys.exit(exit_code)
