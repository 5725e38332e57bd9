"""What it costs to look for what deserves a look, by counting: little for most changes, and never a square."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.plan.attention_settings import AttentionSettings
from tfc_plan_comment.plan.knowledge.attention import attention_rules
from tfc_plan_comment.plan.marks import read_attributes
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.policy_document import read_statements
from tfc_plan_comment.plan.same_change import by_what_they_do
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import MOST_SORTED_BY_NOISE, PlanSummary, summarize

pytestmark = [pytest.mark.cost, pytest.mark.no_cover]

Document = dict[str, Any]
MANY = MOST_SORTED_BY_NOISE + 200
"""So many updates that none is compared to tell noise: what is decoded is decoded for what deserves a look."""


def entry(address: str, before: Any, after: Any) -> Document:
    action = "create" if before is None else "delete" if after is None else "update"
    change = {"actions": [action], "before": before, "after": after}
    return {"address": address, "mode": "managed", "type": address.partition(".")[0], "name": "n", "change": change}


def plain(count: int) -> list[Document]:
    """Updates of types that have rules, which none of them is about."""
    return [
        entry(f"{type_}.n{n}", {"tags": {"a": str(n)}, "encrypted": True}, {"tags": {"a": f"{n}!"}, "encrypted": True})
        for n in range(count // 4)
        for type_ in ("aws_instance", "aws_security_group", "aws_iam_policy", "google_storage_bucket")
    ]


def opening(count: int) -> list[Document]:
    """Security groups that open a port, each another one."""
    rule = {"cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": [], "to_port": 65535, "protocol": "tcp"}
    return [
        entry(f"aws_security_group.n{n}", {"ingress": []}, {"ingress": [{**rule, "from_port": n}]})
        for n in range(count)
    ]


def policies(count: int) -> list[Document]:
    """Policies that allow everything, each with a Sid of its own."""
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return [
        entry(f"aws_iam_policy.n{n}", None, {"policy": json.dumps({"Statement": [{**allow, "Sid": f"S{n}"}]})})
        for n in range(count)
    ]


def renamed(count: int) -> list[Document]:
    """Objects that are all destroyed, and created again under another address."""
    return [
        each
        for n in range(count // 2)
        for each in (
            entry(f"aws_sns_topic.a{n}", {"name": f"n{n}"}, None),
            entry(f"aws_sns_topic.b{n}", None, {"name": f"n{n}"}),
        )
    ]


def guards(count: int) -> list[Document]:
    """Objects that are for others, which are all destroyed."""
    return [entry(f"aws_flow_log.n{n}", {"id": f"fl-{n}", "vpc_id": f"vpc-{n}"}, None) for n in range(count)]


def statements(count: int) -> list[Document]:
    """One policy of very many statements, which are written in another order."""
    many = [{"Effect": "Allow", "Action": f"s3:A{n}", "Resource": "*"} for n in range(count // 10)]
    before, after = (json.dumps({"Statement": each}) for each in (many, many[::-1]))
    return [entry("aws_iam_policy.n", {"policy": before}, {"policy": after})]


def ports(count: int) -> list[Document]:
    """One security group with very many rules, each of which becomes another one, and then one that covers all."""
    rules = [{"cidr_blocks": ["0.0.0.0/0"], "protocol": "tcp", "from_port": n, "to_port": n} for n in range(count)]
    every = {"cidr_blocks": ["0.0.0.0/0"] * count, "protocol": "-1"}
    return [
        entry("aws_security_group.n", {"ingress": rules[::2]}, {"ingress": rules[1::2]}),
        entry("aws_security_group.m", {"ingress": rules[::2]}, {"ingress": [every]}),
    ]


def group(count: int) -> list[Document]:
    """Rules of one security group, which all are new."""
    rule = {"type": "ingress", "security_group_id": "sg-1", "cidr_blocks": ["0.0.0.0/0"], "protocol": "tcp"}
    of_it = [
        entry(f"aws_security_group_rule.n{n}", None, {**rule, "from_port": n, "to_port": n})
        for n in range(1_000, 1_000 + count)
    ]
    return [*of_it, entry("aws_security_group_rule.old", {**rule, "from_port": 22, "to_port": 22}, None)]


def disks(number: int, size: int = 1, *, encrypted: bool = True) -> Document:
    """Those of an instance: the first has this size, the other is another one for each number."""
    root, other = {"encrypted": encrypted, "volume_size": size}, {"encrypted": True, "volume_id": f"vol-{number}"}
    return {"root_block_device": [root], "ebs_block_device": [other]}


def written(changes: list[Document]) -> bytes:
    return json.dumps({"format_version": "1.2", "terraform_version": "1.14.0", "resource_changes": changes}).encode()


def attended(content: bytes, *, off: bool = False) -> PlanSummary:
    summary = summarize(parse_plan(content, name="plan"), attention=AttentionSettings(off=off))
    assert summary.attention_ignored == 0
    return summary


@pytest.mark.parametrize(
    "make", [plain, opening, policies, renamed, guards, ports, group], ids=lambda make: make.__name__
)
def test_twice_the_plan_takes_twice_the_calls(
    make: Callable[[int], list[Document]], count_calls: Callable[..., int]
) -> None:
    """Also where every change has a notice, and where each is looked for among the others."""
    once, twice = written(make(MANY)), written(make(2 * MANY))
    attended(once)
    assert count_calls(lambda: attended(twice)) <= 2.2 * count_calls(lambda: attended(once))


@pytest.mark.parametrize("per", [9, 30])
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
@pytest.mark.parametrize("inside", ["Action", "Resource"])
def test_a_policy_of_any_size_takes_little(inside: str, effect: str, per: int, count_calls: Callable[..., int]) -> None:
    """Whatever it names very much of, and however little of it stays; AWS takes no such policy."""

    def policy(end: str, condition: Any) -> Any:
        each = {"Effect": effect, "Action": "a:B", "Resource": "*", "Condition": condition}
        many = [{**each, "Sid": f"S{n}", inside: [f"a:{n}{m}{end}*" for m in range(per)]} for n in range(100)]
        return {"policy": json.dumps({"Statement": many})}

    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    content = written([entry("aws_iam_policy.n", policy("x", mfa), policy("y", {}))])
    assert count_calls(lambda: attended(content)) < 1_000_000


def test_what_no_rule_is_about_is_not_decoded(count_calls: Callable[..., int]) -> None:
    """No value of it, though its types have rules, and though it has attributes that rules are about."""
    content = written(plain(MANY))
    assert len(attended(content).changes) == MANY
    assert count_calls(lambda: attended(content), Mask.sides.__code__) == 0


def test_the_attributes_of_an_update_are_compared_once(count_calls: Callable[..., int]) -> None:
    """For what deserves a look as well as for which changes do the same."""
    content = written(plain(MANY))
    assert len(by_what_they_do(attended(content).changes)) > 1
    assert count_calls(lambda: by_what_they_do(attended(content).changes), read_attributes.__code__) == 2 * MANY


def test_a_policy_that_no_rule_can_be_about_is_not_decoded(count_calls: Callable[..., int]) -> None:
    """It changes, but never allowed or denied everything, and asked for no condition."""

    def policy(action: str) -> Any:
        return {"policy": json.dumps({"Statement": [{"Effect": "Allow", "Action": action, "Resource": "arn:a"}]})}

    content = written([entry(f"aws_iam_policy.n{n}", policy("a:B"), policy(f"a:C{n}")) for n in range(MANY)])
    assert len(attended(content).changes) == MANY
    assert count_calls(lambda: attended(content), Mask.sides.__code__) == 0


def test_a_policy_that_keeps_its_conditions_is_not_decoded(count_calls: Callable[..., int]) -> None:
    """Other actions are allowed under the same condition, as in most changes of policies."""

    def policy(action: str) -> Any:
        asked = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}
        stays, changes = ({"Effect": "Allow", "Action": each, "Resource": "arn:a", **asked} for each in ("a:A", action))
        return {"policy": json.dumps({"Statement": [stays, changes]})}

    content = written([entry(f"aws_iam_policy.n{n}", policy("a:B"), policy(f"a:C{n}")) for n in range(MANY)])
    assert len(attended(content).changes) == MANY
    assert count_calls(lambda: attended(content), Mask.sides.__code__) == 0


def test_documents_that_stay_are_not_decoded(count_calls: Callable[..., int]) -> None:
    """Of an object with two, of which one changes, both sides of that one are taken apart, and nothing else."""
    every = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    stays, was, will_be = (json.dumps({"Statement": [{**every, "Sid": sid}]}) for sid in "abc")
    content = written([entry("aws_iam_role.n", {"a": stays, "b": was}, {"a": stays, "b": will_be})])
    read_statements.cache_clear()
    assert count_calls(lambda: attended(content), read_statements.__wrapped__.__code__) == 2


def test_equal_rules_of_a_security_group_are_decoded_once(count_calls: Callable[..., int]) -> None:
    """Those that were there, and those that are new, however many objects have them."""
    rule = {"type": "ingress", "security_group_id": "sg-1", "protocol": "tcp", "from_port": 22, "to_port": 22}
    closed, opened = {**rule, "cidr_blocks": ["10.0.0.0/8"]}, {**rule, "cidr_blocks": ["0.0.0.0/0"]}
    changes = [entry(f"aws_security_group_rule.n{n}", {**closed, "n": n}, {**opened, "n": n}) for n in range(MANY)]
    content = written(changes)
    assert len(attended(content).attention) == MANY
    assert count_calls(lambda: attended(content), Mask.sides.__code__) <= 3


def test_equal_changes_are_decoded_once(count_calls: Callable[..., int]) -> None:
    """The instances of one resource, however many there are."""
    before = {"enable_deletion_protection": True}
    content = written([entry(f"aws_lb.n{n}", {**before, "n": n}, {"n": n}) for n in range(MANY)])
    assert len(attended(content).attention) == MANY
    assert count_calls(lambda: attended(content), Mask.sides.__code__) == 1


def test_what_stays_is_not_decoded_beside_what_changes(count_calls: Callable[..., int]) -> None:
    """A rule that compares two attributes takes apart the one that changes: it is alike in all, the other is not."""
    content = written([entry(f"aws_instance.n{n}", disks(n), disks(n, encrypted=False)) for n in range(MANY)])
    assert len(attended(content).attention) == MANY
    assert count_calls(lambda: attended(content), Mask.sides.__code__) == 1


def test_a_block_in_which_nothing_changes_that_a_rule_compares_is_not_masked(count_calls: Callable[..., int]) -> None:
    """Disks grow, each to a size of its own, and stay encrypted."""
    content = written([entry(f"aws_instance.n{n}", disks(n), disks(n, size=2 + n)) for n in range(MANY)])
    assert len(attended(content).changes) == MANY
    assert count_calls(lambda: attended(content), Mask.sides.__code__) == 0


def test_rules_are_chosen_once_for_a_type(count_calls: Callable[..., int]) -> None:
    """Not for each of its changes."""
    content = written(opening(MANY))
    attention_rules.cache_clear()
    assert count_calls(lambda: attended(content), attention_rules.__wrapped__.__code__) <= 1


def test_to_look_takes_few_calls(count_calls: Callable[..., int]) -> None:
    """Of a change that no rule is about, a few dozen, of which none does much."""
    content = written(plain(MANY))
    on, off = (count_calls(lambda off=off: attended(content, off=off)) for off in (False, True))
    assert on - off <= 60 * MANY


def test_many_statements_are_no_square(count_calls: Callable[..., int]) -> None:
    """A policy has a few dozen. Of one with more than any service takes nothing is said, and nothing compared."""
    few, many = written(statements(3_000)), written(statements(30_000))
    attended(few)
    assert count_calls(lambda: attended(many)) <= 10 * count_calls(lambda: attended(few))
