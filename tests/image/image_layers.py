"""What is in the layers of an image: those that our Dockerfile adds to the base."""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from container_engine import BASE, Engine


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A file, folder or link as a layer has it, but for its time."""

    kind: bytes
    mode: int
    owner: tuple[int, int]
    link: str
    size: int
    digest: str

    @property
    def is_file(self) -> bool:
        """True for what has content."""
        return self.kind == tarfile.REGTYPE


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """One of our layers. `digest` is that of its tar, uncompressed; `entries` are by path, without a slash in front."""

    digest: str
    entries: dict[str, Entry]


def our_layers(engine: Engine, image: str) -> list[Layer]:
    """The layers that are not the base's."""
    base: list[str] = engine.inspect(BASE)["RootFS"]["Layers"]
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "image.tar"
        engine.save(image, archive)
        return list(_read(archive, base))


def _read(archive: Path, base: list[str]) -> Iterator[Layer]:
    with tarfile.open(archive) as image:
        manifest = _json(image, "manifest.json")[0]
        digests = _json(image, manifest["Config"])["rootfs"]["diff_ids"]
        if digests[: len(base)] != base:
            raise ValueError(f"the image stands on {digests}, and its base is {base}")
        for digest, name in list(zip(digests, manifest["Layers"], strict=True))[len(base) :]:
            with tarfile.open(fileobj=image.extractfile(name)) as layer:
                yield Layer(digest=digest, entries={member.name: _entry(layer, member) for member in layer})


def _entry(layer: tarfile.TarFile, member: tarfile.TarInfo) -> Entry:
    content: Any = layer.extractfile(member) if member.isreg() else None
    return Entry(
        kind=member.type,
        mode=member.mode,
        owner=(member.uid, member.gid),
        link=member.linkname,
        size=member.size,
        digest=hashlib.file_digest(content, "sha256").hexdigest() if content else "",
    )


def _json(image: tarfile.TarFile, name: str) -> Any:
    content = image.extractfile(name)
    return json.load(content) if content else None
