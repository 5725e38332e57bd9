"""An error that is no sentence of ours becomes one: a bug, unless the machine has no memory left."""

import errno
import os

import pytest

from tfc_plan_comment.errors import ActionError, in_brief, is_bug, sentence

OUT_OF_MEMORY = (
    MemoryError(),
    OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)),
    ImportError("libssl.so.3: failed to map segment from shared object"),
    ImportError("libffi.so.8: cannot create shared object descriptor: Cannot allocate memory"),
    RuntimeError("can't start new thread"),
)


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=repr)
def test_no_memory_left(error: Exception) -> None:
    """However Python says it, it is one sentence, and nobody's bug."""
    assert not is_bug(error)
    assert sentence(error) == "tfc-plan-comment failed: there is not enough memory. Use a machine with more of it."
    assert in_brief(error) == "not enough memory"


@pytest.mark.parametrize("error", [ValueError("s"), OSError(errno.EIO, "s"), ImportError("s"), RuntimeError("s")])
def test_a_bug(error: Exception) -> None:
    """Its own text is left out."""
    assert is_bug(error)
    why = f"{type(error).__name__}, which is a bug"
    assert sentence(error) == f"tfc-plan-comment failed: {why}. Report it with the traceback."
    assert in_brief(error) == "a bug, see the log"


def test_a_sentence_of_ours() -> None:
    """It is what it says."""
    error = ActionError("Cannot go on", "it is late", "Go home")
    assert not is_bug(error)
    assert sentence(error) == "Cannot go on: it is late. Go home."
    assert in_brief(error) == "an error"
