"""The user's files are read with a sentence for what goes wrong, and written whole or not at all."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tfc_plan_comment.action.files import copy_whole, read_plan, read_template, write_whole
from tfc_plan_comment.errors import ActionError, PlanDocumentError, TemplateError

PLAN = Path(__file__).parents[2] / "golden" / "no-changes" / "plan.json"


class TestReadPlan:
    """A plan on disk."""

    def test_reads_it(self) -> None:
        """The plan in the file."""
        assert read_plan(PLAN).format_version == "1.2"

    def test_reads_a_pipe(self) -> None:
        """What cannot be mapped, such as a shell's `<(…)`, is read."""
        there, here = os.pipe()
        os.write(here, b'{"format_version":"1.2","terraform_version":"1.9.0"}')
        os.close(here)
        try:
            assert read_plan(Path(f"/dev/fd/{there}")).terraform_version == "1.9.0"
        finally:
            os.close(there)

    def test_says_that_it_is_empty(self, tmp_path: Path) -> None:
        """An empty file, which cannot be mapped, is an error like any other."""
        (tmp_path / "plan.json").touch()
        with pytest.raises(PlanDocumentError) as raised:
            read_plan(tmp_path / "plan.json")
        assert str(raised.value) == (
            f"Cannot read the plan {tmp_path}/plan.json: it is empty. Make one with: terraform show -json PLANFILE >"
            " plan.json."
        )

    def test_says_that_it_is_too_large(self) -> None:
        """A file beyond the limit is not read; one that is just as large as it is."""
        size = PLAN.stat().st_size
        assert read_plan(PLAN, max_bytes=size).format_version == "1.2"
        with pytest.raises(PlanDocumentError) as raised:
            read_plan(PLAN, max_bytes=1000)
        assert str(raised.value) == (
            f"Cannot read the plan {PLAN}: it has {size:,} bytes, and the limit is 1,000. Raise the input"
            " max-plan-size."
        )

    @settings(deadline=None)
    @given(st.integers(0, PLAN.stat().st_size - 2))
    def test_says_that_it_is_truncated(self, length: int) -> None:
        """Wherever a plan ends too early, it is a sentence, and no half of it is taken for the whole."""
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(PLAN.read_bytes()[:length])
            file.flush()
            with pytest.raises(PlanDocumentError) as raised:
                read_plan(Path(file.name))
        why = "it is not valid JSON (Input data was truncated)" if length else "it is empty"
        assert str(raised.value) == (
            f"Cannot read the plan {file.name}: {why}. Make one with: terraform show -json PLANFILE > plan.json."
        )

    def test_says_that_it_is_gone(self, tmp_path: Path) -> None:
        """The path is named, unless the plan has a name that the user knows better."""
        with pytest.raises(PlanDocumentError) as raised:
            read_plan(tmp_path / "plan.json")
        assert str(raised.value) == (
            f"Cannot read the plan {tmp_path}/plan.json: No such file or directory. Check the path."
        )
        with pytest.raises(PlanDocumentError, match=r"^Cannot read the plan plan-1: No such file"):
            read_plan(tmp_path / "plan.json", name="plan-1")


class TestReadTemplate:
    """A template on disk."""

    def test_reads_it(self, tmp_path: Path) -> None:
        """The template, which errors call by its path."""
        (tmp_path / "mine.j2").write_text("{{ marker }}", encoding="utf-8")
        assert read_template(tmp_path / "mine.j2").name == f"the template {tmp_path}/mine.j2"

    def test_says_that_it_is_gone(self, tmp_path: Path) -> None:
        """The path is named."""
        with pytest.raises(TemplateError) as raised:
            read_template(tmp_path / "mine.j2")
        assert str(raised.value) == (
            f"Cannot read the template {tmp_path}/mine.j2: No such file or directory. Check the path."
        )

    def test_says_that_it_is_not_utf_8(self, tmp_path: Path) -> None:
        """Another encoding would show wrong letters."""
        (tmp_path / "mine.j2").write_bytes(b"\xe4")
        with pytest.raises(TemplateError) as raised:
            read_template(tmp_path / "mine.j2")
        assert str(raised.value) == f"Cannot read the template {tmp_path}/mine.j2: it is not UTF-8. Save it as UTF-8."


class TestWrite:
    """Files for later steps."""

    def test_whole_and_readable(self, tmp_path: Path) -> None:
        """The file, its folders and nothing else; the next step, which is not root, can read it."""
        path = tmp_path / "a" / "b" / "file"
        write_whole(path, ["con", "tent"])
        assert path.read_bytes() == b"content"
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        assert list(path.parent.iterdir()) == [path]

    def test_replaces_what_was_there(self, tmp_path: Path) -> None:
        """An earlier file is replaced as a whole."""
        path = tmp_path / "file"
        path.write_bytes(b"a longer content than the new one")
        write_whole(path, ["new"])
        assert path.read_bytes() == b"new"

    def test_copies(self, tmp_path: Path) -> None:
        """The copy is the file, byte by byte."""
        source = tmp_path / "source"
        source.write_bytes(bytes(range(256)) * 1000)
        copy_whole(source, tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == source.read_bytes()

    def test_leaves_nothing_half_written(self, tmp_path: Path) -> None:
        """When copying fails half-way, what was there before stays, and nothing else is left."""
        target = tmp_path / "target"
        target.write_bytes(b"before")
        with pytest.raises(ActionError) as raised:
            copy_whole(tmp_path, target)  # a folder cannot be read
        assert str(raised.value) == f"Cannot write {target}: Is a directory. Check the path and the disk."
        assert target.read_bytes() == b"before"
        assert list(tmp_path.iterdir()) == [target]

    def test_leaves_nothing_when_a_piece_cannot_be_made(self, tmp_path: Path) -> None:
        """What was there before stays, and nothing else is left, whatever goes wrong while the text is made."""

        def pieces() -> Iterator[str]:
            yield "the first half"
            raise ZeroDivisionError

        target = tmp_path / "target"
        target.write_bytes(b"before")
        with pytest.raises(ZeroDivisionError):
            write_whole(target, pieces())
        assert target.read_bytes() == b"before"
        assert list(tmp_path.iterdir()) == [target]

    def test_says_that_a_folder_is_in_the_way(self, tmp_path: Path) -> None:
        """A folder is not replaced by a file."""
        with pytest.raises(ActionError) as raised:
            write_whole(tmp_path, ["content"])
        assert str(raised.value) == f"Cannot write {tmp_path}: Is a directory. Check the path and the disk."

    def test_says_that_a_file_is_in_the_way(self, tmp_path: Path) -> None:
        """A file where a folder should be."""
        (tmp_path / "file").touch()
        with pytest.raises(ActionError) as raised:
            write_whole(tmp_path / "file" / "below", ["content"])
        assert str(raised.value) == f"Cannot write {tmp_path}/file/below: File exists. Check the path and the disk."

    def test_writes_into_a_device(self, tmp_path: Path) -> None:
        """What is no file, such as a pipe or /dev/stdout, is written to and not replaced."""
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            write_whole(pipe, ["content"])
            assert os.read(reader, 100) == b"content"
        finally:
            os.close(reader)
        assert pipe.is_fifo()
