"""The command line needs no server: it makes what the action makes out of a plan JSON, or says why not."""

import codecs
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tfc_plan_comment import __version__
from tfc_plan_comment.cli import main

GOLDEN = Path(__file__).parents[1] / "golden"
PLAN = GOLDEN / "mixed-update" / "plan.json"
SENTENCE = "Plan: 4 to add, 6 to change, 3 to destroy."
COMMAND = (sys.executable, "-I", "-c", "import sys; from tfc_plan_comment.cli import main; sys.exit(main())")
HOW = "Make one with: terraform show -json PLANFILE > plan.json."

Completed = subprocess.CompletedProcess[bytes]
Run = Callable[..., Completed]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command line as a process, in an empty folder and an empty environment (but for what measures coverage)."""
    environment = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_PROCESS")}

    def run(*arguments: str | Path, stdin: bytes = b"", stdout: int = subprocess.PIPE) -> Completed:
        return subprocess.run(  # noqa: S603 - our own command line
            (*COMMAND, *arguments),
            input=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=tmp_path,
            check=False,
        )

    return run


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """What the command line says on standard error when it ends with 1 and has written nothing else."""
    assert main([str(argument) for argument in arguments]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith("\n")
    return said.err[:-1]


class TestFormats:
    """What comes out."""

    def test_markdown_is_the_comment(self, run: Run) -> None:
        """Without a format it is the comment's Markdown."""
        done = run("render", PLAN)
        assert (done.returncode, done.stderr) == (0, b"")
        assert f"**{SENTENCE}**" in done.stdout.decode()
        assert run("render", PLAN, "--format", "markdown").stdout == done.stdout

    def test_json_is_the_summary(self, run: Run) -> None:
        """The summary JSON."""
        done = run("render", PLAN, "--format", "json")
        assert json.loads(done.stdout)["plan_summary"] == SENTENCE

    def test_html_is_a_page(self, run: Run) -> None:
        """A page for a browser."""
        done = run("render", PLAN, "--format", "html")
        assert done.returncode == 0
        assert done.stdout.startswith(b"<!doctype html>")
        assert SENTENCE.encode() in done.stdout

    def test_template_makes_the_markdown(self, run: Run, tmp_path: Path) -> None:
        """A template of the user's, relative to where they are."""
        (tmp_path / "mine.j2").write_text("{{ marker }}\n{{ sentence }}\n", encoding="utf-8")
        done = run("render", PLAN, "--template", "mine.j2")
        assert done.stdout.decode() == f"<!-- tfc-plan-comment:plan.json -->\n{SENTENCE}\n"

    def test_what_deserves_a_look(self, run: Run) -> None:
        """It is in the summary, but for what is ignored, or all of it where it is switched off."""

        def rules(*arguments: str) -> tuple[list[str], int]:
            document = json.loads(run("render", PLAN, "--format", "json", *arguments).stdout)
            said = [notice["rule"] for change in document["changes"] for notice in change["attention"]]
            return said, document["attention"]["ignored"]

        assert rules() == (["iam-condition-gone", "aws-open-port"], 0)
        assert rules("--attention-ignore", "aws-open-port") == (["iam-condition-gone"], 1)
        ignored = ["--attention-ignore", "aws-open-port module.*", "--attention-ignore", "iam-condition-gone aws_iam_*"]
        assert rules(*ignored) == (["aws-open-port"], 1)
        assert rules("--attention", "false", *ignored) == ([], 0)

    def test_what_looks_like_a_secret(self, run: Run, tmp_path: Path) -> None:
        """It is shown where the user wants to see it; a place that is not there is named on standard error."""
        token = "ghp_" + "aB3dE5fG7h" * 4
        change = {"actions": ["create"], "before": None, "after": {"user_data": token}}
        resource = {"address": "aws_instance.a", "type": "aws_instance", "name": "a", "change": change}
        plan = tmp_path / "secret.json"
        plan.write_text(json.dumps({"format_version": "1.2", "resource_changes": [resource]}), encoding="utf-8")

        assert token.encode() not in run("render", str(plan)).stdout
        done = run("render", str(plan), "--reveal", "aws_instance.a.user_data", "--reveal", "aws_instance.b")
        assert token.encode() in done.stdout
        assert done.stderr.decode() == (
            "Option --reveal: nothing in the plan is at 'aws_instance.b'. "
            "Correct the address or the path, or remove it.\n"
        )

    def test_version_and_help(self, run: Run) -> None:
        """Both are on standard output, and no error."""
        assert run("--version").stdout.decode() == f"tfc-plan-comment {__version__}\n"
        usage = run("render", "--help")
        assert usage.returncode == 0
        assert usage.stdout.startswith(b"usage: tfc-plan-comment render ")


class TestStreams:
    """Standard input, standard output and files."""

    @pytest.mark.parametrize("encode", [bytes, codecs.BOM_UTF8.__add__, lambda plan: plan.decode().encode("utf-16")])
    def test_standard_input(self, run: Run, encode: Callable[[bytes], bytes]) -> None:
        """`-` reads standard input, in whatever encoding a shell gives it."""
        done = run("render", "-", stdin=encode(PLAN.read_bytes()))
        assert (done.returncode, done.stderr) == (0, b"")
        assert SENTENCE in done.stdout.decode()

    def test_output_file(self, run: Run, tmp_path: Path) -> None:
        """`-o` writes the file and its folder, and nothing else; the content is the same."""
        done = run("render", PLAN, "-o", "out/comment.md")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["comment.md"]
        assert (tmp_path / "out" / "comment.md").read_bytes() == run("render", PLAN).stdout

    def test_output_dash_is_standard_output(self, run: Run, tmp_path: Path) -> None:
        """As everywhere, a dash is standard output and no file of that name."""
        done = run("render", PLAN, "-o", "-")
        assert (done.returncode, done.stdout) == (0, run("render", PLAN).stdout)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("arguments", [("render", str(PLAN)), ("render",), ("render", "--help"), ("--version",)])
    def test_module_says_what_the_console_script_says(self, arguments: tuple[str, ...]) -> None:
        """`python -m tfc_plan_comment` with arguments is the same command: output, errors and exit code."""
        script, module = (
            subprocess.run([*command, *arguments], capture_output=True, check=False)  # noqa: S603 - our own command line
            for command in (COMMAND, (sys.executable, "-I", "-m", "tfc_plan_comment"))
        )
        assert (module.returncode, module.stdout, module.stderr) == (script.returncode, script.stdout, script.stderr)

    def test_output_file_is_whole_or_untouched(self, run: Run, tmp_path: Path) -> None:
        """When there is nothing to write, what the file held before stays."""
        (tmp_path / "comment.md").write_text("before", encoding="utf-8")
        assert run("render", "-", "-o", "comment.md", stdin=b"{}").returncode == 1
        assert (tmp_path / "comment.md").read_text(encoding="utf-8") == "before"

    def test_output_device(self, run: Run) -> None:
        """`-o /dev/stdout` is written to, not replaced."""
        assert run("render", PLAN, "-o", "/dev/stdout").stdout == run("render", PLAN).stdout
        assert Path("/dev/stdout").is_symlink()

    def test_reader_that_has_enough(self, run: Run) -> None:
        """With `| head` the rest of the output is dropped without a word."""
        reading, writing = os.pipe()
        os.close(reading)
        try:
            done = run("render", GOLDEN / "fan-out-300" / "plan.json", stdout=writing)
        finally:
            os.close(writing)
        assert (done.returncode, done.stderr) == (0, b"")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
    def test_full_disk(self, run: Run) -> None:
        """Output that cannot be written is an error."""
        full = os.open("/dev/full", os.O_WRONLY)
        try:
            done = run("render", PLAN, stdout=full)
        finally:
            os.close(full)
        assert done.returncode == 1
        assert done.stderr == b"Cannot write to standard output: No space left on device. Check the disk.\n"


class TestErrors:
    """One sentence, and 1."""

    def test_no_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The command is missing."""
        assert refused(capsys) == (
            "Cannot read the command line: the following arguments are required: COMMAND. See tfc-plan-comment --help."
        )

    def test_no_plan(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The plan is missing."""
        assert refused(capsys, "render") == (
            "Cannot read the command line: the following arguments are required: PLAN.json. See tfc-plan-comment render"
            " --help."
        )

    @pytest.mark.parametrize("arguments", [["rendr"], ["render", PLAN, "--format", "yaml"]])
    def test_unknown_choice(self, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
        """A command or a format that there is not; argparse names those that there are."""
        said = refused(capsys, *arguments)
        assert said.startswith("Cannot read the command line: argument ")
        assert "invalid choice: " in said
        assert said.endswith(" --help.")

    def test_unknown_option(self, capsys: pytest.CaptureFixture[str]) -> None:
        """An option that there is not."""
        assert refused(capsys, "render", PLAN, "--colour") == (
            "Cannot read the command line: unrecognized arguments: --colour. See tfc-plan-comment --help."
        )

    def test_template_with_another_format(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A template makes Markdown and nothing else."""
        assert refused(capsys, "render", PLAN, "--format", "json", "--template", "mine.j2") == (
            "Cannot use --template: the format is json, but a template writes Markdown. Remove --format or --template."
        )

    def test_rule_that_is_not_there(self, capsys: pytest.CaptureFixture[str]) -> None:
        """To ignore a rule, one has to name it."""
        assert refused(capsys, "render", PLAN, "--reveal", "a b") == (
            "Cannot use --reveal: 'a b' is more than an address or a path. Put each on its own line, such as "
            "aws_lambda_function.api or module.a.aws_instance.b.user_data."
        )
        assert refused(capsys, "render", PLAN, "--attention-ignore", "iam-trusts") == (
            "Cannot use --attention-ignore: line 1, 'iam-trusts', does not start with the id of a rule. "
            "Use iam-trust, if you meant that; docs/attention.md lists all rules."
        )

    def test_plan_that_is_not_there(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The path is named."""
        assert refused(capsys, "render", "nowhere.json") == (
            "Cannot read the plan nowhere.json: No such file or directory. Check the path."
        )

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "it is empty"),
            (b"{}", "it is JSON, but contains no part of a plan"),
            (b"[]", "its JSON is not a plan (Expected `object`, got `array`)"),
        ],
    )
    def test_plan_that_is_none(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, why: str
    ) -> None:
        """Each kind of file that is no plan has its own sentence."""
        (tmp_path / "plan.json").write_bytes(content)
        assert refused(capsys, "render", tmp_path / "plan.json") == (
            f"Cannot read the plan {tmp_path}/plan.json: {why}. {HOW}"
        )

    def test_plan_that_is_compressed(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        """A file out of gzip is named as what it is."""
        (tmp_path / "plan.json.gz").write_bytes(gzip.compress(PLAN.read_bytes()))
        assert refused(capsys, "render", tmp_path / "plan.json.gz") == (
            f"Cannot read the plan {tmp_path}/plan.json.gz: it is compressed with gzip. Unpack it with gunzip."
        )

    def test_standard_input_that_is_no_plan(self, run: Run) -> None:
        """Standard input is called so."""
        done = run("render", "-", stdin=b"[]")
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr.decode() == (
            f"Cannot read the plan on standard input: its JSON is not a plan (Expected `object`, got `array`). {HOW}\n"
        )

    def test_template_that_is_not_there(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The template's path is named."""
        assert refused(capsys, "render", PLAN, "--template", "nowhere.j2") == (
            "Cannot read the template nowhere.j2: No such file or directory. Check the path."
        )

    def test_output_that_cannot_be_written(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        """A folder is no file to write."""
        assert refused(capsys, "render", PLAN, "-o", tmp_path) == (
            f"Cannot write {tmp_path}: Is a directory. Check the path and the disk."
        )

    def test_bug(self) -> None:
        """What nobody expects ends with 2, where it happened, and no value."""
        code = "import sys; sys.stdin = None; from tfc_plan_comment.cli import main; sys.exit(main())"
        done = subprocess.run(  # noqa: S603 - our own
            [sys.executable, "-I", "-c", code, "render", "-"], capture_output=True, encoding="utf-8", check=False
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("  File ")
        assert done.stderr.endswith(
            "\ntfc-plan-comment failed: AttributeError, which is a bug. Report it with the traceback.\n"
        )


def test_little_is_imported_before_something_is_asked_for() -> None:
    """What imports make lives until the end: the collector is off before it has all of that to look through."""
    code = "import sys, tfc_plan_comment.cli; print(*(name for name in sys.modules if name.startswith('tfc_')))"
    done = subprocess.run((sys.executable, "-I", "-c", code), stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own
    ours = {"tfc_plan_comment", *(f"tfc_plan_comment.{name}" for name in ("cli", "errors", "memory_limit"))}
    assert set(done.stdout.decode().split()) == ours
