"""What is a bundle of mocks, and what only pretends to be one."""

import gzip
import io
import os
import tarfile
from pathlib import Path

import pytest

from tfc_plan_comment.hcp_terraform import mock_bundle
from tfc_plan_comment.hcp_terraform.mock_bundle import Incomplete, NotABundle, inspect
from tfc_sandbox.mock_bundle import mock_bundle as make_bundle
from tfc_sandbox.mock_bundle import sentinel_hcl

GOOD = make_bundle(b'{"terraform_version":"1.13.4"}', run_id="run-1", workspace="prod")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the bundle lies."""
    return tmp_path / "bundle.tar.gz"


def bundle(*members: tarfile.TarInfo | tuple[str, bytes]) -> bytes:
    """A bundle with these members; a name and a content are a regular file."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for member in members:
            info, content = member if isinstance(member, tuple) else (member, b"")
            if isinstance(info, str):
                info = tarfile.TarInfo(info)
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return gzip.compress(tar.getvalue())


def of_type(kind: bytes, name: str = "mock-tfplan.sentinel", link: str = "/etc/passwd") -> tarfile.TarInfo:
    """A member that is no regular file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def test_a_real_one(path: Path) -> None:
    """Its files are named in their order, and its size and digest are those of the file."""
    path.write_bytes(GOOD)

    inspected = inspect(path)

    assert inspected.files[6:] == ("sentinel.hcl", "mock-tfrun.sentinel")
    assert len(inspected.files) == 8
    assert inspected.size == len(GOOD)
    assert len(inspected.sha256) == 64


def test_sentinel_hcl_is_as_long_as_the_real_one() -> None:
    """HCP Terraform's is constant, and has 742 bytes."""
    assert len(sentinel_hcl()) == 742


@pytest.mark.parametrize("length", range(1, len(GOOD), 37))
def test_a_part_is_incomplete(path: Path, length: int) -> None:
    """Wherever it is cut, it is not taken for the whole."""
    path.write_bytes(GOOD[:length])

    with pytest.raises(NotABundle):
        inspect(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (GOOD[:-4], "it is incomplete"),
        (GOOD[:-8] + b"\0\0\0\0" + GOOD[-4:], "it was damaged during the download"),
        (GOOD[:20] + b"\xff\xff\xff" + GOOD[23:], "it was damaged during the download"),
    ],
)
def test_what_a_fresh_download_may_mend(path: Path, content: bytes, why: str) -> None:
    """Nothing, a part, or a damaged whole: each says what it is."""
    path.write_bytes(content)

    with pytest.raises(Incomplete) as caught:
        inspect(path)
    assert str(caught.value) == why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04", "it is not compressed with gzip"),
        (gzip.compress(b"{}" * 999), "it does not contain a tar archive"),
        (gzip.compress(b"\0" * 10_240), "it contains no file"),
        (bundle(("../mock.sentinel", b"")), "a file in it has a path, or a name that mocks do not have"),
        (bundle(("/etc/passwd", b"")), "a file in it has a path, or a name that mocks do not have"),
        (bundle(("mocks/tfplan.sentinel", b"")), "a file in it has a path, or a name that mocks do not have"),
        (bundle(("..", b"")), "a file in it has a path, or a name that mocks do not have"),
        (bundle((".bashrc", b"")), "a file in it has a path, or a name that mocks do not have"),
        (bundle(("-rf", b"")), "a file in it has a path, or a name that mocks do not have"),
        (bundle(("a\n::error::b", b"")), "a file in it has a path, or a name that mocks do not have"),
        (bundle(("x" * 101, b"")), "a file in it has a path, or a name that mocks do not have"),
        (bundle(of_type(tarfile.SYMTYPE)), "it contains something other than regular files"),
        (bundle(of_type(tarfile.LNKTYPE)), "it contains something other than regular files"),
        (bundle(of_type(tarfile.DIRTYPE, "mocks")), "it contains something other than regular files"),
        (bundle(of_type(tarfile.FIFOTYPE)), "it contains something other than regular files"),
        (bundle(of_type(tarfile.BLKTYPE)), "it contains something other than regular files"),
        (bundle(of_type(tarfile.GNUTYPE_SPARSE)), "it contains something other than regular files"),
        (bundle(("a", b"1"), ("a", b"2")), "two files in it have the same name"),
        (bundle(*((f"mock-{number}", b"") for number in range(65))), "there are more than 64 files in it"),
        (bundle(("n" * 300_000, b"")), "the name of a file in it is too long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bundle",  # the bytes of gzip hold the time
)
def test_what_is_no_bundle(path: Path, content: bytes, why: str) -> None:
    """Anything that could do harm after unpacking, or is something else altogether, is refused."""
    path.write_bytes(content)

    with pytest.raises(NotABundle) as caught:
        inspect(path)
    assert str(caught.value) == why


def test_a_file_that_claims_to_be_huge(path: Path) -> None:
    """A header's word is not waited for."""
    info = tarfile.TarInfo("mock-tfplan.sentinel")
    info.size = mock_bundle.LARGEST_FILE + 1
    path.write_bytes(gzip.compress(info.tobuf()))

    with pytest.raises(NotABundle, match=r"^a file in it is larger than 536870912 bytes$"):
        inspect(path)


@pytest.mark.parametrize("where", ["in a file", "after the files"])
def test_a_bomb(path: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to a thousand times its size is refused, wherever it hides it, without the memory for it."""
    monkeypatch.setattr(mock_bundle, "LARGEST_TOTAL", 64 * 1024**2)
    piece = bytes(4 * 1024**2)
    with gzip.open(path, "wb", compresslevel=1) as file:
        if where == "in a file":
            for name in ("a", "b", "c"):
                info = tarfile.TarInfo(name)
                info.size = 6 * len(piece)
                file.write(info.tobuf())
                for _ in range(6):
                    file.write(piece)
        else:
            info = tarfile.TarInfo("a")
            file.write(info.tobuf())
            for _ in range(17):
                file.write(piece)

    with pytest.raises(NotABundle, match=r"^it is larger than 67108864 bytes after unpacking$"):
        inspect(path)


def test_it_cannot_be_read(path: Path) -> None:
    """That is the disk's trouble, and no verdict."""
    with pytest.raises(FileNotFoundError):
        inspect(path)


def test_noise(path: Path) -> None:
    """Random bytes behind gzip's first two are no bundle either."""
    path.write_bytes(b"\x1f\x8b\x08\x00" + os.urandom(5000))

    with pytest.raises(NotABundle):
        inspect(path)
