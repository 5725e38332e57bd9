"""The entry point of the action: the environment becomes settings, the edges are made, errors become an exit code.

Started as `python -I -m tfc_plan_comment`: without `-I` the user's checkout, which is the working directory, would
come before our packages.
"""

import os
import sys
import time
import traceback
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path

from tfc_plan_comment.errors import ActionError
from tfc_plan_comment.files import read_template
from tfc_plan_comment.github_actions.commands import Commands
from tfc_plan_comment.github_actions.environment import GitHubEnvironment
from tfc_plan_comment.outcome import World
from tfc_plan_comment.report.markdown import text
from tfc_plan_comment.settings import Settings

EXPECTED, BUG = 1, 2


def main(environ: Mapping[str, str]) -> int:
    """Run the action; returns the exit code: 0, 1 after an error that we expect, 2 after a bug."""
    environment = GitHubEnvironment.from_environ(environ)
    commands = Commands(stdout=sys.stdout, output_file=environment.output_file, summary_file=environment.summary_file)
    for secret in ("INPUT_TOKEN", "INPUT_GITHUB-TOKEN"):
        commands.mask(environ.get(secret, "").strip())
    try:
        settings = Settings.from_inputs(
            environ,
            workspace=environment.workspace or Path.cwd(),
            runner_temp=environment.runner_temp,
            check_template=check_template,
        )
        # The rest of the program is imported only when there is something to do for it.
        from tfc_plan_comment.action import run  # noqa: PLC0415

        run(
            settings,
            World(commands=commands, environment=environment, sleep=time.sleep, clock=time.monotonic, now=time.time),
        )
    except ActionError as error:
        commands.error(str(error))
        commands.append_summary(f"\n> [!CAUTION]\n> {text(str(error))}\n")
        return EXPECTED
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence, and a step that failed
        # No locals and no values: only where it happened. The message itself may hold anything.
        with commands.group("Traceback"):
            for line in traceback.format_tb(error.__traceback__):
                commands.info(line)
        commands.error(
            f"tfc-plan-comment failed: {type(error).__name__}, which is a bug. Please report it with the traceback."
        )
        return BUG
    return 0


def check_template(path: Path) -> None:
    """Raise TemplateError if the template cannot be used: it is tried on an example before anything is asked for."""
    from tfc_plan_comment.report.render import try_template  # noqa: PLC0415 - few steps have a template of their own

    try_template(read_template(path))


if __name__ == "__main__":
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main(os.environ))
