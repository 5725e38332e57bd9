"""One comment for each key: found again, edited, left alone, hidden, and never created twice."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.comment_memory import Memory, memory_line, put_memory
from tfc_plan_comment.errors import GitHubError
from tfc_plan_comment.github_actions.comments import Look, PullRequests
from tfc_plan_comment.github_actions.written import SKIPPED, CommentResult, Superseded, Written
from tfc_sandbox.faults import CUT, Answer, Fault
from tfc_sandbox.github import (
    APP_TOKEN,
    BAD_GATEWAY,
    JOB_TOKEN,
    SECONDARY_RATE_LIMIT,
    UNHIDING_TOKEN,
    USER_TOKEN,
    GitHubSandbox,
)
from tfc_sandbox.github_documents import Account, PullRequest

Connect = Callable[..., PullRequests]

GRAPHQL = "POST /graphql"
POST = "POST /repos/acme/infra/issues/7/comments"
PATCH = "PATCH /repos/acme/infra/issues/comments/4100000001"
URL = "https://github.com/acme/infra/pull/7#issuecomment-4100000001"
ON_POST = r"/issues/7/comments$"
ON_PATCH = r"/issues/comments/\d+$"


def body(text: str = "first plan", key: str = "acme/prod") -> str:
    """A comment with its marker."""
    return f"{marker(key)}\n{text}\n"


def publish(
    pull_requests: PullRequests,
    text: str = "first plan",
    *,
    key: str = "acme/prod",
    recreate: bool = False,
    create_if_missing: bool = True,
    look: Look | None = None,
) -> Written:
    """Publish a text on #7."""
    return pull_requests.publish(
        number=7,
        key=key,
        compose=lambda _: body(text, key),
        recreate=recreate,
        create_if_missing=create_if_missing,
        look=look,
    )


def look(pull_requests: PullRequests) -> Look:
    """Look for the comment on #7."""
    return pull_requests.look(number=7, key="acme/prod")


def test_the_first_run_creates_the_comment(github: GitHubSandbox, connect: Connect) -> None:
    """Two requests; the comment is the body that was given, its id may be longer than 32 bits."""
    published = publish(connect(github))

    assert published == Written(result=CommentResult.CREATED, id=4_100_000_001, url=URL)
    assert [comment.body for comment in github.comments] == [body()]
    assert github.requests == [GRAPHQL, POST]


@pytest.mark.parametrize("token", [JOB_TOKEN, USER_TOKEN, APP_TOKEN])
@pytest.mark.parametrize("bots_know_their_comments", [True, False])
def test_running_again_edits_the_same_comment(connect: Connect, token: str, *, bots_know_their_comments: bool) -> None:
    """Two requests, whatever the token stands for, and whether or not GraphQL tells a bot what it wrote."""
    pull_request = PullRequest(number=7, head_sha="a" * 40)
    with GitHubSandbox([pull_request], bots_know_their_comments=bots_know_their_comments) as github:
        publish(connect(github, token))
        github.requests.clear()

        published = publish(connect(github, token), "second plan")

        assert published == Written(result=CommentResult.UPDATED, id=4_100_000_001, url=URL)
        assert [comment.body for comment in github.comments] == [body("second plan")]
        assert github.requests == [GRAPHQL, PATCH]


@pytest.mark.parametrize("recreate", [False, True])
def test_an_unchanged_comment_is_left_alone(github: GitHubSandbox, connect: Connect, *, recreate: bool) -> None:
    """One request to look, none to write; line ends and white space at the end are GitHub's to change."""
    publish(connect(github))
    github.comments[0].body = body().replace("\n", "\r\n").rstrip()
    github.requests.clear()

    published = publish(connect(github), recreate=recreate)

    assert published == Written(result=CommentResult.UNCHANGED, id=4_100_000_001, url=URL)
    assert github.requests == [GRAPHQL]


@pytest.mark.parametrize("looks_ahead", [False, True])
@pytest.mark.parametrize("recreate", [False, True])
def test_it_is_composed_of_the_one_that_it_replaces(
    github: GitHubSandbox, connect: Connect, *, looks_ahead: bool, recreate: bool
) -> None:
    """It may say another thing where there was none; and what comes out as it was is left alone."""
    pull_requests = connect(github)

    def write(key: str = "acme/prod") -> CommentResult:
        look = pull_requests.look(number=7, key=key) if looks_ahead else None
        return pull_requests.publish(
            number=7,
            key=key,
            compose=lambda standing: body("instead of another", key) if standing else body("the first", key),
            recreate=recreate,
            create_if_missing=True,
            look=look,
        ).result

    replaced = CommentResult.CREATED if recreate else CommentResult.UPDATED
    assert (write(), write(), write()) == (CommentResult.CREATED, replaced, CommentResult.UNCHANGED)
    assert github.comments[-1].body == body("instead of another")


def test_one_that_was_rewritten_since_is_composed_anew(github: GitHubSandbox, connect: Connect) -> None:
    """Another job writes the comment after we looked: what we write is made of what stands there then."""
    pull_requests = connect(github)
    publish(pull_requests)
    seen = look(pull_requests)
    publish(pull_requests, "another job's")
    composed: list[str | None] = []

    def compose(standing: str | None) -> str:
        composed.append(standing)
        return body(f"after: {len(composed)}")

    pull_requests.publish(
        number=7,
        key="acme/prod",
        compose=compose,
        recreate=False,
        create_if_missing=True,
        look=seen,
    )

    assert composed == [body(), body("another job's")]
    assert github.comments[0].body == body("after: 2")


@pytest.mark.parametrize("recreate", [False, True])
@pytest.mark.parametrize("looks_ahead", [False, True])
def test_one_that_tells_of_something_newer_is_left_alone(
    github: GitHubSandbox, connect: Connect, *, looks_ahead: bool, recreate: bool
) -> None:
    """Whoever composes the text says so of the comment that stands there; nothing is written, nothing hidden."""
    pull_requests = connect(github)
    publish(pull_requests)
    seen = look(pull_requests) if looks_ahead else None
    github.requests.clear()

    published = pull_requests.publish(
        number=7,
        key="acme/prod",
        compose=lambda standing: Superseded("run run-2") if standing == body() else body("older"),
        recreate=recreate,
        create_if_missing=True,
        look=seen,
    )

    assert published == Written(result=CommentResult.UNCHANGED, id=4_100_000_001, url=URL, superseded_by="run run-2")
    assert github.comments[0].body == body()
    assert not github.comments[0].minimized
    assert github.requests == [GRAPHQL]


def test_where_there_is_none_nothing_is_newer(github: GitHubSandbox, connect: Connect) -> None:
    """Nothing is written if it is said to be superseded all the same."""
    published = connect(github).publish(
        number=7, key="acme/prod", compose=lambda _: Superseded("run run-2"), recreate=False, create_if_missing=True
    )

    assert published == replace(SKIPPED, superseded_by="run run-2")
    assert github.comments == []


@pytest.mark.parametrize("tells", ["memory", "words"])
def test_the_head_is_told_of_by_memory_or_words(github: GitHubSandbox, connect: Connect, tells: str) -> None:
    """A comment that remembers its commit tells of that one alone, whatever other commits it names."""
    head = github.pull_requests[0].head_sha
    pull_requests = connect(github)
    standing = body(f"Since {head[:7]}")
    if tells == "memory":
        standing = put_memory(standing, memory_line({"acme/prod": Memory(commit="b" * 40)}))
    github.write(7, standing)

    published = pull_requests.publish(
        number=7,
        key="acme/prod",
        compose=lambda _: body("older"),
        recreate=False,
        create_if_missing=True,
        commit="c" * 40,
    )

    assert published.superseded_by == (head if tells == "words" else None)


def test_two_keys_never_share_a_comment(github: GitHubSandbox, connect: Connect) -> None:
    """Not even when one key begins with the other."""
    for key in ("acme/prod", "acme/prod2", "acme/pro", "acme prod"):
        assert publish(connect(github), key=key).result is CommentResult.CREATED

    assert publish(connect(github), "second plan", key="acme/prod").id == github.comments[0].id
    assert [comment.body for comment in github.comments] == [
        body("second plan", "acme/prod"),
        body(key="acme/prod2"),
        body(key="acme/pro"),
        body(key="acme prod"),
    ]


@pytest.mark.parametrize("recreate", [False, True])
@pytest.mark.parametrize("other", [USER_TOKEN, APP_TOKEN])
def test_a_comment_that_somebody_else_wrote_is_never_touched(
    github: GitHubSandbox, connect: Connect, other: str, *, recreate: bool
) -> None:
    """Anybody may paste our marker, even as the same text."""
    foreign = [github.write(7, body("forged"), token=other), github.write(7, body(), token=other)]

    assert publish(connect(github), recreate=recreate).result is CommentResult.CREATED
    assert [comment.body for comment in foreign] == [body("forged"), body()]
    assert not any(comment.minimized for comment in foreign)


def test_a_user_with_a_bots_name_is_not_that_bot(connect: Connect) -> None:
    """GraphQL shows a bot without its `[bot]`; the kind of account tells them apart."""
    with GitHubSandbox([PullRequest(number=7, head_sha="a" * 40)], bots_know_their_comments=False) as github:
        comment = github.write(7, body("forged"), token=JOB_TOKEN)
        comment.author = Account(login="github-actions")

        assert publish(connect(github)).result is CommentResult.CREATED
        assert comment.body == body("forged")


def test_a_quoted_marker_is_not_ours(github: GitHubSandbox, connect: Connect) -> None:
    """Our own account writes other comments as well; the marker counts only on the first line."""
    quote = github.write(7, f"As I said:\n{body('quoted')}")

    assert publish(connect(github)).result is CommentResult.CREATED
    assert "quoted" in quote.body


def test_the_comment_is_found_on_any_page(github: GitHubSandbox, connect: Connect) -> None:
    """GitHub shows 100 comments at a time."""
    for _ in range(200):
        github.write(7, "Looks good to me.", token=USER_TOKEN)
    ours = github.write(7, body())
    for _ in range(150):
        github.write(7, "Ship it.", token=USER_TOKEN)

    published = publish(connect(github), "second plan")

    assert published.id == ours.id
    assert ours.body == body("second plan")
    assert github.requests == [GRAPHQL] * 4 + [f"PATCH /repos/acme/infra/issues/comments/{ours.id}"]


def test_recreate_posts_a_new_comment_and_hides_the_old_one(github: GitHubSandbox, connect: Connect) -> None:
    """In this order, so that there is always one to read; what is hidden is not looked at again."""
    publish(connect(github))
    github.requests.clear()

    for text in ("second plan", "third plan"):
        assert publish(connect(github), text, recreate=True).result is CommentResult.CREATED

    assert [(comment.body, comment.minimized) for comment in github.comments] == [
        (body(), True),
        (body("second plan"), True),
        (body("third plan"), False),
    ]
    assert github.requests == [GRAPHQL, POST, GRAPHQL] * 2
    assert publish(connect(github), "fourth plan").id == github.comments[2].id


def test_of_two_comments_the_older_one_is_hidden(github: GitHubSandbox, connect: Connect) -> None:
    """Two runs at once may both have created one; an outdated plan must not stay in sight."""
    older, newer = github.write(7, body("older")), github.write(7, body("newer"))

    published = publish(connect(github), "second plan")

    assert published.id == newer.id
    assert (older.body, older.minimized) == (body("older"), True)
    assert (newer.body, newer.minimized) == (body("second plan"), False)


def test_a_comment_that_cannot_be_hidden_is_a_problem_beside(github: GitHubSandbox, connect: Connect) -> None:
    """The new comment stands, and its id is known."""
    publish(connect(github, UNHIDING_TOKEN))

    published = publish(connect(github, UNHIDING_TOKEN), "second plan", recreate=True)

    assert published.result is CommentResult.CREATED
    assert published.id == 4_100_000_002
    assert str(published.problem) == (
        f"Hide the earlier comment {URL}: the job's token may not write to pull requests "
        "(403: Resource not accessible by integration). Give the job the permission pull-requests: write."
    )


def test_nothing_is_created_unless_wanted(github: GitHubSandbox, connect: Connect) -> None:
    """A plan without changes may be worth no comment, but brings an existing one up to date."""
    skipped = publish(connect(github), create_if_missing=False)
    publish(connect(github))
    updated = publish(connect(github), "no changes", create_if_missing=False)

    assert skipped == SKIPPED
    assert updated.result is CommentResult.UPDATED


def test_a_body_without_its_marker_is_a_bug(github: GitHubSandbox, connect: Connect) -> None:
    """It would never be found again."""
    with pytest.raises(ValueError, match=r"^the comment does not start with the marker of 'acme/prod'$"):
        connect(github).publish(
            number=7, key="acme/prod", compose=lambda _: "no marker", recreate=False, create_if_missing=True
        )


@pytest.mark.parametrize("answer", [BAD_GATEWAY, CUT], ids=["502", "cut"])
def test_a_comment_whose_answer_was_lost_is_not_posted_again(
    github: GitHubSandbox, connect: Connect, sleeps: list[float], *, answer: Answer
) -> None:
    """It is looked for first, and found."""
    github.misbehave(lost_answers=[Fault(path=ON_POST, answer=answer)])

    published = publish(connect(github))

    assert published == Written(result=CommentResult.CREATED, id=4_100_000_001, url=URL)
    assert len(github.comments) == 1
    assert github.requests == [GRAPHQL, POST, GRAPHQL]
    assert sleeps == [2.0]


def test_recreate_does_not_take_the_old_comment_for_the_lost_one(github: GitHubSandbox, connect: Connect) -> None:
    """What was there before the POST does not count."""
    publish(connect(github))
    github.misbehave(faults=[Fault(path=ON_POST, answer=BAD_GATEWAY, times=1)])

    published = publish(connect(github), "second plan", recreate=True)

    assert published.id == 4_100_000_002
    assert [comment.minimized for comment in github.comments] == [True, False]


def test_a_comment_that_did_not_arrive_is_posted_once_more(
    github: GitHubSandbox, connect: Connect, sleeps: list[float]
) -> None:
    """After looking for it in vain."""
    github.misbehave(faults=[Fault(path=ON_POST, answer=BAD_GATEWAY, times=1)])

    assert publish(connect(github)).result is CommentResult.CREATED
    assert github.requests == [GRAPHQL, POST, GRAPHQL, POST]
    assert sleeps == [2.0]


def test_posting_ends(github: GitHubSandbox, connect: Connect) -> None:
    """Two attempts, then the error."""
    github.misbehave(faults=[Fault(path=ON_POST, answer=BAD_GATEWAY)])

    with pytest.raises(GitHubError) as raised:
        publish(connect(github))

    assert str(raised.value) == (
        "Comment on pull request #7 of acme/infra: GitHub keeps failing (502: Server Error). Run the job again later."
    )
    assert github.requests == [GRAPHQL, POST, GRAPHQL, POST, GRAPHQL]


def test_looking_and_editing_are_repeated(github: GitHubSandbox, connect: Connect, sleeps: list[float]) -> None:
    """They may be done twice, so a server's error or a lost answer only costs time."""
    publish(connect(github))
    github.misbehave(
        faults=[Fault(path="/graphql", answer=BAD_GATEWAY, times=2), Fault(path=ON_PATCH, answer=CUT, times=1)],
        lost_answers=[Fault(path=ON_PATCH, answer=BAD_GATEWAY, times=1)],
    )
    github.requests.clear()

    assert publish(connect(github), "second plan").result is CommentResult.UPDATED
    assert github.requests == [GRAPHQL] * 3 + [PATCH] * 3
    assert sleeps == [1.0, 2.0, 1.0, 2.0]


def test_a_rate_limit_is_waited_for(github: GitHubSandbox, connect: Connect, sleeps: list[float]) -> None:
    """It turned the request away, so even a POST may be sent again."""
    github.misbehave(faults=[Fault(path=ON_POST, answer=SECONDARY_RATE_LIMIT, times=2)])

    assert publish(connect(github)).result is CommentResult.CREATED
    assert len(github.comments) == 1
    assert sleeps == [7.0, 7.0]


def test_github_enterprise_server_is_asked_where_it_is(connect: Connect) -> None:
    """GITHUB_API_URL ends in /api/v3 there, and GraphQL is at /api/graphql."""
    with GitHubSandbox([PullRequest(number=7, head_sha="a" * 40)], enterprise_server=True) as github:
        publish(connect(github))

        assert publish(connect(github), "second plan").result is CommentResult.UPDATED
        assert github.requests == [
            "POST /api/graphql",
            "POST /api/v3/repos/acme/infra/issues/7/comments",
            "POST /api/graphql",
            "PATCH /api/v3/repos/acme/infra/issues/comments/4100000001",
        ]


class TestLook:
    """Looking ahead of time saves a request to wait for, and decides nothing that may have changed since."""

    def test_what_was_seen_is_edited(self, github: GitHubSandbox, connect: Connect) -> None:
        """One request to see whether it still stands, one to edit; of two comments the older one is hidden as ever."""
        older, newer = github.write(7, body("older")), github.write(7, body("newer"))
        pull_requests = connect(github)

        published = publish(pull_requests, "second plan", look=look(pull_requests))

        assert published.result is CommentResult.UPDATED
        assert (older.minimized, newer.body) == (True, body("second plan"))
        patch = f"PATCH /repos/acme/infra/issues/comments/{newer.id}"
        assert github.requests == [GRAPHQL, GRAPHQL, patch, GRAPHQL]

    def test_that_costs_no_more_where_many_have_commented(self, github: GitHubSandbox, connect: Connect) -> None:
        """However many comments there are, they are not listed again."""
        github.write(7, body())
        for n in range(250):
            github.write(7, f"comment {n}", token=USER_TOKEN)
        pull_requests = connect(github)
        seen = look(pull_requests)
        github.requests.clear()

        assert publish(pull_requests, "second plan", look=seen).result is CommentResult.UPDATED
        assert github.requests == [GRAPHQL, PATCH]

    def test_one_that_was_hidden_since_stays_as_it_is(self, github: GitHubSandbox, connect: Connect) -> None:
        """Somebody hides the comment after the look: a new one is posted, which can be seen."""
        hidden = github.write(7, body())
        pull_requests = connect(github)
        seen = look(pull_requests)
        hidden.minimized = True

        published = publish(pull_requests, "second plan", look=seen)

        assert published.result is CommentResult.CREATED
        assert [comment.body for comment in github.comments] == [body(), body("second plan")]

    def test_one_that_another_job_has_replaced_since(self, github: GitHubSandbox, connect: Connect) -> None:
        """Another job hides the comment and posts its own: that is edited."""
        hidden = github.write(7, body())
        pull_requests = connect(github)
        seen = look(pull_requests)
        hidden.minimized = True
        theirs = github.write(7, body("another job's"))

        published = publish(pull_requests, "second plan", look=seen)

        assert (published.result, published.id) == (CommentResult.UPDATED, theirs.id)
        assert [comment.body for comment in github.comments] == [body(), body("second plan")]

    def test_one_that_is_gone_when_it_is_edited(self, github: GitHubSandbox, connect: Connect) -> None:
        """A comment that was deleted in that very moment is not missed either."""
        github.write(7, body())
        pull_requests = connect(github)
        seen = look(pull_requests)
        github.misbehave(faults=[Fault(path=ON_PATCH, answer=Answer(status=404), times=1)])

        assert publish(pull_requests, "second plan", look=seen).result is CommentResult.UPDATED

    def test_one_that_is_gone_is_not_missed(self, github: GitHubSandbox, connect: Connect) -> None:
        """A comment that was deleted after the look is posted anew."""
        github.write(7, body())
        pull_requests = connect(github)
        seen = look(pull_requests)
        github.comments.clear()

        published = publish(pull_requests, "second plan", look=seen)

        assert published.result is CommentResult.CREATED
        assert [comment.body for comment in github.comments] == [body("second plan")]
        assert github.requests == [GRAPHQL, GRAPHQL, GRAPHQL, POST]

    def test_one_that_came_since_is_not_doubled(self, github: GitHubSandbox, connect: Connect) -> None:
        """Where none was seen, another job may have posted one: that is edited."""
        pull_requests = connect(github)
        seen = look(pull_requests)
        theirs = github.write(7, body("another job's"))

        published = publish(pull_requests, "second plan", look=seen)

        assert published.result is CommentResult.UPDATED
        assert [comment.body for comment in github.comments] == [theirs.body] == [body("second plan")]

    def test_one_that_another_job_wrote_since_is_not_taken_for_unchanged(
        self, github: GitHubSandbox, connect: Connect
    ) -> None:
        """What was the same when it was seen is looked at again."""
        comment = github.write(7, body())
        pull_requests = connect(github)
        seen = look(pull_requests)
        comment.body = body("an older plan")

        assert publish(pull_requests, look=seen).result is CommentResult.UPDATED
        assert comment.body == body()

    def test_recreate_hides_what_is_there_then(self, github: GitHubSandbox, connect: Connect) -> None:
        """A comment that was posted after the look is hidden, too."""
        pull_requests = connect(github)
        seen = look(pull_requests)
        theirs = github.write(7, body("another job's"))

        assert publish(pull_requests, recreate=True, look=seen).result is CommentResult.CREATED
        assert theirs.minimized

    def test_an_edit_that_is_refused_is_no_sign_of_a_missing_comment(
        self, github: GitHubSandbox, connect: Connect
    ) -> None:
        """Only a 404 leads to another look."""
        github.write(7, body())
        pull_requests = connect(github)
        seen = look(pull_requests)
        github.misbehave(faults=[Fault(path=ON_PATCH, answer=BAD_GATEWAY)])
        github.requests.clear()

        with pytest.raises(GitHubError, match="GitHub keeps failing"):
            publish(pull_requests, "second plan", look=seen)
        assert github.requests == [GRAPHQL] + [PATCH] * 4

    def test_a_fresh_look_is_enough(self, github: GitHubSandbox, connect: Connect) -> None:
        """What is answered only when there is something to write is not asked again."""
        pull_requests = connect(github)

        created = publish(pull_requests, look=replace(look(pull_requests), is_fresh=True))
        assert (created.result, github.requests) == (CommentResult.CREATED, [GRAPHQL, POST])

        github.requests.clear()
        unchanged = publish(pull_requests, look=replace(look(pull_requests), is_fresh=True))
        assert (unchanged.result, github.requests) == (CommentResult.UNCHANGED, [GRAPHQL])

    def test_that_fails_says_why(self, github: GitHubSandbox, connect: Connect) -> None:
        """In the words of the comment that will not be written."""
        github.misbehave(faults=[Fault(path="/graphql", answer=BAD_GATEWAY)])

        with pytest.raises(GitHubError) as raised:
            look(connect(github))
        assert str(raised.value) == (
            "Comment on pull request #7 of acme/infra: GitHub keeps failing (502: Server Error). Run the job again"
            " later."
        )
