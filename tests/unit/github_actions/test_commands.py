"""Nothing that we print or write for the runner can be taken for something else, and no secret is in it."""

import errno
import io
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tfc_plan_comment.github_actions.commands import ANNOTATION_LIMIT, STEP_SUMMARY_LIMIT, Commands

ALL_TEXT = st.text(st.characters())  # lone surrogates as well


def printed(stdout: io.StringIO) -> list[str]:
    """The lines as the runner reads them: it ends them at CR, LF and CR LF (.NET's StreamReader)."""
    return re.split(r"\r\n|\r|\n", stdout.getvalue())[:-1]


def is_command(line: str) -> bool:
    """What ActionCommand.cs takes for a command."""
    return line.lstrip().startswith("::") or "##[" in line


@pytest.fixture
def stdout() -> io.StringIO:
    """What was printed."""
    return io.StringIO()


@pytest.fixture
def commands(stdout: io.StringIO, tmp_path: Path) -> Commands:
    """On a runner whose files are in tmp_path."""
    return Commands(stdout=stdout, output_file=tmp_path / "output", summary_file=tmp_path / "summary")


@given(ALL_TEXT)
@example("::error::x")
@example(" \u3000\x85::set-output name=a::b")
@example("\ufeff::error::x")
@example("plan says ##[error]x")
@example("####[error]x")
@example("a\n::error::x")
@example("a\r::stop-commands::x")
@example("\x1b[31mred")
@example("\u202etxt.exe")
def test_a_plain_line_is_one_line_and_never_a_command(text: str) -> None:
    """`info` prints one line that the runner takes for text and a terminal for characters."""
    stdout = io.StringIO()

    Commands(stdout=stdout, output_file=None, summary_file=None).info(text)

    (line,) = printed(stdout)
    assert not is_command(line)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", line)


def test_a_plain_line_shows_what_it_neutralised(commands: Commands, stdout: io.StringIO) -> None:
    """Everything is still there to be read."""
    commands.info("  ::error::a\tb")
    commands.info("see ##[error]c")
    commands.info("d\r\n\x1b[31me\ud800")

    assert printed(stdout) == [
        "  \\::error::a\tb",
        "see ##\\[error]c",
        "d\\r\\n\\x1b[31me\\ud800",
    ]


@given(ALL_TEXT, ALL_TEXT)
@example("100% of a\r\nb::", "a:b,c%")
@example("", " ")
def test_a_command_is_one_line_that_the_runner_reads_back(text: str, title: str) -> None:
    """Data and properties come out of the runner's own unescaping as they went in, control characters excepted."""
    stdout = io.StringIO()

    Commands(stdout=stdout, output_file=None, summary_file=None).warning(text, title=title)

    (line,) = printed(stdout)
    match = re.fullmatch(r"::warning(?: title=(?P<title>[^:,]*))?::(?P<data>.*)", line)
    assert match
    # ActionCommand.cs, UnescapeProperty and UnescapeData
    read_title = match["title"] or ""
    for escaped, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        read_title = read_title.replace(escaped, character)
    data = match["data"].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    if text.isprintable():
        assert data == text
    if title.isprintable():
        assert read_title == title


def test_each_command_has_its_form(commands: Commands, stdout: io.StringIO) -> None:
    """The annotations and a group, as GitHub documents them."""
    commands.notice("a\nb", title="Plan: x, y")
    commands.error("c")
    with commands.group("Download"):
        commands.info("inside")

    assert printed(stdout) == [
        "::notice title=Plan%3A x%2C y::a%0Ab",
        "::error::c",
        "::group::Download",
        "inside",
        "::endgroup::",
    ]


def test_an_error_on_a_line_of_a_file(commands: Commands, stdout: io.StringIO) -> None:
    """Its place comes before its title, each escaped as a property; what is not known is left out."""
    commands.error("Bad", title="a,b", file="x:y/100%.tf", line=3, column=7)
    commands.error("Bad", file="main.tf")
    commands.mask("secret")
    commands.error("Bad", file="of secret.tf", line=1)
    assert stdout.getvalue().splitlines() == [
        "::error file=x%3Ay/100%25.tf,line=3,col=7,title=a%2Cb::Bad",
        "::error file=main.tf::Bad",
        "::add-mask::secret",
        "::error file=of ***.tf,line=1::Bad",
    ]
    assert commands.errors == 3


def test_a_group_ends_even_when_what_is_in_it_fails(commands: Commands, stdout: io.StringIO) -> None:
    """What comes after an error is not folded away with it."""
    with pytest.raises(ZeroDivisionError), commands.group("Download"):
        raise ZeroDivisionError

    assert printed(stdout) == ["::group::Download", "::endgroup::"]


def test_a_long_annotation_says_that_it_is_cut(commands: Commands, stdout: io.StringIO) -> None:
    """The runner cuts at 4,096 UTF-16 units without a word; we keep the beginning and say it."""
    commands.error("a" * 4096)
    commands.error("😀" * 2049)

    whole, cut = (line.removeprefix("::error::") for line in printed(stdout))
    assert whole == "a" * 4096
    assert cut.startswith("😀" * 2000)
    assert cut.endswith("😀… (cut here; 4098 characters in all)")
    assert len(cut.encode("utf-16-le")) // 2 <= ANNOTATION_LIMIT


def test_a_masked_secret_is_shown_nowhere(commands: Commands, stdout: io.StringIO, tmp_path: Path) -> None:
    """After `mask` the secret is `***` in every line, annotation, output and in the step summary."""
    commands.mask("s3cr%t")
    assert printed(stdout) == ["::add-mask::s3cr%25t"]
    stdout.truncate(0)
    stdout.seek(0)

    commands.info("a s3cr%t b")
    commands.notice("s3cr%t", title="s3cr%t")
    commands.warning("s3cr%t", title="s3cr%t")
    commands.error("s3cr%t")
    with commands.group("s3cr%t"):
        pass
    commands.set_outputs([("name", "s3cr%t")])
    commands.append_summary("s3cr%t")

    everything = stdout.getvalue() + (tmp_path / "output").read_text() + (tmp_path / "summary").read_text()
    assert "s3cr" not in everything
    assert everything.count("***") == 9
    assert "a *** b" in everything


@given(st.lists(st.text(min_size=4)), st.text())
@example(["****"], "*****")
@example(["abcd", "abcdef"], "abcdef")
@example(["a***b"], "aabcdb")
@example(["ab\ncdef"], "cdef")
def test_no_masked_secret_survives_in_any_text(
    tmp_path_factory: pytest.TempPathFactory, secrets: list[str], text: str
) -> None:
    """However secrets overlap, and whatever `***` makes together with what stands beside it."""
    summary = tmp_path_factory.getbasetemp() / "summary-with-masks"
    summary.unlink(missing_ok=True)
    commands = Commands(stdout=io.StringIO(), output_file=None, summary_file=summary)
    for secret in secrets:
        commands.mask(secret)

    commands.append_summary("".join([text, *secrets, text]))

    lines = {line for secret in secrets for line in re.split(r"[\r\n]+", secret) if len(line.strip()) >= 4}
    assert not [line for line in lines if line in summary.read_bytes().decode()]


def test_a_secret_of_several_lines_is_masked_line_by_line(commands: Commands, stdout: io.StringIO) -> None:
    """Each line is a secret of its own, as the runner has it; short ones are not, nor is what is masked already."""
    commands.mask("-----BEGIN\r\n  }\nabcdef\n")
    commands.mask("abcdef")
    commands.mask("")
    commands.mask("abc")
    commands.info("x abcdef } abc")

    assert printed(stdout) == ["::add-mask::-----BEGIN", "::add-mask::abcdef", "x *** } abc"]


def read_outputs(content: bytes) -> dict[str, str]:
    """As the runner reads them (FileCommandManager.cs): a line ends at LF, a delimiter has a line of its own."""
    lines = iter(content.decode().split("\n"))
    outputs = {}
    for head in lines:
        if head:
            name, _, delimiter = head.partition("<<")
            outputs[name] = "\n".join(iter(lines.__next__, delimiter))
    return outputs


@given(st.lists(ALL_TEXT, min_size=1))
@example(["", "\n", "\r", "a\r\n", "x<<EOF\nEOF\n", "a=b"])
def test_outputs_are_read_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, values: list[str]) -> None:
    """The runner reads every value back, several outputs in one file; a lone surrogate becomes an escape."""
    output = tmp_path_factory.mktemp("outputs") / "output"
    commands = Commands(stdout=io.StringIO(), output_file=output, summary_file=None)

    commands.set_outputs((f"name-{index}", value) for index, value in enumerate(values))

    expected = [value.encode(errors="backslashreplace").decode() for value in values]
    assert read_outputs(output.read_bytes()) == {f"name-{index}": value for index, value in enumerate(expected)}


def test_a_delimiter_is_never_in_the_value(tmp_path: Path) -> None:
    """Should the random delimiter stand in the value, another one is taken."""
    output = tmp_path / "output"
    delimiters = iter(["EOF", "EOF2", "OTHER"])
    commands = Commands(stdout=io.StringIO(), output_file=output, summary_file=None, new_delimiter=delimiters.__next__)

    commands.set_outputs([("plan", "a\nEOF2\nb")])

    assert output.read_text() == "plan<<OTHER\na\nEOF2\nb\nOTHER\n"


@pytest.mark.parametrize("name", ["", "a b", "a=b", "a<<b", "a\nb", "1a", "ä"])
def test_what_cannot_be_an_output_is_refused(commands: Commands, name: str) -> None:
    """A name that would break the file is a bug of ours, and nothing is written."""
    with pytest.raises(ValueError, match=re.escape(f"not the name of an output: {name!r}")):
        commands.set_outputs([("good", "value"), (name, "value")])


def test_the_summary_is_appended(commands: Commands, tmp_path: Path) -> None:
    """What another one wrote into the step summary stays, and line ends stay as they are."""
    (tmp_path / "summary").write_bytes(b"before\n")

    commands.append_summary("# Plan\r\n")
    commands.append_summary("ü\ud800\n")

    assert (tmp_path / "summary").read_bytes() == "before\n# Plan\r\nü\\ud800\n".encode()


def test_the_summary_never_exceeds_its_limit(commands: Commands, tmp_path: Path) -> None:
    """Up to 1 MiB of UTF-8 in the file it is written; beyond, nothing is, because the runner would drop it all."""
    summary = tmp_path / "summary"
    commands.append_summary("ü" * (STEP_SUMMARY_LIMIT // 2 - 1))

    with pytest.raises(ValueError, match=r"^the step summary would be 1048577 bytes long, above the limit of 1048576$"):
        commands.append_summary("abc")
    assert summary.stat().st_size == STEP_SUMMARY_LIMIT - 2

    commands.append_summary("ab")
    assert summary.stat().st_size == STEP_SUMMARY_LIMIT


def test_without_a_runner_only_lines_are_printed(stdout: io.StringIO) -> None:
    """Where no files are named, outputs and summary are dropped."""
    commands = Commands(stdout=stdout, output_file=None, summary_file=None)

    commands.set_outputs([("name", "value")])
    commands.append_summary("# Plan")
    commands.info("a line")

    assert stdout.getvalue() == "a line\n"


def test_several_threads_may_print_and_mask(commands: Commands, stdout: io.StringIO) -> None:
    """Lines of different threads stay whole, and what one of them masks is masked for all."""

    def work(number: int) -> None:
        for turn in range(200):
            commands.mask(f"secret-{number}-{turn}-end")
            commands.info(f"this is secret-{number}-{turn}-end")

    with ThreadPoolExecutor() as pool:
        list(pool.map(work, range(4)))

    plain = [line for line in printed(stdout) if not line.startswith("::add-mask::secret-")]
    assert plain == ["this is ***"] * 800


class Full(io.StringIO):
    """A log on a disk that is full."""

    def write(self, text: str) -> int:
        """Not a character of it."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), text)


def test_what_cannot_be_written_is_kept_and_ends_nothing(tmp_path: Path) -> None:
    """A file of the runner that cannot be written, and a log that nobody takes: each has its sentence, once."""
    commands = Commands(stdout=Full(), output_file=tmp_path, summary_file=tmp_path / "none" / "summary")
    for _ in range(2):
        commands.info("a line")
        commands.set_outputs([("name", "value")])
        commands.append_summary("# Plan")

    log, outputs, summary = map(str, commands.problems)

    assert log == "Cannot write the log: No space left on device. Check what reads the standard output of the step."
    assert outputs == (
        f"Cannot write the outputs into {tmp_path}: Is a directory. Check the runner's disk, and the variable"
        " GITHUB_OUTPUT."
    )
    assert summary == (
        f"Cannot write the step summary into {tmp_path}/none/summary: No such file or directory. Check the runner's"
        " disk, and the variable GITHUB_STEP_SUMMARY."
    )
    assert commands.log_problem == commands.problems[0]
