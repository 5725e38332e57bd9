"""Updates that nobody has to weigh."""

from collections.abc import Callable
from typing import Any

import pytest

from tfc_plan_comment.plan.document import Change
from tfc_plan_comment.plan.masking import Mask
from tfc_plan_comment.plan.noise import Noise, find_noise
from tfc_plan_comment.plan.resource_diff import diff_resource

MakeChange = Callable[..., Change]
SUBNET = "/subscriptions/1/resourceGroups/rg/subnets/a"


@pytest.mark.parametrize(
    ("before", "after", "unknown", "noise"),
    [
        ({"tags": {"a": "x"}}, {"tags": {"a": "y"}}, {}, Noise.TAGS),
        ({"tags": {}, "tags_all": {}}, {"tags": {"a": "x"}, "tags_all": {"a": "x", "b": "y"}}, {}, Noise.TAGS),
        ({"tags": {"a": "x"}, "tags_all": {}}, {"tags": {"a": "y"}}, {"tags_all": True}, Noise.TAGS),
        ({"tags": {"a": "x"}}, {}, {"tags": True}, Noise.TAGS),
        ({"labels": {"a": "x"}, "fingerprint": "1"}, {"labels": {"a": "y"}}, {"fingerprint": True}, Noise.TAGS),
        ({"last_modified": "1"}, {}, {"last_modified": True}, Noise.COMPUTED),
        ({"version_id": "1", "tags": {"a": "x"}}, {}, {"version_id": True, "tags": True}, Noise.TAGS),
        ({"a": ""}, {"a": None}, {}, Noise.EMPTY),
        ({"a": None, "b": []}, {"a": "", "b": {}}, {}, Noise.EMPTY),
        ({"a": {"b": [{"c": None, "d": 1}]}}, {"a": {"b": [{"c": "", "d": 1}]}}, {}, Noise.EMPTY),
        ({"subnet_id": "Abc"}, {"subnet_id": "aBC"}, {}, Noise.CASE),
        ({"x": {"ids": ["Abc"], "y": SUBNET}}, {"x": {"ids": ["Abc"], "y": SUBNET.upper()}}, {}, Noise.CASE),
        ({"scope": SUBNET}, {"scope": SUBNET.upper()}, {}, Noise.CASE),
        ({"policy": '{"a":1}'}, {"policy": '{ "a": 1 }'}, {}, Noise.FORMATTING),
        # The change itself, or more than noise:
        ({"a": {"b": None}, "c": 1}, {"a": {"b": ""}, "c": 2}, {}, None),
        ({"a": ["x"]}, {"a": ["x", ""]}, {}, None),
        ({"a": '{"b": null}'}, {"a": '{"b": []}'}, {}, None),
        ({"task_definition": "web:1"}, {}, {"task_definition": True}, None),
        ({"task_definition": None}, {}, {"task_definition": True}, None),
        ({"task_definition": "web:1", "version_id": "1"}, {}, {"task_definition": True, "version_id": True}, None),
        ({"tags": {"a": "x"}, "policy": "{}"}, {"tags": {"a": "y"}}, {"policy": True}, None),
        ({"tags": {"a": "x"}, "on": False}, {"tags": {"a": "y"}, "on": None}, {}, None),
        ({"tags": {"a": "x"}, "size": 1}, {"tags": {"a": "y"}, "size": 2}, {}, None),
        ({"on": False}, {"on": None}, {}, None),
        ({"name": "Abc"}, {"name": "abc"}, {}, None),
        ({"content": "Hello"}, {"content": "HELLO"}, {}, None),
        ({"subnet_id": "Abc", "size": 1}, {"subnet_id": "abc", "size": 2}, {}, None),
        ({"subnet_id": "abc"}, {"subnet_id": "abd"}, {}, None),
        ({"ids": ["Abc", "x"]}, {"ids": ["x", "abc"]}, {}, None),
        ({"subnet_id": "Abc", "order": ["a", "b"]}, {"subnet_id": "abc", "order": ["b", "a"]}, {}, None),
        ({"policy": '{"a":1}', "order": [1, 2]}, {"policy": '{ "a": 1 }', "order": [2, 1]}, {}, None),
        ({"order": ["a", "b"]}, {"order": ["b", "a"]}, {}, None),
        ({"a": "x"}, {"a": "x"}, {}, None),
        ({"policy": '{"a":1}'}, {"policy": '{ "a": 2 }'}, {}, None),
    ],
)
def test_noise(before: Any, after: Any, unknown: Any, noise: Noise | None, change: MakeChange) -> None:
    """An update is noise only if nothing else is in it; what may be the change itself never is."""
    assert find_noise(diff_resource(change(before, after, after_unknown=unknown), Mask())) is noise


def test_what_forces_a_replacement_is_no_noise(change: MakeChange) -> None:
    """Not even tags are noise when they force a replacement."""
    diff = diff_resource(change({"tags": {"a": "x"}}, {"tags": {"a": "y"}}, replace_paths=[["tags"]]), Mask())
    assert find_noise(diff) is None
