"""Plans at random: they have a plan's shape, and in it texts and values that no one would write and some machine will.

Whoever asks hands in what chooses: random numbers of a seed, or those of hypothesis, which it makes smaller.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable
from copy import deepcopy
from pathlib import Path
from random import Random
from textwrap import wrap
from typing import Any

from json_text import Literal
from texts import LINES, SECRETS, key, spelled, text

Document = dict[str, Any]

VERSIONS = ("1.14.0", "1.9.8", "0.15.0", "0.13.7", None, "x")
ACTIONS: tuple[list[str], ...] = (
    *(["create"], ["update"], ["delete"], ["delete", "create"], ["create", "delete"], ["no-op"], ["read"], ["forget"]),
    *(["create", "forget"], ["forget", "create"], [], ["defrost"], ["no-op", "no-op"]),
)
TYPES = (
    *(
        "terraform_data",
        "aws_s3_bucket",
        "aws_security_group",
        "aws_iam_role",
        "aws_db_instance",
        "aws_lambda_function",
    ),
    *("aws_iam_policy", "aws_launch_template", "kubernetes_secret", "random_password", "google_storage_bucket", "t"),
    *("aws_ecs_task_definition", "aws_route53_record", "azurerm_network_security_rule", "helm_release", "aws_instance"),
)
ATTRIBUTES = (
    *("id", "name", "tags", "tags_all", "password", "policy", "ingress", "cidr_blocks", "user_data", "secret_string"),
    *("assume_role_policy", "environment", "input", "from_port", "to_port", "versioning", "statement", "acl", "data"),
    *(
        "container_definitions",
        "triggers",
        "source_hash",
        "etag",
        "timeouts",
        "lifecycle_rule",
        "values",
        "url",
        "json",
    ),
)
REASONS = (
    *("replace_because_cannot_update", "replace_because_tainted", "replace_by_request", "replace_by_triggers"),
    *("delete_because_no_resource_config", "delete_because_each_key", "delete_because_count_index", "unheard_of", ""),
    *("delete_because_no_module", "read_because_config_unknown", "read_because_check_nested"),
)
CASES: list[Document] = [
    case
    for path in sorted((Path(__file__).parents[1] / "unit/plan/attention_cases").glob("*.json"))
    for cases in json.loads(path.read_bytes()).values()
    for case in (*cases["fires"], *cases["silent"])
]
"""Changes of real types, of which something is to be said, or nearly."""
NUMBERS = (
    *(
        "0",
        "7",
        "-1",
        "443",
        "1.10",
        "-0.0",
        "1e400",
        "1E+2",
        "0.1000000000000000000000000000000000000001",
        "1e-999999",
    ),
    *("9007199254740993", "1e99999999999999999999", "9" * 40, "9" * 5_000, "123456789012345678901234567890"),
)
NO_VALUES = (
    *(
        b"nul",
        b"NaN",
        b"-Infinity",
        b'"\xff\xfe"',
        b'"a',
        b"[1,",
        b"{}}",
        b"",
        b'"\x00"',
        b"'a'",
        b"01",
        b'"\xed\xa0\x80"',
    ),
    *(b"[" * 130 + b"]" * 130, b'{"a":[' * 300 + b"1" + b"]}" * 300, b"[" * 3_000 + b"]" * 3_000),
)
"""What is no JSON, or deeper than anybody reads."""


def chance(random: Random, one_in: int) -> bool:
    """True once in so many times."""
    return random.randrange(one_in) == one_in - 1


def many(random: Random, make: Callable[[Random], Any], most: int = 3) -> list[Any]:
    """None, or a few of them."""
    return [make(random) for _ in range(random.randrange(most + 1))]


def a_plan(random: Random) -> Document:
    """A plan with a few changes and some of all else that a plan may have."""
    plan: Document = {"format_version": "1.2", "terraform_version": random.choice(VERSIONS), "planned_values": {}}
    plan["resource_changes"] = many(random, resource_change, 4)
    for more in (known_changes, alike_changes, alike_changes, whole_module):
        if chance(random, 4):
            plan["resource_changes"] += more(random)
    sections: dict[str, Callable[[Random], Any]] = {
        "output_changes": lambda random: {key(random): change(random, value(random)) for _ in range(2)},
        "resource_drift": lambda random: many(random, resource_change),
        "deferred_changes": lambda random: [{"reason": text(random), "resource_change": resource_change(random)}],
        "action_invocations": lambda random: many(random, invocation),
        "deferred_action_invocations": lambda random: [
            {"reason": text(random), "action_invocation": invocation(random)}
        ],
        "checks": lambda random: many(random, check),
        "relevant_attributes": lambda random: [
            {"resource": address(random), "attribute": many(random, step)} for _ in range(2)
        ],
        "prior_state": state,
        "complete": flag,
        "errored": flag,
        "applyable": flag,
    }
    for name, make in sections.items():
        if chance(random, 3):
            plan[name] = make(random)
    if chance(random, 4):
        drift_away(random, plan)
    if chance(random, 3):
        configure(random, plan)
    if chance(random, 20):
        plan["plan_format_version"] = "0.2"
    if chance(random, 2):
        plant(random, plan)
    return plan


def resource_change(random: Random) -> Document:
    """The change of one object."""
    of_type = random.choice(TYPES) if random.randrange(5) else text(random)
    before = None if chance(random, 4) else attributes(random)
    made: Document = {
        "address": address(random, of_type),
        "mode": random.choice(("managed", "managed", "data", text(random))),
        "type": of_type,
        "name": "n",
        "provider_name": random.choice(("registry.terraform.io/hashicorp/aws", "registry.opentofu.org/a/b", "")),
        "change": change(random, before),
    }
    more: dict[str, Callable[[Random], Any]] = {
        "index": lambda random: random.choice((0, key(random))),
        "previous_address": address,
        "module_address": lambda random: f'module.m["{key(random)}"]',
        "deposed": key,
        "action_reason": lambda random: random.choice(REASONS),
    }
    return made | {name: make(random) for name, make in more.items() if chance(random, 6)}


def known_changes(random: Random) -> list[Document]:
    """A few that deserve a look, or nearly."""
    return many(random, known_change)


def known_change(random: Random) -> Document:
    """One of a real type, perhaps with something else in it."""
    case = deepcopy(random.choice(CASES))
    before, after = case["before"], case["after"]
    actions = ["create"] if before is None else ["delete"] if after is None else ["update"]
    changed = {
        "actions": case.get("actions", actions),
        "before": altered(random, before) if chance(random, 4) else before,
        "after": altered(random, after) if chance(random, 4) else after,
        "after_unknown": case.get("unknown", {}),
        "after_sensitive": marks(random, after) if chance(random, 4) else case.get("sensitive", False),
    }
    name = random.choice(("x", "y", "main"))
    return {
        "address": f"{case['type']}.{name}",
        "mode": "managed",
        "type": case["type"],
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": changed,
    }


def alike_changes(random: Random) -> list[Document]:
    """The same change of several instances, each with its own key, and perhaps with something else in it."""
    first = random.choice((resource_change, known_change))(random)
    varying = random.choice(ATTRIBUTES) if isinstance(first["change"]["after"], dict) and flag(random) else None
    instances = []
    for number in range(random.randrange(2, 6)):
        instance = deepcopy(first)
        index = random.choice((number, f"k{number}", key(random)))
        instance["index"] = index
        instance["address"] += f"[{json.dumps(index, ensure_ascii=False)}]"
        if varying:
            instance["change"]["after"][varying] = random.choice((number, f"n{number}", text(random)))
        elif chance(random, 5):
            instance["change"]["after"] = altered(random, instance["change"]["after"])
        instances.append(instance)
    return instances


def whole_module(random: Random) -> list[Document]:
    """All objects of a module come or go."""
    module = f'module.{random.choice(("gone", "a.module.b"))}["{_escaped(key(random))}"]'
    actions = random.choice(("create", "delete"))
    made = many(random, random.choice((resource_change, known_change)), 5)
    for number, each in enumerate(made):
        each |= {"address": f"{module}.{each['type']}.n{number}", "module_address": module, "mode": "managed"}
        each["change"]["actions"] = [actions]
    return made


def change(random: Random, before: Any) -> Document:
    """The change of a value, with marks beside it that fit, or do not."""
    after = altered(random, before) if random.randrange(3) else attributes(random)
    made: Document = {"actions": list(random.choice(ACTIONS)), "before": before, "after": after}
    for name, beside in (("before_sensitive", before), ("after_sensitive", after), ("after_unknown", after)):
        if random.randrange(3):
            made[name] = marks(random, beside)
    if chance(random, 4):
        own = [[name] for name in after][:2] if isinstance(after, dict) else []
        made["replace_paths"] = random.choice(
            (own, own, [[step(random), step(random)]], many(random, value), [[]], None)
        )
    if chance(random, 8):
        made["importing"] = random.choice(({"id": text(random)}, {"identity": value(random)}, {"unknown": True}, {}))
    if chance(random, 10):
        made["generated_config"] = text(random)
    return made


def address(random: Random, of_type: str = "t") -> str:
    """The address of an object."""
    module = f'module.m["{_escaped(key(random))}"].' if chance(random, 4) else ""
    index = random.choice(("", "", "[0]", f'["{_escaped(key(random))}"]'))
    return f"{module}{of_type}.{random.choice(('n', 'n', 'main', key(random)))}{index}"


def _escaped(name: str) -> str:
    """As HCL writes it in quotes."""
    return json.dumps(name, ensure_ascii=False)[1:-1].replace("${", "$${").replace("%{", "%%{")


def attributes(random: Random) -> Any:
    """The attributes of an object."""
    return {
        random.choice(ATTRIBUTES) if random.randrange(5) else key(random): value(random)
        for _ in range(random.randrange(6))
    }


def value(random: Random, depth: int = 0) -> Any:
    """Any value; deeper ones are plainer."""
    match random.randrange(8 if depth < 3 else 6):
        case 0:
            return random.choice((None, True, False, "", [], {}))
        case 1:
            return Literal(random.choice(NUMBERS))
        case 2 | 3 | 4:
            return text(random)
        case 5:
            return json.dumps({key(random): [text(random), 1, None]})
        case 6:
            return [value(random, depth + 1) for _ in range(random.randrange(4))]
        case _:
            return {key(random): value(random, depth + 1) for _ in range(random.randrange(4))}


def altered(random: Random, before: Any) -> Any:
    """The value with something in it another one."""
    match before:
        case dict() if before and random.randrange(4):
            at = random.choice(list(before))
            return before | {at: altered(random, before[at])}
        case list() if before and random.randrange(4):
            at = random.randrange(len(before))
            rest = [*before[:at], altered(random, before[at]), *before[at + 1 :]]
            return random.choice((rest, before[::-1], [*before, value(random, 2)], before[1:]))
        case str() if before and random.randrange(2):
            return random.choice((f"{before}x", before[1:], before.replace("a", "b"), f"{before}\n{before}"))
        case _:
            return before if chance(random, 6) else value(random, 1)


def marks(random: Random, beside: Any) -> Any:
    """The tree that marks parts of a value."""
    match random.randrange(8):
        case 0 | 1:
            return True
        case 2:
            return False
        case 3:
            return value(random, 2)
        case _:
            return _fitting(random, beside)


def _fitting(random: Random, beside: Any) -> Any:
    if isinstance(beside, dict):
        return {name: _fitting(random, item) for name, item in beside.items() if random.randrange(2)}
    if isinstance(beside, list):
        return [_fitting(random, item) for item in beside]
    return chance(random, 3)


def invocation(random: Random) -> Document:
    """The invocation of an action."""
    values = value(random)
    made = {
        "address": f"action.a.{key(random)}",
        "config_values": values,
        "config_sensitive": marks(random, values),
        "config_unknown": marks(random, values),
    }
    if chance(random, 2):
        trigger = {"triggering_resource_address": address(random), "action_trigger_event": text(random)}
        made["lifecycle_action_trigger"] = trigger
    return made


def check(random: Random) -> Document:
    """A check and how it came out."""
    status = random.choice(("pass", "fail", "error", "unknown", text(random)))
    problem = {"message": text(random)}
    instance = {"address": {"to_display": address(random)}, "status": status, "problems": [problem]}
    shown = {"kind": random.choice(("check", "resource", text(random))), "to_display": key(random)}
    return {"address": shown, "status": status, "instances": [instance]}


def state(random: Random) -> Document:
    """A state before the plan, with a data source."""
    values = attributes(random)
    resource = {
        "address": address(random),
        "mode": random.choice(("data", "managed")),
        "type": random.choice(TYPES),
        "values": values,
        "sensitive_values": marks(random, values),
    }
    outputs = {key(random): {"sensitive": True, "value": text(random)}}
    module = {"resources": [resource], "child_modules": [{"resources": [resource]}]}
    return {"values": {"outputs": outputs, "root_module": module}}


def drift_away(random: Random, plan: Document) -> None:
    """Objects that the plan changes were changed outside of Terraform before, perhaps just so."""
    drifted = deepcopy(plan["resource_changes"][:3])
    for each in drifted:
        each["change"]["actions"] = [random.choice(("update", "update", "delete"))]
        if flag(random):
            each["change"]["before"], each["change"]["after"] = each["change"]["after"], each["change"]["before"]
    plan["resource_drift"] = drifted
    plan["relevant_attributes"] = [
        {"resource": each["address"], "attribute": [name]}
        for each in drifted
        if isinstance(each["change"]["after"], dict)
        for name in list(each["change"]["after"])[:2]
    ]


def configure(random: Random, plan: Document) -> None:
    """Give the plan a configuration: root variables, and what it sets."""
    names = [random.choice(("password", "region", key(random))) for _ in range(2)]
    plan["variables"] = {name: {"value": value(random)} for name in names}
    declared = {name: {"sensitive": flag(random), "default": value(random)} for name in names[:1]}
    plan["configuration"] = {
        "root_module": {
            "variables": declared,
            "outputs": {names[0]: {"sensitive": flag(random)}},
            "resources": [_configured(random, each) for each in plan["resource_changes"]],
        }
    }


def _configured(random: Random, resource: Document) -> Document:
    """What the configuration says of a resource."""
    expressions = {random.choice((*ATTRIBUTES, "secret_wo", "password_wo_version")): expression(random) for _ in "ab"}
    made: Document = {"address": resource["address"].partition("[")[0], "expressions": expressions}
    return made | random.choice(({}, {"count_expression": expression(random)}, {"for_each_expression": {}}))


def expression(random: Random) -> Any:
    """An expression in a configuration."""
    return random.choice(({"constant_value": value(random, 2)}, {"references": ["ephemeral.a.b", text(random)]}, [{}]))


def flag(random: Random) -> bool:
    """True or false."""
    return random.choice((True, False))


def step(random: Random) -> Any:
    """A step of a path into a value."""
    return random.choice((random.choice(ATTRIBUTES), 0, key(random), value(random, 2)))


def plant(random: Random, plan: Document) -> None:
    """Mark a secret somewhere in the plan, and have it stand in another place, in any spelling."""
    secret = random.choice(SECRETS)
    name = random.choice(ATTRIBUTES)
    side = random.choice(("before", "after"))
    if chance(random, 3):
        lines = random.choice(LINES).format(secret)
        encoded = b64encode(lines.encode()).decode()
        held = random.choice(
            (json.dumps({"a": [secret]}), lines, encoded, "\n".join(wrap(encoded, random.choice((8, 20)))))
        )
    else:
        held = secret
    marked = {"actions": ["update"], "before": {}, "after": {}, side: {name: held}, f"{side}_sensitive": {name: True}}
    places: Iterable[Callable[[], None]] = (
        lambda: plan["resource_changes"].append({"address": "t.marked", "type": "t", "change": marked}),
        lambda: plan.update(resource_drift=[{"address": "t.marked", "type": "t", "change": marked}]),
        lambda: plan.update(output_changes={name: {"actions": ["create"], "after": held, "after_sensitive": True}}),
        lambda: plan.update(
            variables={name: {"value": held}},
            configuration={"root_module": {"variables": {name: {"sensitive": True}}}},
        ),
    )
    random.choice(tuple(places))()
    elsewhere = resource_change(random)
    elsewhere["change"]["after"] = {random.choice(ATTRIBUTES): spelled(random, secret), "a": {secret: 1}}
    elsewhere["change"].pop("after_sensitive", None)
    if chance(random, 3):
        elsewhere["address"] = f't.n["{_escaped(secret)}"]'
    plan["resource_changes"].append(elsewhere)
