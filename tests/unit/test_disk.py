"""What is written to the disk is there whole, or as it was before, and what was only needed for that is gone."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tfc_plan_comment.disk import append, temporary_folder, whole_file
from tfc_plan_comment.errors import ActionError


class TestWholeFile:
    """A file is there whole, or as it was before."""

    def test_is_there_at_the_end(self, tmp_path: Path) -> None:
        """Until then there is a file beside it that only its owner can read."""
        path = tmp_path / "file"
        with whole_file(path, mode=0o640) as file:
            file.write(b"content")
            (beside,) = tmp_path.iterdir()
            assert beside.name.startswith(".file.")
            assert stat.S_IMODE(beside.stat().st_mode) == 0o600
        assert path.read_bytes() == b"content"
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert list(tmp_path.iterdir()) == [path]

    def test_stays_as_it_was(self, tmp_path: Path) -> None:
        """Whatever ends the writing, and be it a signal."""
        path = tmp_path / "file"
        path.write_bytes(b"before")

        def pieces() -> Iterator[bytes]:
            yield b"half of"
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt), whole_file(path) as file:
            file.writelines(pieces())
        assert path.read_bytes() == b"before"
        assert list(tmp_path.iterdir()) == [path]

    def test_cleans_up_though_a_signal_comes_meanwhile(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The signal has its effect, and nothing is left."""
        unlink = Path.unlink

        def interrupted(*_: object, **__: object) -> None:
            monkeypatch.setattr(Path, "unlink", unlink)
            raise KeyboardInterrupt

        def pieces() -> Iterator[bytes]:
            yield b"half of"
            monkeypatch.setattr(Path, "unlink", interrupted)
            raise OSError

        with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "file") as file:
            file.writelines(pieces())
        assert not list(tmp_path.iterdir())


class TestTemporaryFolder:
    """A folder for as long as it is needed."""

    @pytest.fixture(autouse=True)
    def temporary(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The place for temporary files is in tmp_path."""
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def test_is_gone_afterwards(self, tmp_path: Path) -> None:
        """With all that is in it, and only its owner can enter it."""
        with temporary_folder() as folder:
            assert folder.parent == tmp_path.resolve()
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            (folder / "file").write_bytes(b"content")
        assert not list(tmp_path.iterdir())

    def test_is_gone_though_a_signal_comes_meanwhile(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The signal has its effect, and nothing is left."""
        rmdir = os.rmdir

        def interrupted(*_: object, **__: object) -> None:
            monkeypatch.setattr(os, "rmdir", rmdir)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt), temporary_folder():
            monkeypatch.setattr(os, "rmdir", interrupted)
        assert not list(tmp_path.iterdir())

    def test_is_never_in_the_checkout(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Python takes the working directory where nothing else can be written to; the next step might publish it."""
        monkeypatch.chdir(tmp_path)
        with pytest.raises(ActionError) as raised, temporary_folder():
            pass
        assert str(raised.value) == (
            "Cannot make a temporary folder: no folder for temporary files can be written to. Free space on the disk,"
            " or set the variable TMPDIR."
        )
        assert not list(tmp_path.iterdir())

    def test_says_that_it_cannot_be_made(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The folder above it is named."""
        (tmp_path / "file").touch()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
        with pytest.raises(ActionError) as raised, temporary_folder():
            pass
        assert str(raised.value) == (
            f"Cannot make a temporary folder: {tmp_path.resolve()}/file cannot be written to (Not a directory). Free"
            " space on the disk, or set the variable TMPDIR."
        )


class TestAppend:
    """Adding to a file."""

    def test_adds(self, tmp_path: Path) -> None:
        """What is there stays."""
        path = tmp_path / "file"
        append(path, b"a")
        append(path, b"b")
        assert path.read_bytes() == b"ab"
