"""Whether a policy document may have lost a condition is told without a look at what it says."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.policy_changes import find_policy_change
from tfc_plan_comment.plan.policy_conditions import may_lose_condition
from tfc_plan_comment.plan.policy_document import read_documents

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
READ = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*", "Condition": MFA}
WRITE = {"Sid": "Write", "Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "*", "Condition": ORGANIZATION}
LIST = {"Sid": "List", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": "*"}


def policy(*statements: Any) -> str:
    """A document with these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def raw(value: object) -> msgspec.Raw:
    """A value as it stands in a plan."""
    return msgspec.Raw(json.dumps(value).encode())


def without(statement: dict[str, Any], name: str) -> dict[str, Any]:
    """The statement without one of its elements."""
    return {key: value for key, value in statement.items() if key != name}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (policy(READ, WRITE), policy(READ, {**WRITE, "Action": ["s3:*"]})),
        (policy(READ), policy({**READ, "Resource": "arn:1"}, {**READ, "Sid": "More", "Action": "s3:ListBucket"})),
        (policy(LIST, READ), policy({**LIST, "Action": "s3:*"}, READ)),
        (policy(LIST), policy({**LIST, "Condition": MFA})),
        (policy(READ, WRITE), policy(WRITE, READ)),
        (None, policy(READ)),
        ([{"name": "a", "policy": policy(READ)}], [{"name": "b", "policy": policy({**READ, "Sid": "Other"})}]),
    ],
    ids=["actions", "one more", "one that had none", "a new one", "the order", "a new document", "in a block"],
)
def test_no_condition_goes(old: object, new: object) -> None:
    """What changes is something else."""
    assert not may_lose_condition(raw(old), raw(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (policy(READ), policy(without(READ, "Condition"))),
        (policy(READ), policy({**READ, "Condition": ORGANIZATION})),
        (policy(READ, WRITE), policy({**READ, "Condition": ORGANIZATION}, {**WRITE, "Condition": MFA})),
        ([{"policy": policy(READ)}], [{"policy": policy(without(READ, "Condition"))}]),
        (policy(READ).replace("MFA", "x")[:-1], policy(LIST)),
        (json.dumps({"Statement": READ}), policy(LIST)),
        (policy("Read"), policy(LIST)),
    ],
    ids=["goes", "another one", "exchanged", "in a block", "no JSON", "one statement", "no statement"],
)
def test_a_condition_may_go(old: object, new: object) -> None:
    """Another one stands there, or nobody knows what stands there."""
    assert may_lose_condition(raw(old), raw(new))


statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": st.sampled_from(["s3:GetObject", "s3:*", ["iam:*", "*"]])},
    optional={
        "Sid": st.sampled_from(["A", "B"]),
        "Resource": st.sampled_from(["*", "arn:1"]),
        "Condition": st.sampled_from([MFA, ORGANIZATION, {**MFA, **ORGANIZATION}, {}]),
    },
)
documents = st.lists(statements, max_size=4)


@given(documents, documents)
def test_it_is_never_silent_where_a_condition_goes(old: list[Any], new: list[Any]) -> None:
    """Whatever the rule would find in two documents, it is asked."""
    found = find_policy_change("condition", *(read_documents({"policy": policy(*each)}) for each in (old, new)))
    assert found is None or may_lose_condition(raw(policy(*old)), raw(policy(*new)))
