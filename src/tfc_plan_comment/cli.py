"""The offline command line: `tfc-plan-comment render plan.json`. It needs no server, no token and no network."""

import argparse
import gc
import os
import sys
from pathlib import Path
from typing import NoReturn

from tfc_plan_comment import __version__
from tfc_plan_comment.errors import ActionError, SettingsError, is_bug, sentence
from tfc_plan_comment.memory_limit import FOR_THE_COMMAND, too_low


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in a sentence of ours, and with our exit code."""

    def error(self, message: str) -> NoReturn:
        raise SettingsError("Cannot read the command line", message, f"See {self.prog} --help")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0, or what was said on standard error: 1 an error, 2 a bug."""
    if problem := too_low(FOR_THE_COMMAND):
        sys.stderr.write(f"{problem}\n")
        return 1
    gc.disable()  # hundreds of thousands of objects live until the end, and to look through them takes a third of it
    try:
        given = _parser().parse_args(arguments)
        # The rest of the program is imported only now: what imports make lives until the end as well.
        from tfc_plan_comment.action.files import write_whole  # noqa: PLC0415
        from tfc_plan_comment.action.offline import read_attention, read_reveal, render_plan  # noqa: PLC0415

        attention = read_attention(given.attention, given.attention_ignore)
        pieces = render_plan(given.plan, given.format, given.template, attention, read_reveal(given.reveal))
        if given.output in {None, Path("-")}:
            sys.stdout.buffer.writelines(piece.encode() for piece in pieces)
            sys.stdout.flush()
        else:
            write_whole(given.output, pieces)
    except ActionError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except BrokenPipeError:  # whoever read our output has enough of it, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        sys.stderr.write(f"{ActionError('Cannot write to standard output', str(error.strerror), 'Check the disk')}\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - whatever it is, no value of the plan is shown with it
        if is_bug(error):
            import traceback  # noqa: PLC0415 - imports cost start-up time

            sys.stderr.writelines(traceback.format_tb(error.__traceback__))
        sys.stderr.write(f"{sentence(error)}\n")
        return 2 if is_bug(error) else 1
    finally:
        gc.freeze()  # nor does Python look through them when it ends
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="tfc-plan-comment", description="Says what a Terraform plan will do.")
    parser.add_argument("--version", action="version", version=f"tfc-plan-comment {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=_Parser)
    render = commands.add_parser("render", help="write the comment for a plan JSON")
    render.add_argument("plan", metavar="PLAN.json", help="the output of terraform show -json; - reads standard input")
    render.add_argument(
        "--format",
        choices=("markdown", "json", "html"),
        default="markdown",
        help="what to write: the comment, the summary JSON or the HTML report (default: markdown)",
    )
    render.add_argument("--template", type=Path, metavar="FILE", help="Jinja template that writes the comment")
    render.add_argument(
        "--attention",
        choices=("true", "false"),
        default="true",
        help="name the changes that deserve a look (default: true)",
    )
    render.add_argument(
        "--attention-ignore",
        action="append",
        default=[],
        metavar="RULE [ADDRESS]",
        help="ignore this rule, everywhere or only at addresses that match the pattern; can be repeated",
    )
    render.add_argument(
        "--reveal",
        action="append",
        default=[],
        metavar="ADDRESS[.PATH]",
        help="show what looks like a secret, and is not marked as sensitive, there; can be repeated",
    )
    render.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to this file; - is standard output")
    return parser
