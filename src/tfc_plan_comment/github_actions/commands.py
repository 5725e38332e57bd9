"""Speaks to GitHub's runner: log lines, annotations, masks, outputs and the step summary.

The runner reads every line that we print, so a line must never become a command by what is quoted in it.
Sources: actions/runner ActionCommand.cs, ActionCommandManager.cs, FileCommandManager.cs, ExecutionContext.cs.
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from uuid import uuid4

from tfc_plan_comment.disk import append
from tfc_plan_comment.errors import ActionError
from tfc_plan_comment.expression import expression

STEP_SUMMARY_LIMIT = 1_048_576
"""Bytes in the step summary's file; above it the runner uploads nothing (FileCommandManager.cs)."""
ANNOTATION_LIMIT = 4096
"""UTF-16 code units in an annotation's message, beyond which the runner cuts (ExecutionContext.cs)."""
SHORTEST_SECRET = 4
"""Characters; a shorter one would be found by chance all over the log."""

LOG = "the log"

# ESC starts ANSI sequences, CR and LF start lines, bidirectional controls reorder them, lone surrogates are no UTF-8.
_INVISIBLE = expression("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_OUTPUT_NAME = expression(r"[A-Za-z_][A-Za-z0-9_-]*")


class Commands:
    """The way to the runner. After `mask(secret)` no method lets that secret through; `***` stands in its place.

    Several threads may print and mask; lines do not get mixed up.

    Where the log or a file of the runner cannot be written, the work goes on, for the comment is worth more than they
    are. `problems` has why, a sentence for each, and the step fails at its end.
    """

    def __init__(
        self,
        *,
        stdout: TextIO,
        output_file: Path | None,
        summary_file: Path | None,
        new_delimiter: Callable[[], str] = lambda: f"tfc-plan-comment-{uuid4()}",
    ) -> None:
        """Take the files that the runner named; without one (None, not on a runner) what would go there is dropped."""
        self._stdout = stdout
        self._output_file = output_file
        self._summary_file = summary_file
        self._new_delimiter = new_delimiter
        self._lock = threading.RLock()
        self._secrets: tuple[str, ...] = ()
        self._errors = 0
        self._problems: dict[str, ActionError] = {}

    @property
    def problems(self) -> tuple[ActionError, ...]:
        """What could not be written, and why; each once."""
        return tuple(self._problems.values())

    @property
    def log_problem(self) -> ActionError | None:
        """The one of them that the log cannot tell of."""
        return self._problems.get(LOG)

    @property
    def errors(self) -> int:
        """The number of errors that were annotated: the runner keeps 10 for a step."""
        return self._errors

    def info(self, text: str) -> None:
        """Print one plain line. Control characters in it are shown as escapes, and nothing in it is a command."""
        line = _visible(self._masked(text))
        # The runner takes `::` after any white space, and the older `##[` anywhere in a line (ActionCommand.cs).
        line = re.sub(r"^(\s*)::", r"\1\\::", line).replace("##[", "##\\[")
        self._print(line)

    def notice(self, text: str, *, title: str = "") -> None:
        """Annotate the workflow run; the runner keeps 10 of each kind for a step."""
        self._annotate("notice", text, title)

    def warning(self, text: str, *, title: str = "") -> None:
        """Annotate the workflow run."""
        self._annotate("warning", text, title)

    def error(
        self, text: str, *, title: str = "", file: str = "", line: int | None = None, column: int | None = None
    ) -> None:
        """Annotate the workflow run, or a line of a file in the repository.

        It does not fail the step; the exit status does.
        """
        self._errors += 1
        self._annotate("error", text, title, file=file, line=line, col=column)

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold the lines that are printed meanwhile under a title."""
        self._command("group", self._masked(title))
        try:
            yield
        finally:
            self._command("endgroup", "")

    def mask(self, secret: str) -> None:
        """Never show this again, from now on; of several lines, none of them. Under 4 characters nothing is masked.

        The lines are handed to the runner one by one, as it would itself, so that it masks no line as short as `}`.
        """
        for line in re.split(r"[\r\n]+", secret):
            with self._lock:
                if len(line.strip()) >= SHORTEST_SECRET and line not in self._secrets:
                    self._print(f"::add-mask::{line.replace('%', '%25')}")  # exactly: what is changed is not masked
                    # The longest first, so that a secret inside another one leaves no rest of the longer one behind.
                    self._secrets = tuple(sorted((*self._secrets, line), key=len, reverse=True))

    def masked(self, text: str) -> str:
        """The text for wherever else it goes, such as the comment: no server that says a secret brings it there."""
        return self._masked(text)

    def set_outputs(self, outputs: Iterable[tuple[str, str]]) -> None:
        """Set outputs of the step, all of them or none. Raises ValueError for a name that is none: that is a bug."""
        text = "".join(self._output(name, self._masked(value)) for name, value in outputs)
        with self._said("the outputs", "GITHUB_OUTPUT", self._output_file):
            _append(self._output_file, text)

    def _output(self, name: str, value: str) -> str:
        """The output as the file has it."""
        if not _OUTPUT_NAME.fullmatch(name):
            raise ValueError(f"not the name of an output: {name!r}")
        delimiter = self._new_delimiter()
        while delimiter in value:
            delimiter = self._new_delimiter()
        return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"

    def append_summary(self, markdown: str) -> None:
        """Add Markdown to the step summary.

        Raises ValueError, and writes nothing, if the summary would then exceed STEP_SUMMARY_LIMIT: the caller fits it.
        """
        text = self._masked(markdown)
        with self._said("the step summary", "GITHUB_STEP_SUMMARY", self._summary_file):
            present = self._summary_file.stat().st_size if self._summary_file and self._summary_file.exists() else 0
            size = present + len(_encoded(text))
            if size > STEP_SUMMARY_LIMIT:
                said = f"the step summary would be {size} bytes long, above the limit of {STEP_SUMMARY_LIMIT}"
                raise ValueError(said)
            _append(self._summary_file, text)

    @contextmanager
    def _said(self, what: str, variable: str, path: Path | None) -> Iterator[None]:
        """Keep why a file of the runner cannot be written."""
        try:
            yield
        except OSError as error:
            advice = f"Check the runner's disk, and the variable {variable}"
            self._problems[what] = ActionError(f"Cannot write {what} into {path}", str(error.strerror), advice)

    def _annotate(self, command: str, text: str, title: str, **place: str | int | None) -> None:
        given = {name: str(value) for name, value in {**place, "title": title}.items() if value}
        properties = ",".join(f"{name}={_property(self._masked(value))}" for name, value in given.items())
        self._command(f"{command} {properties}" if given else command, _cut(self._masked(text)))

    def _command(self, command: str, data: str) -> None:
        self._print(f"::{command}::{_data(data)}")

    def _print(self, line: str) -> None:
        with self._lock:
            try:
                self._stdout.write(f"{line}\n")
                self._stdout.flush()
            except OSError as error:
                advice = "Check what reads the standard output of the step"
                self._problems[LOG] = ActionError("Cannot write the log", str(error.strerror), advice)

    def _masked(self, text: str) -> str:
        # Again, until nothing changes: `***` could complete another secret. Each replacement shortens the text.
        secrets = self._secrets
        while any(secret in text for secret in secrets):
            for secret in secrets:
                text = text.replace(secret, "***")
        return text


class CommandsAbout(Commands):
    """The same way to the runner, for one thread of several: each line begins with the name of what it is about.

    Nothing is folded, for the lines of other threads would be in the fold.
    """

    def __init__(self, name: str, commands: Commands) -> None:
        """Speak through `commands`."""
        self._name, self._commands = name, commands

    def info(self, text: str) -> None:
        self._commands.info(f"{self._name}: {text}")

    def notice(self, text: str, *, title: str = "") -> None:
        self._commands.notice(f"{self._name}: {text}", title=title)

    def warning(self, text: str, *, title: str = "") -> None:
        self._commands.warning(f"{self._name}: {text}", title=title)

    @property
    def problems(self) -> tuple[ActionError, ...]:
        return self._commands.problems

    @property
    def log_problem(self) -> ActionError | None:
        return self._commands.log_problem

    @property
    def errors(self) -> int:
        return self._commands.errors

    def error(
        self, text: str, *, title: str = "", file: str = "", line: int | None = None, column: int | None = None
    ) -> None:
        self._commands.error(f"{self._name}: {text}", title=title, file=file, line=line, column=column)

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        self.info(title)
        yield

    def mask(self, secret: str) -> None:
        self._commands.mask(secret)

    def masked(self, text: str) -> str:
        return self._commands.masked(text)

    def set_outputs(self, outputs: Iterable[tuple[str, str]]) -> None:
        self._commands.set_outputs(outputs)

    def append_summary(self, markdown: str) -> None:
        self._commands.append_summary(markdown)


def _visible(text: str) -> str:
    r"""Control characters as escapes (`\n`, `\x1b`)."""
    return _INVISIBLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def _data(text: str) -> str:
    """Escape a command's data as ActionCommand.cs reads it; control characters other than line ends become visible."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return _visible(escaped)


def _property(text: str) -> str:
    """Escape a command's property as ActionCommand.cs reads it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cut(text: str) -> str:
    """The text as the runner will show it, saying so where it is cut; the runner counts UTF-16 code units."""
    units = text.encode("utf-16-le", errors="surrogatepass")
    if len(units) <= 2 * ANNOTATION_LIMIT:
        return text
    said = f"… (cut here; {len(units) // 2} characters in all)"
    return units[: 2 * (ANNOTATION_LIMIT - len(said))].decode("utf-16-le", errors="ignore") + said


def _append(path: Path | None, text: str) -> None:
    if path is not None:
        append(path, _encoded(text))


def _encoded(text: str) -> bytes:
    """UTF-8; a lone surrogate, which JSON may hold and UTF-8 may not, as an escape."""
    return text.encode(errors="backslashreplace")
