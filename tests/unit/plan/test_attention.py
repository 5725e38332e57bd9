"""What deserves a look, and what precision hangs on: each of these was learned from a cue that cried wolf."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.plan.attention import LONGEST, Notice
from tfc_plan_comment.plan.attention_conditions import lowest_tls
from tfc_plan_comment.plan.attention_settings import AttentionSettings, Ignored
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize

PlanOf = Callable[..., Plan]
Said = Callable[..., list[str]]
OPEN = {"cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": [], "from_port": 22, "to_port": 22, "protocol": "tcp"}


def entry(type_: str, before: Any, after: Any, *actions: str, **keys: Any) -> dict[str, Any]:
    """A resource change as it stands in a plan."""
    told = ("create",) if before is None else ("delete",) if after is None else ("update",)
    inner = {key: keys.pop(key) for key in list(keys) if key.startswith(("before_", "after_"))}
    change = {"actions": actions or told, "before": before, "after": after, **inner}
    return {"address": f"{type_}.x", "mode": "managed", "type": type_, "name": "x", "change": change, **keys}


@pytest.fixture
def said(plan_of: PlanOf) -> Said:
    """The sentences about one change."""

    def say(*arguments: Any, **keys: Any) -> list[str]:
        plan = plan_of(resource_changes=[entry(*arguments, **keys)])
        return [notice.plain() for change in summarize(plan).changes for notice in change.attention]

    return say


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"policy": json.dumps({"Version": "2012-10-17", "Statement": list(statements)})}


class TestPrecision:
    """The seventeen lessons."""

    def test_places_are_counted(self, said: Said) -> None:
        """1. A bad value fires where it stands in more places than before, not where it stands."""
        privileged, plain = ({"security_context": [{"privileged": each}]} for each in (True, False))
        one, two = ({"spec": [{"container": each}]} for each in ([privileged, plain], [privileged, privileged]))
        assert said("kubernetes_pod", one, {"spec": [{"container": [plain, privileged]}]}) == []
        assert said("kubernetes_pod", one, two) == ["gives containers more of their host (privileged true)"]

    def test_a_default_at_creation_is_no_decision(self, said: Said) -> None:
        """2. A creation counts only where the value is nobody's default."""
        assert said("azurerm_key_vault", None, {"public_network_access_enabled": True}) == []
        assert said("aws_instance", None, {"metadata_options": [{"http_tokens": "optional"}]}) == []
        assert said("aws_s3_bucket_acl", None, {"acl": "public-read"}) != []

    def test_what_was_never_there_does_not_get_worse(self, said: Said) -> None:
        """3. Versioning that begins suspended, and a key that begins disabled, take nothing away."""
        status = {"bucket": "b", "versioning_configuration": [{"status": "Suspended"}]}
        assert said("aws_s3_bucket_versioning", None, status) == []
        assert said("aws_kms_key", None, {"is_enabled": False}) == []

    def test_what_an_older_rule_covers_does_not_open(self, said: Said) -> None:
        """4. Every port was open, and port 22 is now named alone."""
        wide = {**OPEN, "from_port": 0, "to_port": 0, "protocol": "-1"}
        assert said("aws_security_group", {"ingress": [wide]}, {"ingress": [wide, OPEN]}) == []

    def test_what_has_no_ports_opens_none(self, said: Said) -> None:
        """5. ICMP has none, all of them are every port, and the web's own are never said."""
        icmp = {**OPEN, "from_port": -1, "to_port": -1, "protocol": "icmp"}
        web = [{**OPEN, "from_port": port, "to_port": port} for port in (80, 443)]
        every = {**OPEN, "from_port": 0, "to_port": 65535}
        assert said("aws_security_group", None, {"ingress": [icmp, *web]}) == []
        assert said("aws_security_group", None, {"ingress": [every]}) == [
            "opens every TCP port to the whole internet (0.0.0.0/0)"
        ]

    def test_statements_are_paired_by_what_they_are_about(self, said: Said) -> None:
        """6. By Sid, else by their actions; without a partner nothing is lost, and order means nothing."""
        asked = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
        one = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": asked}
        two = {"Effect": "Allow", "Action": ["ec2:Start"], "Resource": "*"}
        assert said("aws_iam_policy", policy(one, two), policy(two, {**one, "Action": ["s3:GetObject"]})) == []
        assert said("aws_iam_policy", policy(one), policy(two)) == []
        bare = {key: value for key, value in one.items() if key != "Condition"}
        assert said("aws_iam_policy", policy(one, two), policy(two, bare)) == ["no longer requires MFA"]

    def test_another_deny_denies_as_well(self, said: Said) -> None:
        """7. An action that leaves one Deny and stands in another is not lost."""
        deny = {"Effect": "Deny", "Resource": "*"}
        before = policy({**deny, "Sid": "A", "Action": ["s3:DeleteBucket", "s3:PutBucketAcl"]})
        after = policy({**deny, "Sid": "A", "Action": ["s3:PutBucketAcl"]}, {**deny, "Action": "s3:Delete*"})
        assert said("aws_iam_policy", before, after) == []

    def test_one_role_may_be_passed(self, said: Said) -> None:
        """8. To pass one role, or to one service, is the normal thing."""
        role = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/app"}
        to = {"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}
        assert said("aws_iam_policy", None, policy(role)) == []
        assert said("aws_iam_policy", None, policy({**role, "Resource": "*", "Condition": to})) == []
        assert said("aws_iam_policy", None, policy({**role, "Resource": "*"})) != []

    def test_the_state_decides_how_something_is_destroyed(self, said: Said) -> None:
        """9. Not what the configuration says today."""
        off, on = {"skip_final_snapshot": False}, {"skip_final_snapshot": True}
        assert said("aws_db_instance", off, on, "delete", "create") == []
        assert said("aws_db_instance", on, off, "delete", "create") == ["is destroyed without a final snapshot"]

    def test_retention_of_zero_is_for_ever(self, said: Said) -> None:
        """10. From 30 to 0 is longer, and from 0 to ten years is nobody's loss."""
        kept = [{"retention_in_days": days} for days in (30, 0, 3653)]
        assert said("aws_cloudwatch_log_group", kept[0], kept[1]) == []
        assert said("aws_cloudwatch_log_group", kept[1], kept[2]) == []
        assert said("aws_cloudwatch_log_group", kept[1], kept[0]) != []

    def test_azures_own_services_are_not_the_internet(self, said: Said) -> None:
        """11. A rule from 0.0.0.0 to 0.0.0.0 means them."""
        sides = {"start_ip_address": "0.0.0.0", "end_ip_address": "0.0.0.0"}  # noqa: S104 - no socket
        assert said("azurerm_mssql_firewall_rule", None, sides) == []

    @pytest.mark.parametrize(
        ("name", "version"),
        [
            ("ELBSecurityPolicy-2016-08", 0),
            ("ELBSecurityPolicy-FS-2018-06", 0),
            ("ELBSecurityPolicy-TLS-1-1-2017-01", 1),
            ("ELBSecurityPolicy-TLS-1-2-Ext-2018-06", 2),
            ("ELBSecurityPolicy-FS-1-2-Res-2020-10", 2),
            ("ELBSecurityPolicy-TLS13-1-0-2021-06", 0),
            ("ELBSecurityPolicy-TLS13-1-3-2021-06", 3),
            ("TLSv1", 0),
            ("TLSv1_2016", 0),
            ("TLSv1.1_2016", 1),
            ("TLSv1.2_2021", 2),
            ("SSLv3", -1),
            ("TLS_1_2", 2),
            ("TLS1_0", 0),
            ("1.2", 2),
            ("Policy-Min-TLS-1-2-PFS-2023-10", 2),
            ("MODERN", None),
            ("", None),
        ],
    )
    def test_policies_are_known_by_their_lowest_version(self, name: str, version: int | None) -> None:
        """12. It stands in their names; a load balancer's without one accepts 1.0, and a date is no version."""
        assert lowest_tls(name) == version

    def test_another_key_is_no_loss_of_encryption(self, said: Said) -> None:
        """13. SQS's own encryption off is a KMS key in its place, and DynamoDB's is AWS's key."""
        assert said("aws_sqs_queue", {"sqs_managed_sse_enabled": True}, {"sqs_managed_sse_enabled": False}) == []
        table = [{"server_side_encryption": [{"enabled": each}]} for each in (True, False)]
        assert said("aws_dynamodb_table", *table) == []

    def test_names_out_of_the_plan_stay_apart_from_our_words(self, plan_of: PlanOf) -> None:
        """14. Whatever a Sid holds, it is a value of the notice, on one line and not too long."""
        deny = {"Sid": "{path}`\n```@team " * 99, "Effect": "Deny", "Action": "s3:*", "Resource": "*"}
        plan = plan_of(resource_changes=[entry("aws_iam_policy", policy(deny), policy())])
        (notice,) = summarize(plan).changes[0].attention
        assert notice.sentence == 'no longer denies {what} in statement "{sid}"'
        assert dict(notice.values)["sid"].startswith("{path}` ```@team ")
        assert "\n" not in notice.plain()
        assert len(dict(notice.values)["sid"]) == LONGEST + 1

    def test_an_unknown_member_is_said_to_be_unknown(self, said: Said) -> None:
        """15. Terraform's words stand in its place, and a secret's in that of a secret."""
        grant = {"role_definition_name": "Owner", "scope": "/subscriptions/x", "principal_id": "p"}
        unknown: dict[str, Any] = {**grant, "principal_id": None}
        assert said("azurerm_role_assignment", None, unknown, after_unknown={"principal_id": True}) == [
            "makes (known after apply) Owner of /subscriptions/x"
        ]
        assert said("azurerm_role_assignment", None, grant, after_sensitive={"principal_id": True}) == [
            "makes (sensitive value) Owner of /subscriptions/x"
        ]

    def test_what_happens_besides_does_not_count(self, said: Said) -> None:
        """16. What is replaced, moved or imported is compared; what is forgotten, read or left alone is not."""
        sides: tuple[Any, Any] = ({"ingress": []}, {"ingress": [OPEN]})
        sentence = ["opens port 22 to the whole internet (0.0.0.0/0)"]
        assert said("aws_security_group", *sides, "create", "delete") == sentence
        assert said("aws_security_group", *sides, "update", previous_address="aws_security_group.old") == sentence
        for action in ("forget", "no-op", "read"):
            assert said("aws_security_group", *sides, action) == []
        assert said("aws_security_group", *sides, mode="data") == []

    def test_a_rule_speaks_once_and_the_strongest_first(self, plan_of: PlanOf) -> None:
        """17. Two ports that open are one notice; what is worse stands first."""
        on, off = ({"deletion_protection": each, "backup_retention_period": 14 * each} for each in (True, False))
        plan = plan_of(resource_changes=[entry("aws_db_instance", on, off)])
        (change,) = summarize(plan).changes
        assert [notice.rule for notice in change.attention] == ["db-backups", "deletion-protection"]
        sg = {"ingress": [OPEN, {**OPEN, "from_port": 3389, "to_port": 3389}]}
        (notice,) = summarize(plan_of(resource_changes=[entry("aws_security_group", None, sg)])).changes[0].attention
        assert notice.plain() == "opens ports 22 and 3389 to the whole internet (0.0.0.0/0)"


class TestMore:
    """Neighbours of the lessons."""

    def test_what_was_asked_for_besides_counts(self, said: Said) -> None:
        """Everyone could call it from one account, and may now from anywhere; a role that grows is given to all."""
        lambda_ = {"principal": "*", "function_name": "f", "action": "lambda:InvokeFunction", "source_arn": "arn:a"}
        assert said("aws_lambda_permission", lambda_, {**lambda_, "source_arn": None}, "delete", "create") == [
            "lets everyone call f (lambda:InvokeFunction)"
        ]
        members = ["user:a@example.com", "user:b@example.com"]
        roles = [{"role": role, "members": members} for role in ("roles/viewer", "roles/owner")]
        assert said("google_project_iam_binding", *roles, "delete", "create") == [
            "grants roles/owner to user:a@example.com, user:b@example.com"
        ]

    def test_a_document_that_is_hidden_in_part_loses_nothing(self, said: Said) -> None:
        """What is left of it may hold what seems to be gone."""
        deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
        hidden = {"after_sensitive": {"policy": True}}
        assert said("aws_sqs_queue_policy", policy(deny), policy(), **hidden) == [
            "cannot be reviewed here: its policy is sensitive"
        ]
        assert said("aws_iam_policy", policy(deny), {"policy": '{"Statement": broken'}) == []

    def test_a_policy_without_a_condition_is_open_by_what_it_loses(self, said: Said) -> None:
        """The condition goes, the everyone stays."""
        allow = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sns:Publish", "Resource": "*"}
        asked = {**allow, "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}
        assert said("aws_sns_topic_policy", policy(asked), policy(allow)) == [
            "allows sns:Publish to everyone",
            "no longer requires a source account",
        ]

    def test_values_that_nobody_can_read_are_no_bug(self, said: Said) -> None:
        """A number where a list should be, a text where an object should be: nothing is said."""
        for odd in ("x", True, {"a": 1}, [["x"]], None):
            said("aws_security_group", {"ingress": odd}, {"ingress": [odd, OPEN]})
            said("aws_iam_policy", {"policy": odd}, {"policy": json.dumps({"Statement": odd})})
            said("kubernetes_pod", odd, {"spec": odd})
            assert said("aws_db_instance", {"backup_retention_period": odd}, {"backup_retention_period": 0}) == []


class TestIgnored:
    """What the user does not want to hear."""

    @pytest.fixture
    def summary(self, plan_of: PlanOf) -> Callable[[AttentionSettings], PlanSummary]:
        """Two security groups that open a port, and a database that loses its protection."""
        groups = [
            {**entry("aws_security_group", None, {"ingress": [OPEN]}), "address": f'module.edge["{key}"].a.b'}
            for key in ("x", "y")
        ]
        database = entry("aws_db_instance", {"deletion_protection": True}, {"deletion_protection": False})
        plan = plan_of(resource_changes=[*groups, database])
        return lambda settings: summarize(plan, attention=settings)

    @pytest.mark.parametrize(
        ("ignored", "rules", "count"),
        [
            ([], ["aws-open-port", "deletion-protection"], 0),
            ([Ignored("aws-open-port")], ["deletion-protection"], 2),
            ([Ignored("aws-open-port", 'module.edge["x"].*')], ["aws-open-port", "deletion-protection"], 1),
            ([Ignored("aws-open-port", 'module.edge["?"].a.b')], ["deletion-protection"], 2),
            ([Ignored("aws-open-port", "module.edge")], ["aws-open-port", "deletion-protection"], 0),
            ([Ignored("deletion-protection", "*"), Ignored("deletion-protection")], ["aws-open-port"], 1),
        ],
    )
    def test_a_rule_is_ignored(
        self,
        summary: Callable[[AttentionSettings], PlanSummary],
        ignored: list[Ignored],
        rules: list[str],
        count: int,
    ) -> None:
        """Everywhere, or where the whole address fits; brackets stand for themselves; it is counted."""
        found = summary(AttentionSettings(ignored=tuple(ignored)))
        assert list(found.attention_rules) == rules
        assert found.attention_ignored == count

    def test_all_is_off(self, summary: Callable[[AttentionSettings], PlanSummary]) -> None:
        """Then nothing deserves a look, and nothing is ignored."""
        found = summary(AttentionSettings(off=True, ignored=(Ignored("aws-open-port"),)))
        assert (found.attention, found.attention_rules, found.attention_ignored) == ((), (), 0)


class TestOrder:
    """Where the changes with a notice stand."""

    def test_they_come_behind_losses_and_before_all_others(self, plan_of: PlanOf) -> None:
        """What holds data and goes stays before all else; an update with a notice is no noise."""
        long, short = ({"retention_in_days": days} for days in (90, 7))
        changes = [
            {**entry("aws_vpc", {"a": 1}, {"a": 2}), "address": "plain update"},
            {**entry("aws_cloudwatch_log_group", long, short), "address": "update with a notice"},
            {**entry("aws_s3_bucket", {"a": 1}, None), "address": "data"},
            {**entry("aws_s3_bucket", {"force_destroy": True}, None), "address": "data with a notice"},
            {**entry("aws_flow_log", {"a": 1}, None), "address": "destroyed with a notice"},
            {**entry("aws_vpc", {"a": 1}, None), "address": "destroyed"},
            {**entry("aws_vpc", None, {"a": 1}), "address": "created"},
            {**entry("aws_security_group", None, {"ingress": [OPEN]}), "address": "created with a notice"},
        ]
        summary = summarize(plan_of(resource_changes=changes))
        assert [change.resource.address for change in summary.changes] == [
            "data with a notice",
            "data",
            "destroyed with a notice",
            "destroyed",
            "update with a notice",
            "created with a notice",
            "plain update",
            "created",
        ]
        assert [change.resource.address for change in summary.attention] == [
            each.resource.address for each in summary.changes if "with a notice" in each.resource.address
        ]

    def test_pieces_are_our_words_and_the_plans_texts_in_turn(self) -> None:
        """Whoever shows a notice knows which is which."""
        values = (("what", "a"), ("who", "{b}"))
        notice = Notice(rule="r", sentence="opens {what} to ({who})", short="{what} open", values=values)
        assert list(notice.pieces()) == [("opens ", "a"), (" to (", "{b}"), (")", None)]
        assert notice.plain() == "opens a to ({b})"
        assert notice.plain(short=True) == "a open"
