"""A plan as a large estate has it: most of its objects stay, some change in one or a few attributes, as many drifted.

One module has an object of each of seven types, of 2 to 6 kB and 13 to 55 attributes, with the nested blocks and JSON
documents that the provider keeps. Two of them change and two have drifted, which ones and in what the number of the
module says; no two modules have a value in common but what is the same everywhere: engines, classes, protocols.
"""

import json
from collections.abc import Callable
from typing import Any

from estate_objects import Values, database, distribution, function, group, instance, role, task

Edit = Callable[[Values, int], None]


def _add_tag(values: Values, number: int) -> None:
    for name in ("tags", "tags_all"):
        values[name] = {**values[name], f"patched{number % 7}": f"by hand {number}"}


def _grow_disk(values: Values, number: int) -> None:
    values["root_block_device"][0]["volume_size"] += number


def _release(values: Values, number: int) -> None:
    containers = json.loads(values["container_definitions"])
    containers[number % 3]["image"] += f".{number}"
    values["container_definitions"] = json.dumps(containers, separators=(",", ":"))


def _debug(values: Values, number: int) -> None:
    containers = json.loads(values["container_definitions"])
    containers[1]["environment"][number % 7]["value"] = f"debug-{number}"
    values["container_definitions"] = json.dumps(containers, separators=(",", ":"))


def _open(values: Values, number: int) -> None:
    values["ingress"][number % 12] |= {"cidr_blocks": [f"172.16.{number % 250}.0/24"]}


def _shift(values: Values, number: int) -> None:
    values["ingress"][number % 11]["to_port"] += number


def _allow(values: Values, number: int) -> None:
    policy = values["inline_policy"][0]["policy"].replace("s3:DeleteObject", f"s3:Restore{number}", 1 + number % 3)
    values["inline_policy"] = [{"name": "data", "policy": policy}]


def _configure(values: Values, number: int) -> None:
    values["environment"][0]["variables"][f"SETTING_{number % 25}"] = f"another value of {number}"


def _cache(values: Values, number: int) -> None:
    values["ordered_cache_behavior"][number % 5] |= {"default_ttl": number}


def _edit_texts(values: Values, number: int) -> None:
    """Write another text into one to four attributes; which ones is another choice in nearly each module."""
    texts = [name for name, value in values.items() if isinstance(value, str) and value[:1] not in {"[", "{"}]
    for place in range(1 + number % 4):
        name = texts[(number * (2 * place + 1) + number // 7 * 5) % len(texts)]
        values[name] = f"{values[name] or 'set'}-{number}"


_TYPES: dict[str, tuple[Callable[[int], Values], tuple[Edit, ...]]] = {
    "aws_instance": (instance, (_grow_disk,)),
    "aws_ecs_task_definition": (task, (_release, _debug)),
    "aws_db_instance": (database, ()),
    "aws_security_group": (group, (_open, _shift)),
    "aws_iam_role": (role, (_allow,)),
    "aws_lambda_function": (function, (_configure,)),
    "aws_cloudfront_distribution": (distribution, (_cache,)),
}
"""By type: the values of an object, and what the plans change inside of its blocks and documents."""

_NAMES = tuple(_TYPES)


def _edited(values: Values, edit: Edit, number: int) -> Values:
    copy: Values = json.loads(json.dumps(values))
    edit(copy, number)
    return copy


def _resource(type_: str) -> Values:
    provider = "registry.terraform.io/hashicorp/aws"
    name = f"{type_.removeprefix('aws_')}_of_service"
    address = {"address": f"{type_}.{name}", "mode": "managed", "type": type_, "name": name}
    return {**address, "provider_name": provider}


def _marks(values: Values) -> Values:
    """The marks as Terraform writes them where nothing is marked: a container for each container."""
    return {name: _empty(value) for name, value in values.items() if isinstance(value, dict | list)}


def _empty(value: Any) -> Any:
    match value:
        case dict():
            return _marks(value)
        case list():
            return [_empty(item) if isinstance(item, dict | list) else False for item in value]
        case _:
            return False


def changes(number: int) -> list[Values]:
    """The planned changes of one module: two of its objects are updated, the others stay."""
    return [_plan(type_, number) for type_ in _NAMES]


def _plan(type_: str, number: int) -> Values:
    make, edits = _TYPES[type_]
    before = make(number)
    if type_ in _drifting(number):
        _add_tag(before, number)
    if type_ not in _changing(number):
        return _change(type_, "no-op", before, before)
    after = _edited(before, _edit_texts, number)
    if edits and number % 3:
        after = _edited(after, edits[number % len(edits)], number)
    return _change(type_, "update", before, after)


def drift(number: int) -> list[Values]:
    """Two of a module's objects, with what changed of them outside of Terraform."""
    made = [(type_, _TYPES[type_][0](number)) for type_ in _NAMES if type_ in _drifting(number)]
    return [_change(type_, "update", values, _edited(values, _add_tag, number)) for type_, values in made]


def _changing(number: int) -> set[str]:
    return {_NAMES[number % 7], _NAMES[(number * 3 + 1) % 7]}


def _drifting(number: int) -> set[str]:
    return {_NAMES[number % 7], _NAMES[(number * 5 + 2) % 7]}


def _change(type_: str, action: str, before: Values, after: Values) -> Values:
    marks = _marks(before)
    change = {"actions": [action], "before": before, "after": after, "after_unknown": {}}
    return {**_resource(type_), "change": {**change, "before_sensitive": marks, "after_sensitive": marks}}


def prior_state(number: int) -> list[Values]:
    """The objects of one module, as the state has them after it was refreshed."""
    return [_stated(each, "before") for each in changes(number)]


def planned_values(number: int) -> list[Values]:
    """The objects of one module, as they will be."""
    return [_stated(each, "after") for each in changes(number)]


def _stated(change: Values, side: str) -> Values:
    values = change["change"][side]
    resource = {name: value for name, value in change.items() if name != "change"}
    return {**resource, "schema_version": 1, "values": values, "sensitive_values": _marks(values)}


def configuration() -> Values:
    """The configuration of one module: each attribute that the provider does not compute is set by a variable."""
    computed = {"arn", "id", "tags_all", "status", "etag", "last_modified", "create_date"}
    resources = [
        {
            **_resource(type_),
            "provider_config_key": "aws",
            "expressions": {name: {"references": [f"var.{name}"]} for name in make(0) if name not in computed},
        }
        for type_, (make, _) in _TYPES.items()
    ]
    return {"resources": resources}
