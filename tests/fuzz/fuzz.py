"""Looks for a file of which a claim does not hold, led by the code that each file reaches. `make fuzz` calls it.

The arguments are libFuzzer's: https://llvm.org/docs/LibFuzzer.html#options
"""

import sys
from random import Random
from zlib import crc32

import atheris

from json_text import read, write
from mutations import change_document
from plans import a_plan

with atheris.instrument_imports(include=["tfc_plan_comment"]):
    from claims import check
    from written import WRITERS, write_all

WRITTEN_TWICE = 16
"""One in so many plans is written twice, which takes as long as all that is claimed of it."""


def change(content: bytes, longest: int, seed: int) -> bytes:
    """Another file of at most so many bytes, which mostly differs in what a plan has, and sometimes in any byte."""
    random = Random(seed)  # noqa: S311 - no secret is made of it
    if random.randrange(8):
        try:
            document = read(content)
            document = document if isinstance(document, dict) and document else a_plan(random)
            for _ in range(random.randrange(1, 4)):
                change_document(random, document)
            changed = write(document)
        except (ValueError, RecursionError):
            changed = write(a_plan(random))
        if len(changed) <= longest:
            return changed
    mutated: bytes = atheris.Mutate(content, longest)
    return mutated


def try_out(content: bytes) -> None:
    """Raise whatever goes wrong with the file; which of all texts are written of it depends on its bytes."""
    chosen = crc32(content)
    names = ("summary JSON", list(WRITERS)[chosen % len(WRITERS)])
    written = check(content, names)
    if written is not None and chosen // len(WRITERS) % WRITTEN_TWICE == 0:
        assert write_all(content, names) == written


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_out, custom_mutator=change)
    atheris.Fuzz()
