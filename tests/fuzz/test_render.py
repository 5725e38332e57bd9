"""Whatever a file holds, what is written of it is whole, ours, within its limits and without its secrets."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims import check
from json_text import read, write
from mutations import change_document
from plans import Document, a_plan, plant, resource_change
from texts import HOSTILE, SECRETS
from tfc_plan_comment.plan.secrets.looks import Kind, judge
from written import write_all

GOLDEN = Path(__file__).parents[1] / "golden"
SMALL = [(GOLDEN / name / "plan.json").read_bytes() for name in ("checks", "outputs-only", "errored", "refresh-only")]
PLAN: Document = {"format_version": "1.2", "terraform_version": "1.14.0"}
# Each test tries out dozens of plans: on a machine that is busy with other things that takes its time.
pytestmark = pytest.mark.timeout(300)
CHOICES = st.randoms(use_true_random=False)


def examples(count: int) -> settings:
    """So many of them, the same ones each time; what chooses makes large examples, and that is no fault."""
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


@examples(30)
@given(CHOICES)
def test_plans_at_random(random: Random) -> None:
    """Of any plan, with values, keys and marks at random."""
    assert check(write(a_plan(random)))


@examples(30)
@given(CHOICES)
def test_plans_with_something_wrong(random: Random) -> None:
    """Of a plan in which anything stands anywhere; or a sentence says why it is none."""
    document = a_plan(random)
    for _ in range(random.randrange(1, 6)):
        change_document(random, document)
    check(write(document))


@examples(20)
@given(CHOICES, st.sampled_from(SMALL))
def test_real_plans_with_something_wrong(random: Random, content: bytes) -> None:
    """Of a real plan with a few places that are no longer what Terraform wrote."""
    document = read(content)
    for _ in range(random.randrange(1, 6)):
        change_document(random, document)
    check(write(document))


@examples(30)
@given(CHOICES)
def test_secrets(random: Random) -> None:
    """What is marked in one place stands nowhere, in whatever spelling it stands in another."""
    document = PLAN | {"resource_changes": []}
    for _ in range(random.randrange(1, 4)):
        plant(random, document)
    assert check(write(document))


@pytest.mark.parametrize("secret", SECRETS)
def test_the_secrets_are_secrets(secret: str) -> None:
    """By their looks, so that they are searched for wherever they stand."""
    assert judge(secret) is Kind.LOOKS


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(HOSTILE)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@examples(80)
@given(JSON, st.sampled_from([None, "resource_changes", "output_changes", "prior_state", "checks", "configuration"]))
def test_any_json(value: Any, section: str | None) -> None:
    """Of any JSON, as the whole of the plan or as a part of it."""
    check(json.dumps(value if section is None else PLAN | {"resource_changes": [], section: value}).encode())


@examples(80)
@given(
    st.binary()
    | st.builds(
        lambda head, tail: head + tail,
        st.sampled_from(
            [b'{"format_version":"1.2",', b"\xef\xbb\xbf{", b"\xff\xfe{\0", b"PK", b"\x1f\x8b", b'{"@level":']
        ),
        st.binary(),
    )
)
def test_any_bytes(content: bytes) -> None:
    """Of any bytes."""
    check(content)


@examples(30)
@given(CHOICES, st.sampled_from(SMALL), st.binary(max_size=4))
def test_damaged_files(random: Random, content: bytes, other: bytes) -> None:
    """Of a real plan that is cut off, or has other bytes somewhere."""
    place = random.randrange(len(content))
    check(content[:place])
    check(content[:place] + other + content[place + len(other) :])


@examples(15)
@given(CHOICES)
def test_the_same_plan_gives_the_same_texts(random: Random) -> None:
    """To the last byte, when it is asked for again."""
    content = write(a_plan(random))

    assert write_all(content) == write_all(content)


def test_no_hash_of_a_text_decides() -> None:
    """Nor in another process, in which Python orders its sets in another way."""
    script = Path(__file__).parent / "digests.py"
    digests = {
        subprocess.run(  # noqa: S603 - ours
            [sys.executable, script, "4"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(digests) == 1
    assert len(next(iter(digests)).splitlines()) == 4


def _numbered(count: int, make: Callable[[int], Document]) -> list[Document]:
    return [make(number) for number in range(count)]


def _update(number: int, before: Any, after: Any, **marks: Any) -> Document:
    change = {"actions": ["update"], "before": {"a": before}, "after": {"a": after}, **marks}
    return {"address": f"t.n[{number}]", "type": "t", "name": "n", "mode": "managed", "index": number, "change": change}


@pytest.mark.parametrize(
    "changes",
    [
        _numbered(1_000, lambda number: _update(number, 1, 2)),
        _numbered(200, lambda number: _update(number, number, f"{number}`" * 5)),
        _numbered(250, lambda number: _update(number, SECRETS[0], SECRETS[0] + "x", before_sensitive={"a": True})),
        [_update(0, "", "<i>@octocat ```\n" * 20_000)],
        [_update(0, "`\n" * 20_000, "``` \n" * 20_000)],
        [_update(0, {f"k{number}": number for number in range(1_500)}, [])],
        [_update(0, "x", f"{SECRETS[0]}\n" * 3_000), _update(1, "", SECRETS[0], after_sensitive={"a": True})],
        [_update(0, 1, f"{'`' * 300}\n" * 50)],
    ],
    ids=[
        "alike",
        "each another",
        "hidden",
        "a long text",
        "fences",
        "many keys",
        "a secret in each line",
        "long fences",
    ],
)
def test_plans_that_are_large(changes: list[Document]) -> None:
    """Many small changes, or one giant text."""
    assert check(write(PLAN | {"resource_changes": changes}))


@pytest.mark.parametrize("seed", range(3))
def test_many_changes_of_all_kinds(seed: int) -> None:
    """More of them than there is room for."""
    random = Random(seed)  # noqa: S311 - no secret is made of it
    assert check(write(PLAN | {"resource_changes": [resource_change(random) for _ in range(60)]}))
