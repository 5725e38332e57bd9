"""What more than one change tells: an object created again elsewhere, a change undone, a guard that goes as well."""

from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize

PlanOf = Callable[..., Plan]


def entry(address: str, before: Any, after: Any, *actions: str, **keys: Any) -> dict[str, Any]:
    """A resource change as it stands in a plan; its type is the first part of the address, or the last but one."""
    told = ("create",) if before is None else ("delete",) if after is None else ("update",)
    inner = {key: keys.pop(key) for key in list(keys) if key.startswith(("before_", "after_"))}
    change = {"actions": actions or told, "before": before, "after": after, **inner}
    type_ = address.split(".")[-2] if address.startswith("module.") else address.split(".", maxsplit=1)[0]
    return {"address": address, "mode": "managed", "type": type_, "name": "x", "change": change, **keys}


def said(summary: PlanSummary) -> dict[str, list[str]]:
    """The sentences, by address."""
    return {
        change.resource.address: [notice.plain() for notice in change.attention]
        for change in summary.changes
        if change.attention
    }


class TestSameName:
    """An object that is destroyed and created again under another address."""

    def test_it_asks_for_a_moved_block(self, plan_of: PlanOf) -> None:
        """The same type and the same name: Terraform was not told that it is the same object."""
        summary = summarize(
            plan_of(
                resource_changes=[
                    entry("aws_sns_topic.team[3]", {"name": "team-delta", "id": "a"}, None),
                    entry('aws_sns_topic.team["delta"]', None, {"name": "team-delta"}, after_unknown={"id": True}),
                    entry("aws_sns_topic.other", None, {"name": "other"}),
                ]
            )
        )
        assert said(summary) == {
            "aws_sns_topic.team[3]": [
                'is destroyed and created again as aws_sns_topic.team["delta"]: a moved block may be missing'
            ]
        }
        assert len(summary.attention) == 1

    @pytest.mark.parametrize(
        ("type_", "going", "coming"),
        [
            ("google_bigquery_table", {"dataset_id": "d", "table_id": "a"}, {"dataset_id": "d", "table_id": "b"}),
            ("aws_lambda_permission", {"function_name": "f", "action": "a"}, {"function_name": "f", "action": "a"}),
            ("aws_lambda_event_source_mapping", {"function_name": "f"}, {"function_name": "f"}),
            ("google_storage_bucket_iam_member", {"bucket": "b", "role": "r"}, {"bucket": "b", "role": "r"}),
            ("google_cloud_run_v2_service_iam_member", {"name": "n", "member": "a"}, {"name": "n", "member": "b"}),
            ("github_branch_protection", {"repository_id": "r"}, {"repository_id": "r"}),
            ("azurerm_key_vault_secret", {"name": "n", "key_vault_id": "a"}, {"name": "n", "key_vault_id": "b"}),
            (
                "aws_autoscaling_policy",
                {"name": "n", "autoscaling_group_name": "a"},
                {"name": "n", "autoscaling_group_name": "b"},
            ),
        ],
    )
    def test_what_belongs_to_the_same_is_not_the_same(
        self, plan_of: PlanOf, type_: str, going: dict[str, str], coming: dict[str, str]
    ) -> None:
        """Two tables of a dataset, two permissions of a function: the name of another object tells nothing."""
        changes = [entry(f"{type_}.a", going, None), entry(f"{type_}.b", None, coming)]
        notices = [each for every in said(summarize(plan_of(resource_changes=changes))).values() for each in every]
        assert not [each for each in notices if "created again" in each]

    def test_what_is_forgotten_is_told_as_well(self, plan_of: PlanOf) -> None:
        """It goes on to exist, so that another one of its name cannot be made."""
        changes = [
            entry("aws_s3_bucket.a", {"bucket": "b"}, None, "forget"),
            entry("aws_s3_bucket.b", None, {"bucket": "b"}),
        ]
        assert said(summarize(plan_of(resource_changes=changes))) == {
            "aws_s3_bucket.a": ["is forgotten and created again as aws_s3_bucket.b: a moved block may be missing"]
        }

    @pytest.mark.parametrize(
        ("going", "coming"),
        [
            (entry("aws_iam_role.a", {"name": "a"}, None), entry("aws_iam_role.b", None, {"name": "b"})),
            (entry("aws_iam_role.a", {"name": "a"}, None), entry("aws_iam_user.a", None, {"name": "a"})),
            (
                entry("aws_iam_role_policy.a", {"name": "inline", "role": "a"}, None),
                entry("aws_iam_role_policy.b", None, {"name": "inline", "role": "b"}),
            ),
            (
                entry("aws_iam_role.a", {"name": "a"}, None, deposed="1a2b3c4d"),
                entry("aws_iam_role.b", None, {"name": "a"}),
            ),
            (
                entry("aws_iam_role.a", {"name": "a"}, None, before_sensitive={"name": True}),
                entry("aws_iam_role.b", None, {"name": "a"}),
            ),
            (
                entry("aws_iam_role.a", {"name": "a"}, None),
                entry("aws_iam_role.b", None, {}, after_unknown={"name": True}),
            ),
            (
                entry("aws_iam_role.a", {"name": "a"}, {"name": "a"}, "delete", "create"),
                entry("aws_iam_role.b", None, {"name": "a"}),
            ),
            (
                entry("aws_iam_role.a", {"name": "a"}, None),
                entry("aws_iam_role.b", {"name": "a"}, {"name": "a", "x": 1}),
            ),
        ],
        ids=["names", "types", "places", "left over", "secret", "unknown", "replaced", "there before"],
    )
    def test_another_object_is_another(self, plan_of: PlanOf, going: Any, coming: Any) -> None:
        """Of another name or type, in another place, or of a name that nobody can see."""
        assert said(summarize(plan_of(resource_changes=[going, coming]))) == {}

    def test_of_two_nobody_knows_which(self, plan_of: PlanOf) -> None:
        """Where two of the name are made, neither is said to be it."""
        changes = [
            entry("aws_sns_topic.a", {"name": "a"}, None),
            *(entry(f"aws_sns_topic.{name}", None, {"name": "a"}) for name in "bc"),
        ]
        assert said(summarize(plan_of(resource_changes=changes))) == {}

    def test_a_secret_in_the_key_of_the_address_is_masked(self, plan_of: PlanOf) -> None:
        """As wherever an address is shown."""
        secret = "hunter2-Secret-Value-9!"
        changes = [
            entry("aws_sns_topic.a", {"name": "a"}, None),
            entry(
                f'aws_sns_topic.b["{secret}"]',
                None,
                {"name": "a", "password": secret},
                after_sensitive={"password": True},
            ),
        ]
        (sentence,) = said(summarize(plan_of(resource_changes=changes)))["aws_sns_topic.a"]
        assert secret not in sentence
        assert "(sensitive value)" in sentence


class TestUndoesDrift:
    """A change that sets back what somebody changed outside of Terraform."""

    def drifted(self, plan_of: PlanOf, was: Any, drifted: Any, after: Any, **keys: Any) -> dict[str, list[str]]:
        summary = summarize(
            plan_of(
                resource_changes=[entry("t.x", drifted, after, **keys)],
                resource_drift=[entry("t.x", was, drifted, **keys)],
            )
        )
        assert summary.attention == ()
        return said(summary)

    def test_it_is_a_remark(self, plan_of: PlanOf) -> None:
        """The row says it with the values; it is not counted among what deserves a look."""
        assert self.drifted(plan_of, {"days": 30, "a": 1}, {"days": 3, "a": 1}, {"days": 30, "a": 2}) == {
            "t.x": ["undoes a change made outside of Terraform (days 3 → 30)"]
        }

    def test_several_or_large_values_are_named(self, plan_of: PlanOf) -> None:
        """By their attributes."""
        was, drifted = {"a": 1, "b": [1]}, {"a": 2, "b": [2]}
        assert self.drifted(plan_of, was, drifted, was) == {"t.x": ["undoes a change made outside of Terraform (a, b)"]}

    def test_what_is_read_back_otherwise_is_the_same(self, plan_of: PlanOf) -> None:
        """A rule that somebody added goes; that an empty description is null now is no difference."""
        web, mine = {"port": 443, "description": ""}, {"port": 22, "description": "temporary, me"}
        sides = {"ingress": [web]}, {"ingress": [web, mine]}, {"ingress": [{**web, "description": None}]}
        assert self.drifted(plan_of, *sides) == {"t.x": ["undoes a change made outside of Terraform (ingress)"]}

    def test_a_secret_is_not_said(self, plan_of: PlanOf) -> None:
        """Only the attribute is."""
        marks = {"before_sensitive": {"a": True}, "after_sensitive": {"a": True}}
        assert self.drifted(plan_of, {"a": "x"}, {"a": "y"}, {"a": "x"}, **marks) == {
            "t.x": ["undoes a change made outside of Terraform (a)"]
        }

    @pytest.mark.parametrize(
        ("was", "drifted", "after"),
        [
            ({"a": 1}, {"a": 2}, {"a": 3}),
            ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 2, "b": 2}),
            ({"a": None, "b": 1}, {"a": "", "b": 1}, {"a": None, "b": 2}),
            ({"a": None, "b": 1}, {"a": [], "b": 1}, {"a": None, "b": 2}),
        ],
        ids=["to something else", "another attribute", "read back", "read back as a list"],
    )
    def test_what_is_not_set_back_is_not_undone(self, plan_of: PlanOf, was: Any, drifted: Any, after: Any) -> None:
        """Nor what a provider only reads back in another way."""
        assert self.drifted(plan_of, was, drifted, after) == {}


OLD = {"type": "ingress", "cidr_blocks": ["0.0.0.0/0"], "from_port": 20, "to_port": 25, "protocol": "tcp"}
NEW = {"cidr_ipv4": "0.0.0.0/0", "from_port": 22, "to_port": 22, "ip_protocol": "tcp"}


class TestRulesWrittenAnew:
    """A rule of a security group that takes the place of another one."""

    @pytest.mark.parametrize(
        ("old", "new", "is_new"),
        [({}, {}, False), ({"to_port": 21}, {}, True), ({}, {"security_group_id": "sg-2"}, True)],
        ids=["the same", "other ports", "another group"],
    )
    def test_it_opens_what_was_not_open(self, plan_of: PlanOf, old: Any, new: Any, *, is_new: bool) -> None:
        """Of the same group, and to the same ports or fewer, it opens nothing."""
        group = {"security_group_id": "sg-1"}
        changes = [
            entry("aws_security_group_rule.ssh[0]", {**OLD, **group, **old}, None),
            entry("aws_vpc_security_group_ingress_rule.ssh", None, {**NEW, **group, **new}),
        ]
        found = said(summarize(plan_of(resource_changes=changes)))
        assert list(found) == ["aws_vpc_security_group_ingress_rule.ssh"] * is_new


class TestOwners:
    """What guards something that is destroyed as well."""

    def test_a_guard_goes_with_what_it_guards(self, plan_of: PlanOf) -> None:
        """Nothing is lost where the bucket goes, the virtual network, the namespace; else it is."""
        status = {"bucket": "b", "versioning_configuration": [{"status": "Enabled"}], "id": "b"}
        guards = [
            entry("aws_s3_bucket_versioning.b", status, None),
            entry("aws_flow_log.f", {"vpc_id": "vpc-1", "id": "fl-1"}, None),
            entry("kubernetes_network_policy.n", {"metadata": [{"namespace": "prod"}], "id": "prod/deny"}, None),
        ]
        owners = [
            entry("aws_s3_bucket.b", {"id": "b", "bucket": "b"}, None),
            entry("aws_vpc.v", {"id": "vpc-1"}, None),
        ]
        alone, together = (said(summarize(plan_of(resource_changes=each))) for each in (guards, [*guards, *owners]))
        assert alone.keys() == {"aws_s3_bucket_versioning.b", "aws_flow_log.f", "kubernetes_network_policy.n"}
        assert together.keys() == {"kubernetes_network_policy.n"}
