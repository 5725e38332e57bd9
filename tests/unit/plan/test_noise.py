"""Updates that nobody has to weigh."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.noise import NOISE_REASONS, Noise, find_noise
from tfc_plan_comment.plan.resource_diff import diff_resource
from tfc_plan_comment.plan.secrets.mask import Mask

MakeChange = Callable[..., Change]
SUBNET = "/subscriptions/1/resourceGroups/rg/subnets/a"


ORDER = '{{"Version": "2012-10-17", "Statement": [{{"Action": ["{}", "{}"], "Effect": "Allow"}}]}}'


def policy(action: str, key: str = "x") -> str:
    """A policy of AWS that allows one action under a condition."""
    condition = f'{{"StringEquals": {{"sts:ExternalId": "{key}"}}}}'
    return f'{{"Statement": [{{"Effect": "Allow", "Action": "{action}", "Condition": {condition}}}]}}'


def update(before: Any, after: Any, unknown: Any = None) -> Change:
    """An update of one object."""
    raw = {"actions": ["update"], "before": before, "after": after, "after_unknown": unknown or {}}
    return msgspec.json.decode(json.dumps(raw), type=Change)


@pytest.mark.parametrize(
    ("resource_type", "before", "after", "unknown", "noise"),
    [
        ("aws_vpc", {"tags": {"a": "x"}}, {"tags": {"a": "y"}}, {}, Noise.TAGS),
        ("azurerm_subnet", {"tags": {"a": "x"}}, {"tags": None}, {}, Noise.TAGS),
        ("google_x", {"labels": {"a": "x"}}, {"labels": {"a": "y", "b": "z"}}, {}, Noise.TAGS),
        (
            "aws_vpc",
            {"tags": {}, "tags_all": {}},
            {"tags": {"a": "x"}, "tags_all": {"a": "x", "b": "y"}},
            {},
            Noise.TAGS,
        ),
        ("aws_vpc", {"tags": {"a": "x"}, "tags_all": {}}, {"tags": {"a": "y"}}, {"tags_all": True}, Noise.TAGS),
        ("aws_vpc", {"tags": {"a": "x"}}, {"tags": {}}, {"tags": {"a": True}}, Noise.TAGS),
        ("google_x", {"labels": {"a": "x"}, "fingerprint": "1"}, {"labels": {}}, {"fingerprint": True}, Noise.TAGS),
        ("aws_lambda_function", {"last_modified": "1"}, {}, {"last_modified": True}, Noise.COMPUTED),
        ("aws_vpc", {"tags_all": {"a": "x"}}, {}, {"tags_all": True}, Noise.COMPUTED),
        ("t", {"a": ""}, {"a": None}, {}, Noise.EMPTY),
        ("t", {"a": None, "b": ""}, {"a": "", "b": None}, {}, Noise.EMPTY),
        ("t", {"a": {"b": [{"c": None, "d": 1}]}}, {"a": {"b": [{"c": "", "d": 1}]}}, {}, Noise.EMPTY),
        ("aws_vpc", {"tags": None, "tags_all": {}}, {"tags": {}, "tags_all": None}, {}, Noise.EMPTY),
        ("azurerm_x", {"subnet_id": SUBNET}, {"subnet_id": SUBNET.upper()}, {}, Noise.CASE),
        (
            "azurerm_x",
            {"x": {"ids": [1], "subnet_ids": [SUBNET]}},
            {"x": {"ids": [1], "subnet_ids": [SUBNET.title()]}},
            {},
            None,
        ),
        (
            "azurerm_x",
            {"x": [{"subnet_id": SUBNET, "y": 1}]},
            {"x": [{"subnet_id": SUBNET.upper(), "y": 1}]},
            {},
            Noise.CASE,
        ),
        ("azurerm_x", {"scope": SUBNET}, {"scope": SUBNET.upper()}, {}, Noise.CASE),
        ("aws_x", {"policy": policy("s3:GetObject")}, {"policy": policy("S3:getobject")}, {}, Noise.CASE),
        ("t", {"policy": '{"a":1}'}, {"policy": '{ "a": 1 }'}, {}, Noise.FORMATTING),
        ("t", {"policy": ORDER.format("one", "two")}, {"policy": ORDER.format("two", "one")}, {}, Noise.FORMATTING),
        ("t", {"a": '["one", "two"]'}, {"a": '["two", "one"]'}, {}, None),
        ("t", {"a": ["one", "two"]}, {"a": ["two", "one"]}, {}, None),
        # Tags that act, or that are none:
        ("google_compute_instance", {"tags": ["a"]}, {"tags": ["a", "b"]}, {}, None),
        ("aws_vpc", {"tags": ["a"]}, {"tags": ["b"]}, {}, None),
        ("aws_vpc", {"tags": {"a": ["x"]}}, {"tags": {"a": ["y"]}}, {}, None),
        ("aws_vpc", {"tags": {"access-level": "read"}}, {"tags": {"access-level": "admin"}}, {}, None),
        ("aws_vpc", {"tags": {"a": "x"}}, {"tags": {"a": "y", "Schedule": "never"}}, {}, None),
        ("aws_vpc", {"tags": {"kubernetes.io/role/elb": "1"}}, {"tags": {}}, {}, None),
        ("aws_vpc", {"tags": {"BackupPlan": "daily"}}, {"tags": None}, {}, None),
        ("aws_s3_object", {"tags": {"Lifecycle": "keep"}}, {"tags": {"Lifecycle": "expire"}}, {}, None),
        ("aws_instance", {"tags": {"Exposure": "private"}}, {"tags": {"Exposure": "public"}}, {}, None),
        ("aws_vpc", {"tags": {"a": "x"}}, {}, {"tags": True}, None),
        ("kubernetes_labels", {"labels": {"a": "x"}}, {"labels": {"a": "y"}}, {}, None),
        ("helm_release", {"tags": {"a": "x"}}, {"tags": {"a": "y"}}, {}, None),
        ("azurerm_x", {"labels": {"a": "x"}}, {"labels": {"a": "y"}}, {}, None),
        *(
            (type_, {"labels": {"a": "x"}}, {"labels": {"a": "y"}}, {}, None)
            for type_ in ("google_monitoring_notification_channel", "google_cloud_identity_group")
        ),
        # Empty is not nothing:
        ("t", {"a": None}, {"a": []}, {}, None),
        ("t", {"a": {}}, {"a": None}, {}, None),
        ("aws_eks_cluster", {"public_access_cidrs": None}, {"public_access_cidrs": []}, {}, None),
        ("t", {"a": {"b": {"x": 1}}}, {"a": {"b": {"x": 1}, "all": {}}}, {}, None),
        ("t", {"a": {"b": {"x": 1}, "tls": ""}}, {"a": {"b": {"x": 1}}}, {}, None),
        ("t", {"a": {"b": None}}, {"a": {"b": []}}, {}, None),
        ("t", {"a": ["x"]}, {"a": ["x", ""]}, {}, None),
        ("t", {"a": '{"b": null}'}, {"a": '{"b": []}'}, {}, None),
        ("t", {"a": {"b": None}, "c": 1}, {"a": {"b": ""}, "c": 2}, {}, None),
        # Letter case that may matter:
        ("t", {"subnet_id": SUBNET}, {"subnet_id": SUBNET.upper()}, {}, None),
        ("azurerm_x", {"external_id": "Abc"}, {"external_id": "aBC"}, {}, None),
        ("azurerm_x", {"tags": {"access": SUBNET}}, {"tags": {"access": SUBNET.upper()}}, {}, None),
        ("azurerm_x", {"subnet_id": SUBNET, "size": 1}, {"subnet_id": SUBNET.upper(), "size": 2}, {}, None),
        (
            "azurerm_x",
            {"json": f'{{"subnet_id": "{SUBNET}"}}'},
            {"json": f'{{"subnet_id": "{SUBNET.upper()}"}}'},
            {},
            None,
        ),
        ("azurerm_x", {"subnet_ids": [SUBNET, "x"]}, {"subnet_ids": ["x", SUBNET.upper()]}, {}, None),
        ("aws_x", {"policy": policy("s3:a", "Vendor-A1")}, {"policy": policy("s3:a", "vendor-a1")}, {}, None),
        ("aws_x", {"Action": "Forward"}, {"Action": "forward"}, {}, None),
        ("aws_x", {"input": '{"Action": "Delete"}'}, {"input": '{"Action": "delete"}'}, {}, None),
        ("aws_x", {"in": '[{"a": {"Action": "X"}}]'}, {"in": '[{"a": {"Action": "x"}}]'}, {}, None),
        ("aws_route53_record", {"name": "Abc.example"}, {"name": "abc.example"}, {}, None),
        ("t", {"content": "Hello"}, {"content": "HELLO"}, {}, None),
        # The change itself, or more than noise:
        ("t", {"last_modified": "1"}, {}, {"last_modified": True}, None),
        ("aws_ecs_service", {"task_definition": "web:1"}, {}, {"task_definition": True}, None),
        ("aws_ecs_service", {"task_definition": None}, {}, {"task_definition": True}, None),
        ("aws_s3_object", {"version_id": "1", "etag": "1"}, {}, {"version_id": True, "etag": True}, None),
        ("aws_vpc", {"tags": {"a": "x"}, "policy": "{}"}, {"tags": {"a": "y"}}, {"policy": True}, None),
        ("aws_vpc", {"tags": {"a": "x"}, "on": False}, {"tags": {"a": "y"}, "on": None}, {}, None),
        ("aws_vpc", {"tags": {"a": "x"}, "size": 1}, {"tags": {"a": "y"}, "size": 2}, {}, None),
        ("t", {"on": False}, {"on": None}, {}, None),
        ("t", {"policy": '{"a":1}', "order": [1, 2]}, {"policy": '{ "a": 1 }', "order": [2, 1]}, {}, None),
        ("t", {"order": ["a", "b"]}, {"order": ["b", "a"]}, {}, None),
        ("t", {"a": "x"}, {"a": "x"}, {}, None),
        ("t", {"policy": '{"a":1}'}, {"policy": '{ "a": 2 }'}, {}, None),
    ],
)
def test_noise(resource_type: str, before: Any, after: Any, unknown: Any, noise: str | None) -> None:
    """An update is noise only by a fact about its type, attribute and value; what may be the change itself never is."""
    assert find_noise(diff_resource(update(before, after, unknown), Mask(), resource_type)) == noise


NAMES = st.sampled_from(["tags", "tags_all", "labels", "id", "scope", "policy", "rules", "last_modified"])
VALUES = st.recursive(
    st.sampled_from([None, True, 1, "", "a", "A", SUBNET, SUBNET.upper(), '{"x": 1}', policy("s3:a"), policy("S3:A")]),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
    max_leaves=4,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=3)


@given(OBJECTS, OBJECTS)
def test_of_an_unknown_type_only_empty_texts_and_the_formatting_of_json_are_noise(before: Any, after: Any) -> None:
    """Tags, letter case and computed values take a fact about the type, whatever the attribute's name."""
    assert find_noise(diff_resource(update(before, after), Mask(), "acme_thing")) in (
        None,
        Noise.EMPTY,
        Noise.FORMATTING,
    )


def test_every_kind_of_noise_says_why() -> None:
    """The reader of the folded section learns for each why nobody has to weigh it."""
    assert NOISE_REASONS.keys() == set(Noise)


def test_what_forces_a_replacement_is_no_noise(change: MakeChange) -> None:
    """Not even tags are noise when they force a replacement."""
    tags = change({"tags": {"a": "x"}}, {"tags": {"a": "y"}}, replace_paths=[["tags"]])
    assert find_noise(diff_resource(tags, Mask(), "aws_vpc")) is None
