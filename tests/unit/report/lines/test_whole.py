"""An object that comes, goes or is imported: first who it is, then what matters where it is lost, then the rest."""

import json
from typing import Any

import pytest

from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlannedChange, summarize
from tfc_plan_comment.report.lines.attributes import Told
from tfc_plan_comment.report.lines.line import UNCUT, WHOLE, Cut, Limits, cut_of
from tfc_plan_comment.report.lines.whole import tell_created, tell_destroyed, tell_imported
from tfc_plan_comment.report.rows import tell_change

BUCKET = {
    "acl": "private",
    "arn": "arn:aws:s3:::logs",
    "bucket": "acme-logs",
    "force_destroy": True,
    "grants": [{"id": "x", "permissions": ["READ"]}],
    "id": "acme-logs",
    "region": "eu-west-1",
    "tags": None,
    "website": "",
}


def planned(before: Any, after: Any, **change: Any) -> PlannedChange:
    actions = ["create"] if before is None else ["delete"]
    resource = {
        "address": "aws_s3_bucket.n",
        "type": "aws_s3_bucket",
        "change": {"actions": actions, "before": before, "after": after, **change},
    }
    document = {"format_version": "1.2", "resource_changes": [resource]}
    return summarize(parse_plan(json.dumps(document).encode(), name="plan")).changes[0]


def destroyed(before: Any, limits: Limits | None = None, **change: Any) -> Told:
    return tell_destroyed(planned(before, None, **change).diff, limits or Limits())


def shown(told: Told) -> tuple[list[str], list[str]]:
    """The lines, and the sentences below them."""
    remarks = ["".join(piece.text for piece in remark.pieces) for remark in told.remarks]
    return [str(line) for line in told.lines], remarks


def test_what_is_destroyed_says_who_it_is_and_what_matters() -> None:
    """The rest is named, and counted as not shown."""
    told = destroyed(BUCKET)

    assert shown(told) == (
        [
            '- bucket        = "acme-logs"',
            '- arn           = "arn:aws:s3:::logs"',
            "- force_destroy = true",
            "  # empty: website",
        ],
        ["Other attributes: acl, id, region, grants."],
    )
    assert cut_of(told.lines) + sum((remark.cut for remark in told.remarks), WHOLE) == Cut(values=4)


def test_where_there_is_room_all_of_it_is_shown() -> None:
    """In the step summary and the report: in the same order, and nothing is left out."""
    told = destroyed(BUCKET, UNCUT)
    lines, _ = shown(told)

    assert [line.split()[1] for line in lines if line.startswith("- ") and line[2] != " "] == [
        *("bucket", "arn", "force_destroy", "acl", "id", "region", "grants")
    ]
    assert cut_of(told.lines) == WHOLE


def test_a_small_object_is_shown_whole() -> None:
    """There is nothing to gain in naming what would take no more room."""
    assert shown(destroyed({"id": "x", "input": 1})) == (['- id    = "x"', "- input = 1"], [])


def test_what_has_no_name_shows_its_first_attributes() -> None:
    """As many as there is room for."""
    lines, remarks = shown(destroyed({f"a_{number}": number for number in range(9)}))

    assert lines[:5] == [f"- a_{number} = {number}" for number in range(5)]
    assert [*lines[5:], *remarks] == ["  # other attributes: a_5, a_6, a_7, a_8"]


def test_one_long_attribute_stands_alone() -> None:
    """One that takes many lines is shown only where it is all that there is."""
    policy = json.dumps({"Statement": [{"Sid": f"s{number}", "Action": "x" * 40} for number in range(9)]})

    assert len(shown(destroyed({"policy": policy}))[0]) > 9
    assert shown(destroyed({"name": "n", "policy": policy}))[0] == ['- name = "n"', "  # other attributes: policy"]


def test_an_id_beside_a_name_is_enough() -> None:
    """An ARN repeats it; an id that is the name is no news."""
    others = {f"a_{number}": number for number in range(9)}

    assert shown(destroyed({"name": "n", "id": "sg-1", "arn": "arn:sg-1", **others}))[0][:2] == [
        '- name = "n"',
        '- id   = "sg-1"',
    ]
    assert shown(destroyed({"name": "n", "id": "n", "arn": "arn:n", **others}))[0][:2] == [
        '- name = "n"',
        '- arn  = "arn:n"',
    ]


def test_what_is_hidden_as_a_whole_is_shown_as_that() -> None:
    """There are no attributes to choose from."""
    assert shown(destroyed(BUCKET, before_sensitive=True)) == (['- "(all attributes)" = (sensitive value)'], [])


def created(after: Any, configured: frozenset[str] | None = None, **change: Any) -> tuple[list[str], list[str]]:
    return shown(tell_created(planned(None, after, **change).diff, configured, Limits()))


def test_what_is_created_says_who_it_is_and_what_somebody_set() -> None:
    """What is false because nobody set it is named below; one that is set to it says something."""
    after = {"a": 1, "b": False, "c": 0, "name": "n", "z": False, "block": [{"k": "x" * 60, "l": "y" * 60}]}

    lines, remarks = created(after, frozenset({"c", "z"}), after_unknown={"id": True})
    assert (lines[:4], lines[-2:], remarks) == (
        ['+ name = "n"', "+ c    = 0", "+ z    = false", "+ a    = 1"],
        ["  # false: b", "  # known after apply: id"],
        [],
    )
    lines, _ = created(after)
    assert lines[-1] == "  # false: b, z"


def test_an_import_is_shown_like_what_goes() -> None:
    """Nothing of it changes: who it is has to be read, and what can be lost with it."""
    imported: dict[str, Any] = {key: value for key, value in BUCKET.items() if value}
    told = tell_imported(imported, "aws_s3_bucket", Limits())

    lines, remarks = shown(told)
    assert lines[:3] == [
        '  bucket        = "acme-logs"',
        '  arn           = "arn:aws:s3:::logs"',
        "  force_destroy = true",
    ]
    assert (lines[3:], remarks) == ([], ["Other attributes: acl, grants, id, region."])


@pytest.mark.parametrize("number", [3, 4])
def test_destroyed_objects_that_differ_where_nothing_is_shown_are_not_alike(number: int) -> None:
    """What is only named is compared as well."""
    row = tell_change(planned({**BUCKET, "acl": str(number)}, None), limits=Limits())
    remarks = [remark.cut.values for remark in row.remarks]

    assert sum(remarks) + cut_of(row.lines).values == 4
