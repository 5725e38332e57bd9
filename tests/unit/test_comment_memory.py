"""The memory comes back as it was, or not at all; it always has room; and it tells what came before what."""

from base64 import b32encode, b64encode
from hashlib import sha256
from zlib import compress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.comment_memory import (
    LONGEST_MEMORY,
    MOST_REMEMBERED,
    NOTHING,
    Memories,
    Memory,
    Remembered,
    ShownPlan,
    drop_memory,
    memory_line,
    put_memory,
    read_memories,
)

A, B, C = "a" * 40, "b" * 40, "c" * 64
KEY = "acme/prod"
CHANGES = st.dictionaries(
    st.text(max_size=60), st.builds(Remembered, st.text(max_size=12), st.text(max_size=12)), max_size=12
)
PLANS = st.builds(ShownPlan, st.sampled_from([A, B, C]), st.text(max_size=12), st.integers(0, 10**6), CHANGES)
MEMORIES = st.builds(
    Memory,
    st.sampled_from(["", A, B, C]),
    st.sampled_from(["", "run-1", "run-CZcmD7eagjhyX0vN"]),
    st.integers(0, 2**53),
    st.none() | PLANS,
    st.none() | PLANS,
)


def fingerprint(text: str) -> str:
    """One as they are in truth: nothing can compress it."""
    return b32encode(sha256(text.encode()).digest())[:12].decode().lower()


def plan(count: int, commit: str = A, name: str = "private") -> ShownPlan:
    """A plan with so many changes."""
    addresses = [f'module.network["eu-central-{number}"].aws_subnet.{name}' for number in range(count)]
    changes = {address: Remembered("update", fingerprint(commit + address)) for address in addresses}
    return ShownPlan(commit, fingerprint(f"{commit}{count}"), count, changes)


def comment(line: str, end: str = "\n") -> str:
    """A comment with that line below its marker."""
    return put_memory(f"{marker(KEY)}\nbody\n", line).replace("\n", end)


@given(st.dictionaries(st.text(max_size=40), MEMORIES, max_size=3), st.sampled_from(["\n", "\r\n"]))
@example({"-->": Memory(A, "run-1", 1, ShownPlan(A, "--!>", 1, {"\n<!--": Remembered("-->", "--!>")}))}, "\n")
def test_a_memory_comes_back_as_it_was(memories: Memories, end: str) -> None:
    """Whatever texts are in it, with either line end; and no text in it can end the HTML comment or the line."""
    line = memory_line(memories)

    assert read_memories(comment(line, end)) == memories
    assert line.isascii()
    assert line.isprintable()
    assert line.startswith("<!-- tfc-plan-comment-memory:2 ")
    assert line.index(">") == len(line) - 1
    assert len(line) <= LONGEST_MEMORY


@given(st.text(alphabet=st.characters(exclude_characters="\r"), max_size=200))
def test_it_is_put_below_the_marker_and_taken_away_again(body: str) -> None:
    """The marker stays the first line, and nothing else of the comment changes."""
    whole = f"{marker(KEY)}\n{body}"
    line = memory_line({KEY: NOTHING})

    assert put_memory(whole, line).split("\n", 2) == [marker(KEY), line, body]
    assert drop_memory(put_memory(whole, line)) == whole
    assert drop_memory(whole) == whole


def test_a_large_plan_is_remembered_in_part() -> None:
    """A hundred changes of two plans have room; of more the first ones do, and how many there were is still known."""
    small = {KEY: Memory(B, "run-2", 2, plan(100, B), plan(100))}
    assert read_memories(comment(memory_line(small))) == small

    line = memory_line({KEY: Memory(A, "run-1", 1, plan(1_000).cut(MOST_REMEMBERED))})
    found = read_memories(comment(line))[KEY].plan

    assert found is not None
    assert (found.commit, found.digest, found.count) == (A, plan(1_000).digest, 1_000)
    assert list(found.changes.items()) == list(plan(1_000).changes.items())[: len(found.changes)]
    assert 100 < len(found.changes) <= MOST_REMEMBERED
    assert LONGEST_MEMORY * 0.9 < len(line) <= LONGEST_MEMORY


@pytest.mark.parametrize("changing", [0, 20, 200])
def test_many_workspaces_have_room(changing: int) -> None:
    """Of 200 workspaces it stays known which run each one shows, or at least when that was created, if few change."""
    memories: dict[str, Memory] = {
        f"acme/service-{number}-prod": Memory(
            A, f"run-{fingerprint(str(number))}", 1_790_000_000_000 + 977 * number, plan(3 * (number < changing), A)
        )
        for number in range(200)
    }

    digests = {key: memory.plan and memory.plan.digest for key, memory in memories.items()}

    found = read_memories(comment(memory_line(memories)))

    assert list(found) == list(memories)[: len(found)]
    assert len(found) == 200 or changing == 200
    assert len(found) > 100
    for key, memory in found.items():
        assert memory.created == memories[key].created
        assert (memory.plan and memory.plan.digest) == digests[key]


def test_what_has_no_room_takes_none_of_the_comment() -> None:
    """An address, or a key, that cannot be compressed to 4 KB is not remembered."""
    noise = "".join(sha256(bytes([number])).hexdigest() for number in range(200))
    memory = Memory(A, "run-1", 1, ShownPlan(A, "a", 1, {noise: Remembered("update", "a")}))

    kept = replace(memory.cut(0), run="")  # with the room for it goes what the last one would need
    assert read_memories(comment(memory_line({KEY: memory, noise: NOTHING}))) == {KEY: kept}
    assert read_memories(comment(memory_line({noise: memory}))) == {}


MANY = "{" + ", ".join(f'"t.n{number}": ["a", "b"]' for number in range(MOST_REMEMBERED + 1)) + "}"
LINE = memory_line({KEY: Memory(B, "run-2", 2, plan(3, B), plan(3))})


def packed(content: bytes) -> str:
    """The line that has this content."""
    return f"<!-- tfc-plan-comment-memory:2 {b64encode(compress(content)).decode()} -->"


def forged(plan: str, commit: str = A, run: str = "run-1", created: str = "1") -> str:
    """A line of the right form, with what nobody checked in it."""
    return packed(f'{{"k": ["{commit}", "{run}", {created}, {plan}, null]}}'.encode())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "## Terraform plan",
        LINE[:-4],
        LINE[:60] + " -->",
        LINE[:60] + ("A" if LINE[60] != "A" else "B") + LINE[61:],
        LINE + " more",
        f" {LINE}",
        LINE.replace("memory:2", "memory:3"),
        LINE.replace("memory:2", "memory:1"),
        LINE.replace("memory:2", "memory"),
        "<!-- tfc-plan-comment-memory:2 -->",
        "<!-- tfc-plan-comment-memory:2 a -->",
        "<!-- tfc-plan-comment-memory:2 Zm9yZ2Vk -->",
        packed(b"forged"),
        packed(b'"\xff"'),
        packed(b"null"),
        packed(b"[]"),
        packed(b'{"k": []  '),
        packed(b'{"k": {}}'),
        packed(b'{"k": ["", "", 0, null, null, "more"]}'),
        forged("null", commit="a" * 39),
        forged("null", commit="[a](b)"),
        forged("null", commit=A + r"\n"),
        forged("null", run="run-1, run-2"),
        forged("null", run="@acme"),
        forged("null", created="-1"),
        forged("null", created="1.5"),
        forged(f'["{A}", "d", -1, {{}}]'),
        forged('["", "d", 1, {}]'),
        forged(f'["{A}", "d", 1, {{"t.n": "update"}}]'),
        forged(f'["{A}", "d", 1, {{"t.n": ["update", 7]}}]'),
        forged(f'["{A}", "d", 1, {{"t.n": ["update", "a", "b"]}}]'),
        forged(f'["{A}", "d", 1, {MANY}]'),
        packed(b"[" * 2_000_000),
        packed(b" " * 10_000_000 + b"{}"),
    ],
)
def test_what_cannot_be_read_is_no_memory(line: str) -> None:
    """What is forged, broken, cut, too long or of another version is as if there were none."""
    assert read_memories(comment(LINE)) != {}
    assert read_memories(comment(line)) == {}


def test_what_is_forged_well_is_read() -> None:
    """The forged lines above differ from a good one in nothing but what is wrong with them."""
    found = read_memories(comment(forged(f'["{A}", "d", 1, {{"t.n": ["update", "a"]}}]')))

    assert found == {"k": Memory(A, "run-1", 1, ShownPlan(A, "d", 1, {"t.n": Remembered("update", "a")}))}


@given(st.text())
def test_no_comment_is_an_error(body: str) -> None:
    """Whatever a comment says, there is no memory in it, as long as it has none on its second line."""
    assert read_memories(body) == {}
    assert read_memories(f"{LINE}\n{body}") == {}
    assert read_memories(f"{marker(KEY)}\nbody\n{LINE}") == {}


def test_the_plan_before_is_one_of_another_commit() -> None:
    """Push after push, each plan is compared with the one before; written again, it is compared with the same one."""
    first = NOTHING.followed_by(Memory(A, "run-1", 1, plan(1, A)))
    assert (first.before(A), first.before(B)) == (None, plan(1, A))

    second = first.followed_by(Memory(B, "run-2", 2, plan(2, B)))
    assert second == Memory(B, "run-2", 2, plan(2, B), plan(1, A))

    again = second.followed_by(Memory(B, "run-3", 3, plan(3, B)))
    assert again == Memory(B, "run-3", 3, plan(3, B), plan(1, A))
    assert again.before(B) == plan(1, A)

    back = again.followed_by(Memory(A, "run-4", 4, plan(1, A)))
    assert back == Memory(A, "run-4", 4, plan(1, A), plan(3, B))


def test_a_failure_forgets_nothing() -> None:
    """A comment that shows no plan remembers those before it, for the next one that shows one."""
    failed = Memory(A, "run-1", 1, plan(2, B), plan(1, A)).followed_by(Memory(C, "run-2", 2))

    assert failed == Memory(C, "run-2", 2, plan(2, B), plan(1, A))
    assert (failed.before(C), failed.before(B)) == (plan(2, B), plan(1, A))


@pytest.mark.parametrize(("commit", "run"), [("main", "run 1"), ("", ""), (A[1:], "plan-1"), (f"{A}\n", "run-1\n")])
def test_what_could_not_be_read_is_not_written(commit: str, run: str) -> None:
    """A commit or an id of another form is as if nobody knew it."""
    memory = Memory.of(commit, run, 1)

    assert memory == Memory("", "", 1)
    assert Memory.of(A, "run-1", 1) == Memory(A, "run-1", 1)
    assert read_memories(comment(memory_line({KEY: memory}))) == {KEY: memory}


@pytest.mark.parametrize(
    ("run", "created", "newer"),
    [
        ("run-1", 1, True),
        ("run-1", 2, False),
        ("run-1", 3, False),
        ("run-2", 1, False),
        ("run-1", 0, False),
        ("", 1, True),
        ("", 0, False),
    ],
)
def test_a_newer_run_is_another_one_that_was_created_later(run: str, created: int, *, newer: bool) -> None:
    """Nothing is newer than what has no time, nor what has none itself, nor a run than itself."""
    assert Memory(A, "run-2", 2).is_newer_than(Memory(A, run, created)) is newer
    assert not Memory(A, "run-2", 0).is_newer_than(Memory(A, run, created))
