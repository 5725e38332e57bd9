"""The files from which `make fuzz` begins: small plans of every kind, and whatever once did not hold a claim."""

from pathlib import Path

import pytest

from claims import check
from written import write_all

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_all_claims_hold(path: Path) -> None:
    """Of each of them, however it came here."""
    content = path.read_bytes()

    written = check(content)

    assert written is None or write_all(content) == written


def test_the_corpus_is_small() -> None:
    """So that it can be tried out whenever the tests run."""
    assert 10 < len(CORPUS) < 150
    assert sum(path.stat().st_size for path in CORPUS) <= 300_000
