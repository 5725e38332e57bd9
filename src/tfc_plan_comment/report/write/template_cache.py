"""Our own templates as Jinja has compiled them, kept beside the modules that Python has: few starts compile them."""

from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from sys import dont_write_bytecode

from jinja2 import compiler
from jinja2.bccache import Bucket, FileSystemBytecodeCache

OURS = Path(__file__).parent


class TemplateCache(FileSystemBytecodeCache):
    """Keeps compiled templates in a folder, as far as it can be written, and as Python is asked to keep bytecode.

    One is used as long as its template is the same, and so are Jinja's compiler and the modules here that tell it how.
    """

    def __init__(self, folder: Path = OURS / "__pycache__") -> None:
        super().__init__(str(folder), "%s.template")

    def get_source_checksum(self, source: str) -> str:
        """A text that is another one where something else would be compiled."""
        return super().get_source_checksum(source + self._compiled_by)

    @cached_property
    def _compiled_by(self) -> str:
        modules = [Path(compiler.__file__), *sorted(OURS.glob("*.py"))]
        return sha256(b"".join(each.read_bytes() for each in modules)).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load it if it is there; one that cannot be read is compiled anew."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the template itself is there
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, unless the folder is another user's."""
        with suppress(OSError):
            if not dont_write_bytecode:
                super().dump_bytecode(bucket)
