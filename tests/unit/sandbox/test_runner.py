"""The sandbox's runner treats a step as GitHub's runner does."""

from pathlib import Path

import pytest

from tfc_sandbox.runner import Runner, as_shown, read_outputs


class TestReadOutputs:
    """The file of outputs, as FileCommandManager.cs reads it."""

    def test_reads_blocks(self) -> None:
        """A value may have several lines, be empty, and hold what looks like another output."""
        text = "a<<x\none\ntwo\nx\nb<<y\n\ny\nc<<z\nd<<w\nz\n"
        assert read_outputs(text) == {"a": "one\ntwo", "b": "", "c": "d<<w"}

    def test_takes_the_last_of_a_name(self) -> None:
        """An output that is set twice has its last value."""
        assert read_outputs("a<<x\n1\nx\na<<x\n2\nx\n") == {"a": "2"}

    def test_refuses_what_is_no_output(self) -> None:
        """A line that starts no block is a mistake of ours."""
        with pytest.raises(ValueError, match=r"^not an output: 'a=1'$"):
            read_outputs("a=1\n")

    def test_refuses_a_value_without_an_end(self) -> None:
        """So is a value whose delimiter does not come again."""
        with pytest.raises(ValueError, match=r"^the output a does not end$"):
            read_outputs("a<<x\n1\n")


class TestAsShown:
    """The log as a user sees it."""

    @pytest.mark.parametrize(
        ("line", "shown"),
        [
            ("plain\n", "plain\n"),
            ("  ::not at the start, as we write it\n", "  ::not at the start, as we write it\n"),
            ("::add-mask::secret\n", None),
            ("::endgroup::\n", None),
            ("::debug::only with debug logging\n", None),
            ("::group::Traceback\n", "▾ Traceback\n"),
            ("::notice::Note\n", "Notice: Note\n"),
            ("::warning title=No comment%3A why::100%25 sure%0Aof it\n", "Warning: 100% sure\nof it\n"),
            ("::error::Sentence with :: in it.\n", "Error: Sentence with :: in it.\n"),
        ],
    )
    def test_commands_are_carried_out(self, line: str, shown: str | None) -> None:
        """Commands are not shown as such: annotations by their kind, masks not at all."""
        assert as_shown(line) == shown


class TestPrepare:
    """The environment of a step."""

    def test_inputs_keep_their_dashes(self, tmp_path: Path) -> None:
        """An input's name is upper-cased, its spaces become underscores, its dashes stay."""
        environment = Runner(folder=tmp_path).prepare("step", {"run-id": "run-1", "some name": ""})
        assert environment["INPUT_RUN-ID"] == "run-1"
        assert environment["INPUT_SOME_NAME"] == ""

    def test_each_step_has_files_of_its_own(self, tmp_path: Path) -> None:
        """Outputs and step summary are empty files, and differ from step to step."""
        runner = Runner(folder=tmp_path, event={"number": 7})
        first, second = runner.prepare("first", {}), runner.prepare("second", {})
        for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
            assert first[name] != second[name]
            assert Path(first[name]).read_bytes() == b""
        assert Path(first["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8") == '{"number": 7}'
        assert Path(first["GITHUB_WORKSPACE"]).is_dir()


class TestRun:
    """A step as a process of its own."""

    def test_gives_what_the_step_left_behind(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Exit code, log, outputs and step summary; with `echo` the log is shown as the runner shows it."""
        done = Runner(folder=tmp_path).run("step", {"token": "secret-token"}, echo=True)
        sentence = (
            "Inputs: none of them names a plan to show."
            " Set exactly one of organization, run-id, plan-id, cloud-plan, plan-json and summaries."
        )
        assert (done.exit_code, done.outputs) == (1, {})
        assert done.log == f"::add-mask::secret-token\n::error::{sentence}\n"
        assert done.summary.startswith("\n> [!CAUTION]\n> Inputs: ")
        assert capsys.readouterr().out == f"  Error: {sentence}\n"
