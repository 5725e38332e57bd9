"""The words of a row about what changes: names with their values, the most telling first."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.resource_diff import ResourceDiff
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.lines.changed_names import name_changes
from tfc_plan_comment.report.lines.identity import identify
from tfc_plan_comment.report.write.pieces import write_cell


def diff_of(before: Any, after: Any, actions: tuple[str, ...] = ("update",), **change: Any) -> ResourceDiff:
    inner = {"actions": list(actions), "before": before, "after": after, **change}
    resource = {"address": "t.n", "type": "t", "change": inner}
    plan = parse_plan(json.dumps({"format_version": "1.2", "resource_changes": [resource]}).encode(), name="plan")
    return summarize(plan).changes[0].diff


def cell(before: Any, after: Any, **change: Any) -> str:
    """The cell as a reader sees it: names between backticks."""
    written = str(write_cell(name_changes(diff_of(before, after, **change))))
    return written.replace("<code>", "`").replace("</code>", "`")


def rule(port: int, **more: Any) -> dict[str, Any]:
    return {"from_port": port, "to_port": port, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"], "self": False, **more}


def containers(**environment: str) -> str:
    variables = [{"name": name, "value": value} for name, value in environment.items()]
    return json.dumps([{"name": "orders", "environment": variables}])


KEPT = {"k": 1, "l": 2, "m": 3}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 30}, {"a": 90}, "`a` 30 → 90"),
        ({"a": "x" * 30}, {"a": "y"}, '`a` "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" → "y"'),
        ({"a": 1, "b": 1}, {"a": 2, "b": 2}, "`a` 1 → 2, `b` 1 → 2"),
        (dict.fromkeys("abcde", 1), dict.fromkeys("abcde", 2), "`a` 1 → 2, `b` 1 → 2, `c` 1 → 2, 2 more"),
        ({"a": None}, {"a": "x"}, '`a` "x" added'),
        ({"a": False}, {"a": None}, "`a` false removed"),
        (
            {"a": None},
            {"a": f"-----BEGIN CERTIFICATE-----\n{'QUFB' * 30}\n-----END CERTIFICATE-----"},
            "`a` (certificate, 174 characters) added",
        ),
        ({"a": [{"x": 1}], "b": []}, {"a": [], "b": [{"x": 1}]}, "`b` added, `a` removed"),
        ({"o": {"a": [{}], "b": []}}, {"o": {"a": [], "b": [{}]}}, "`o.b` added, `o.a` removed"),
        ({"tags": {}}, {"tags": {"k": "1"}}, '`tags.k` "1" added'),
        ({"tags": {"k": "1"}}, {"tags": {}}, '`tags.k` "1" removed'),
        (
            {"tags": {"k": "1", "l": "1"}},
            {"tags": {"k": "2", "m": "1"}},
            '`tags.k` "1" → "2", `tags.m` "1" added, `tags.l` "1" removed',
        ),
        ({"a": '{"k": 1, "l": 1}'}, {"a": '{"k": 2}'}, "`a`: `k` 1 → 2, − `l` 1"),
        (
            {"container_definitions": containers(LOG_LEVEL="info", TIME_ZONE="UTC")},
            {"container_definitions": containers(LOG_LEVEL="debug", TIME_ZONE="CET")},
            '`container_definitions`: `LOG_LEVEL` "info" → "debug", `TIME_ZONE` "UTC" → "CET"',
        ),
        (
            {"a": 1, "tags": {"k": "1", "l": "1"}},
            {"a": 2, "tags": {"k": "2"}},
            '`a` 1 → 2, `tags.k` "1" → "2", `tags.l` "1" removed',
        ),
        ({"tags": {"k": "1"}}, {"tags": {"k": "2"}}, '`tags.k` "1" → "2"'),
        ({"tags": {"k": "1", "l": "1"}}, {"tags": {"k": "2", "l": "2"}}, '`tags.k` "1" → "2", `tags.l` "1" → "2"'),
        (
            {"tags": dict.fromkeys("abcde", "1")},
            {"tags": dict.fromkeys("abcde", "2")},
            '`tags.a` "1" → "2", `tags.b` "1" → "2", `tags.c` "1" → "2", 2 more',
        ),
        ({"a": "x\ny"}, {"a": "x\nz"}, "`a`: 1 of 2 lines changed"),
        ({"a": "x\ny"}, {"a": "w\nz"}, "`a`: 2 of 2 lines changed"),
        ({"a": "x\ny"}, {"a": "x\ny\n"}, "`a`: newlines at the end changed"),
        ({"a": '{"k": 1}'}, {"a": '{"k": 2}'}, "`a`: `k` 1 → 2"),
        ({"a": ["x"]}, {"a": ["x", "y"]}, '`a`: + "y"'),
        ({"a": ["x"]}, {"a": ["y"]}, '`a` &#91;"x"&#93; → &#91;"y"&#93;'),
        ({"a": ["x"], "b": 1}, {"a": ["y"], "b": 2}, '`b` 1 → 2, `a` &#91;"x"&#93; → &#91;"y"&#93;'),
        ({"a": []}, {"a": ["v", "w", "x", "y"]}, '`a`: + "v", + "w", 2 more added'),
        ({"a": ["x" * 30]}, {"a": ["y"]}, '`a` &#91;"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"&#93; → &#91;"y"&#93;'),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, '`a` &#91;"x", "y"&#93; → &#91;"y", "x"&#93;'),
        (
            {"a": ["x" * 20, "y"]},
            {"a": ["y", "x" * 20]},
            '`a` &#91;"xxxxxxxxxxxxxxxxxxxx", "y"&#93; → &#91;"y", "xxxxxxxxxxxxxxxxxxxx"&#93;',
        ),
        (
            {"a": [*"xyz"], "b": 1},
            {"a": [*"zyx"], "b": 2},
            '`a` &#91;"x", "y", "z"&#93; → &#91;"z", "y", "x"&#93;; `b` 1 → 2',
        ),
        (
            {"a": [{"name": name} for name in ("/x*", "/c", "/b")]},
            {"a": [{"name": name} for name in ("/c", "/b", "/x*", "/new")]},
            "`a`: + `/new`, `/x&#42;` moved from 1st to 3rd",
        ),
        ({"a": [{"name": name} for name in "zebra"]}, {"a": [{"name": name} for name in "arbez"]}, "`a`: 4 moved"),
        ({"a": [rule(22), rule(80)]}, {"a": [rule(22), rule(80, self=True)]}, '`a["80/tcp"].self` false → true'),
        (
            {"a": [{"name": "x", "y": 1}, {"name": "z", "y": 1}]},
            {"a": [{"name": "x", "y": 2}, {"name": "z", "y": 2}]},
            '`a["x"].y` 1 → 2, `a["z"].y` 1 → 2',
        ),
        (
            {"a": '[{"name": "x", "y": 1}, {"name": "z", "y": 1}]'},
            {"a": '[{"name": "x", "y": 1}, {"name": "z", "y": 2}]'},
            '`a`: `["z"].y` 1 → 2',
        ),
        ({"a": {"b": ["x"]}}, {"a": {"b": ["y"]}}, '`a.b` &#91;"x"&#93; → &#91;"y"&#93;'),
        ({"in": [rule(22), rule(80)]}, {"in": [rule(80)]}, "`in`: − `22/tcp` (10.0.0.0/8)"),
        (
            {"in": [rule(22), rule(80)]},
            {"in": [rule(80, self=True)]},
            '`in`: − `22/tcp` (10.0.0.0/8), `in["80/tcp"].self` false → true',
        ),
        (
            {"in": [rule(22, description=""), rule(80)]},
            {"in": [rule(22, description=None)]},
            "`in`: − `80/tcp` (10.0.0.0/8)",
        ),
        (
            {"in": [rule(22)]},
            {"in": [rule(22, cidr_blocks=["0.0.0.0/0"])]},
            '`in["22/tcp"].cidr_blocks` &#91;"10.0.0.0/8"&#93; → &#91;"0.0.0.0/0"&#93;',
        ),
        ({"a": [KEPT]}, {"a": [KEPT, {"q": 1}]}, "`a`: 1 added"),
        (
            {"a": [{**KEPT, "q": 1}, {"z": 1}]},
            {"a": [{**KEPT, "q": 2}]},
            "`a`: 1 removed, `a&#91;k=1 l=2 m=3&#93;.q` 1 → 2",
        ),
        ({"x" * 70: 1}, {"x" * 70: 2}, f"`{'x' * 59}…` 1 → 2"),
        ({"a": 1}, {"a": 1}, ""),
    ],
)
def test_the_cell_names_what_changes(before: Any, after: Any, expected: str) -> None:
    """Up to three paths with both values, elements by what identifies them with a sign each; never a name alone."""
    assert cell(before, after) == expected


def test_what_forces_the_replacement_is_bold() -> None:
    """And stands first, by its attribute's name."""
    replaced = {"actions": ("delete", "create"), "replace_paths": [["b"], ["c", "d"]]}

    shown = cell({"a": 1, "b": 1, "c": {"d": 1}}, {"a": 2, "b": 2, "c": {"d": 2}}, **replaced)

    assert shown == "<b>`b`</b> 1 → 2, <b>`c.d`</b> 1 → 2, `a` 1 → 2"


def test_a_list_is_bold_if_what_comes_or_goes_in_it_forces_the_replacement() -> None:
    """In a list nothing else has a name."""
    added = {"actions": ("delete", "create"), "replace_paths": [["a", 0, "n"]]}
    inside = {"actions": ("delete", "create"), "replace_paths": [["b", 0, "a", 0, "n"]]}

    assert cell({"a": []}, {"a": [{"n": 1}]}, **added) == "<b>`a`</b> added"
    assert cell({"b": [{"a": []}]}, {"b": [{"a": [{"n": 1}]}]}, **inside) == "<b>`b.a`</b> added"


def test_the_most_telling_comes_first() -> None:
    """What forces a replacement, what changes, what comes, what goes; what was off, or stays empty, comes last."""
    before = {
        "a_goes": False,
        "b_empty": "",
        "c_list": None,
        "e_changes": 1,
        "f_forces": {"x": 1},
        "g_changes": {"y": 1},
    }
    after: dict[str, Any] = {
        "b_empty": None,
        "c_list": [],
        "d_comes": 1,
        "e_changes": 2,
        "f_forces": {"x": 2},
        "g_changes": {"y": 2},
    }

    shown = cell(before, after, actions=("delete", "create"), replace_paths=[["f_forces", "x"]])

    assert shown == "<b>`f_forces.x`</b> 1 → 2, `e_changes` 1 → 2, `g_changes.y` 1 → 2, 2 more"
    assert cell(before | {"e_changes": 2, "g_changes": {"y": 2}, "f_forces": {"x": 2}}, after) == (
        "`d_comes` 1 added, `c_list` null → &#91;&#93;, `a_goes` false removed"
    )


def test_inside_of_an_attribute_the_most_telling_comes_first_too() -> None:
    """Forty labels that go do not hide the one that changes; what stays empty is not named."""
    labels = {f"label_{n:02}": "x" for n in range(40)}

    shown = cell({"o": labels | {"public": False, "text": ""}}, {"o": {"public": True, "text": None}})

    assert shown == '`o.public` false → true, `o.label_00` "x" removed, `o.label_01` "x" removed, 38 more'


def policy(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Sid": "Deploy", "Effect": "Allow", "Action": list(actions), "Resource": "*", **more}


MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            policy(statement("a:B", **MFA)),
            policy(statement("a:B", "iam:PassRole")),
            '`p`: − `Condition` `aws:MultiFactorAuthPresent`, + "iam:PassRole"',
        ),
        (
            policy(statement("a:B")),
            policy(statement("a:B", Resource="arn:x")),
            '`p`: `Statement["Deploy"].Resource` "&#42;" → "arn:x"',
        ),
        (
            policy(statement("a:B")),
            policy(statement("a:B"), {**statement("c:D"), "Sid": "More"}),
            '`p`: + `Statement["More"]` (Allow)',
        ),
        (
            policy({"Sid": "x", "NotAction": ["a:B", "c:D"]}),
            policy({"Sid": "x", "NotAction": ["a:B"]}),
            '`p`: − `NotAction` "c:D"',
        ),
        (
            json.dumps([{"name": "web", "image": "web:5.2.1", "environment": [{"name": "N", "value": "4"}]}]),
            json.dumps(
                [
                    {"name": "web", "image": "web:5.3.0", "environment": [{"name": "N", "value": "16"}]},
                    {"name": "log", "image": "x"},
                ]
            ),
            '`p`: `["web"].image` "web:5.2.1" → "web:5.3.0", `["web"].environment["N"].value` "4" → "16", 1 more',
        ),
        (json.dumps({"a": 1, "b": [1]}), json.dumps({"b": [1], "a": 1}, indent=1), "`p`: only its formatting changes"),
        (json.dumps(["a"]), json.dumps(["a", "b"]), '`p`: + "b"'),
        (json.dumps(["a"]), json.dumps(["a", "b" * 99]), "`p`: + an element"),
        (json.dumps({"a": {"b": {"c": 1}}, "d": 1}), json.dumps({"d": 1}), "`p`: − `a` `c`"),
        (json.dumps({"a": "x" * 99, "d": 1}), json.dumps({"d": 1}), "`p`: − `a`"),
        (json.dumps({"a": None, "d": 1}), json.dumps({"a": "@x", "d": 1}), '`p`: `a` null → `"@<wbr>x"`'),
    ],
)
def test_a_document_says_what_comes_and_what_goes(before: str, after: str, expected: str) -> None:
    """Each with a sign of its own, so that no word holds for a neighbour; IAM's actions speak for themselves."""
    assert cell({"p": before}, {"p": after}) == expected


def test_what_does_not_fit_says_a_word_and_what_does_not_fit_at_all_is_counted() -> None:
    """A row has room for some ninety characters; the first name has its values in any case."""
    long = {name: f"{name}-{'x' * 30}" for name in ("a", "b", "c")}
    shown = cell(long, {name: f"y{value}" for name, value in long.items()})

    assert shown == f'`a` "{long["a"]}" → "y{long["a"]}", `b` changed, 1 more'
    names = [f"{name}{'n' * 40}" for name in "abc"]
    shown = cell(dict.fromkeys(names, 1), dict.fromkeys(names, 2))
    assert shown == f"`a{'n' * 40}` 1 → 2, 2 more"
    assert cell({"a": "x" * 60 + "1"}, {"a": "y" * 60}) == "`a` changed"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (f"{'r' * 40}/app:2024.10.1", f"{'r' * 40}/app:2024.11.3", '`a` "…2024.10.1" → "…2024.11.3"'),
        (f"v=spf1 include:{'h' * 40} -all", f"v=spf1 include:{'h' * 40} ~all", '`a` "…-all" → "…&#126;all"'),
        (f"a{'x' * 50}", f"b{'x' * 50}", '`a` "a…" → "b…"'),
        (f"{'x ' * 40}\u202e", f"{'x ' * 40}", '`a` "…\\u202e" → "…"'),
    ],
)
def test_of_two_long_strings_the_part_that_differs_is_shown(before: str, after: str, expected: str) -> None:
    """From the beginning of the word on, and with an ellipsis for the rest."""
    assert cell({"a": before}, {"a": after}) == expected


def test_of_one_long_element_for_another_the_part_that_differs_is_shown() -> None:
    """Such as the policy of a mail domain among other texts."""
    before, after = (f"v=spf1 include:_spf.example.com ip4:192.0.2.0/24 {end}" for end in ("-all", "~all"))

    assert cell({"a": ["x", before]}, {"a": ["x", after]}) == '`a`: + "…&#126;all", − "…-all"'


def test_what_people_look_for_stands_before_what_the_alphabet_has_first() -> None:
    """An image, a size, a query; `id` comes last."""
    names = ["arn", "evaluation_delay", "id", "image", "include_tags", "query"]
    shown = cell(dict.fromkeys(names, "a"), dict.fromkeys(names, "b"))

    assert shown == '`image` "a" → "b", `query` "a" → "b", `arn` "a" → "b", 3 more'
    assert cell({"id": 1, "zzz": 1}, {"id": 2, "zzz": 2}) == "`zzz` 1 → 2, `id` 1 → 2"


def test_what_is_known_only_after_apply_stands_behind_values() -> None:
    """But it is told with its words, in front of what has no weight at all."""
    shown = cell({"version": 1, "input": "a", "b": 1}, {"input": "b", "b": 2}, after_unknown={"version": True})

    assert shown == '`input` "a" → "b", `version` 1 → (known after apply), `b` 1 → 2'


def test_another_certificate_is_called_that() -> None:
    """Its letters say nothing to anybody."""
    one, other = (f"-----BEGIN CERTIFICATE-----\n{text * 30}\n-----END CERTIFICATE-----" for text in ("QUFB", "QUFC"))

    assert cell({"a": one}, {"a": other}) == "`a`: another certificate"
    number = int("9" * 2_000)
    assert cell({"a": number}, {"a": number - 1}) == "`a`: another number of 2,000 characters"


def test_the_lines_of_a_text_are_counted_by_what_becomes_of_them() -> None:
    """Some change, some come, some go."""
    before = "a\nb\nc\nd\ne\nf"

    assert cell({"t": before}, {"t": "a\nB\nc\nd\ne\nf\ng"}) == "`t`: 1 of 7 lines changed, 1 added"
    assert cell({"t": before}, {"t": "a\nc\nd\ne\nf"}) == "`t`: 1 of 6 lines removed"
    assert cell({"t": before}, {"t": "a\nX\nd\ne\nf"}) == "`t`: 1 of 6 lines changed, 1 removed"


def test_a_rule_says_whom_it_lets_in() -> None:
    """A rule for everybody and one for the office have the same ports."""
    everybody = rule(0, cidr_blocks=None, ipv6_cidr_blocks=["::/0"]) | {"protocol": "-1"}

    assert cell({"ingress": [rule(22)]}, {"ingress": [rule(22), everybody]}) == "`ingress`: + `all traffic` (::/0)"


def test_a_sensitive_value_is_not_shown() -> None:
    """The cell says only that it is one."""
    marks = {"before_sensitive": {"a": True}, "after_sensitive": {"a": True}}

    assert cell({"a": "secret-1"}, {"a": "secret-2"}, **marks) == "`a` (sensitive)"
    assert cell({"a": None}, {"a": "secret-2"}, **marks) == "`a` added (sensitive)"


def test_what_is_only_counted_is_named_where_there_is_nothing_else() -> None:
    """Known after apply, else empty."""
    assert cell({}, {}, after_unknown=dict.fromkeys("abcd", True)) == "known after apply: `a`, `b`, `c`, 1 more"
    assert cell({"a": ""}, {"a": None}) == "empty before and after: `a`"


def test_a_value_that_nobody_knows_yet_takes_the_place_of_another() -> None:
    """It is like any other one value that changes."""
    assert cell({"a": 1}, {}, after_unknown={"a": True, "b": True}) == "`a` 1 → (known after apply)"
    assert cell({"a": "x" * 60}, {}, after_unknown={"a": True}) == "`a` → (known after apply)"


@pytest.mark.parametrize(
    ("attributes", "address", "expected"),
    [
        ({"name": "shop-app"}, "aws_lb.web", '"shop-app"'),
        ({"name": "jobs"}, "aws_sqs_queue.jobs", ""),
        ({"name": "orders-0"}, "aws_dynamodb_table.orders[0]", ""),
        ({"name": "Web_App"}, "aws_lb.web-app", ""),
        ({"name": "web", "cidr_block": "10.0.0.0/24"}, "aws_subnet.web", '"10.0.0.0/24"'),
        ({"bucket": "x" * 50}, "aws_s3_bucket.y", f'"{"x" * 40}"…'),
        ({"name": "@octocat"}, "t.n", '`"@<wbr>octocat"`'),
        ({"name": 12, "key": ""}, "t.n", ""),
        ({"other": "x"}, "t.n", ""),
    ],
)
def test_what_comes_or_goes_is_named_as_people_know_it(attributes: dict[str, Any], address: str, expected: str) -> None:
    """By its name, bucket, network, unless the address says the same already."""
    created = identify(diff_of(None, attributes, ("create",)), address)
    destroyed = identify(diff_of(attributes, None, ("delete",)), address)

    assert str(write_cell(created)).replace("<code>", "`").replace("</code>", "`") == expected
    assert created == destroyed


@pytest.mark.parametrize("resource_type", ["aws_s3_object", "aws_s3_bucket_object"])
def test_an_object_in_a_bucket_is_known_by_its_key(resource_type: str) -> None:
    """The bucket is another resource, and the same for all objects in it."""
    diff = replace(
        diff_of(None, {"bucket": "acme-site", "key": "index.html"}, ("create",)), resource_type=resource_type
    )

    assert str(write_cell(identify(diff, "t.index"))) == '"index.html"'


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({"before_sensitive": {"a": True}}, {}, "`a` no longer marked as sensitive"),
        ({}, {"after_sensitive": {"a": True}}, "`a` marked as sensitive"),
    ],
)
def test_a_mark_that_changes_is_no_changed_secret(before: dict[str, Any], after: dict[str, Any], words: str) -> None:
    """The value is the same before and after; that it will be shown from now on is what a reviewer has to know."""
    assert cell({"a": "hunter2-secret"}, {"a": "hunter2-secret"}, **before, **after) == words


def test_a_mark_that_changes_with_its_value_is_said() -> None:
    """A reviewer has to know both."""
    before, after = {"a": "hunter2-secret"}, {"a": "hunter3-secret"}

    assert cell(before, after, after_sensitive={"a": True}) == "`a` (now marked as sensitive)"
    assert cell(before, after, before_sensitive={"a": True}) == "`a` (no longer marked as sensitive)"


def test_a_secret_that_comes_or_goes_says_both() -> None:
    """In a map, that a key is new; and that its value is a secret."""
    marked = {"tags": {"k": True}}

    assert cell({"tags": {}}, {"tags": {"k": "hunter2-secret"}}, after_sensitive=marked) == "`tags.k` added (sensitive)"
    gone = cell({"tags": {"k": "hunter2-secret"}}, {"tags": {}}, before_sensitive=marked)
    assert gone == "`tags.k` removed (sensitive)"
    assert cell({"a": None}, {"a": "hunter2-secret"}, after_sensitive={"a": True}) == "`a` added (sensitive)"


def test_what_a_policy_forbids_is_not_read_as_allowed() -> None:
    """An action that comes to a Deny says so, in the row and in the diff, and so does a whole statement."""

    def policy(*actions: str, sid: str = "D") -> dict[str, Any]:
        allow = {"Sid": "A", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}
        deny = {"Sid": sid, "Effect": "Deny", "Action": list(actions), "Resource": "*"}
        return {"policy": json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]})}

    more = cell(policy("s3:PutObject", "iam:PassRole"), policy("s3:PutObject", "iam:PassRole", "s3:DeleteBucket"))
    other = cell(policy("s3:PutObject"), policy("iam:PassRole", sid="E"))

    assert more == '`policy`: + "s3:DeleteBucket" (Deny)'
    assert other.count("(Deny)") == 2
