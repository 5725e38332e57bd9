"""The typed skeleton of `terraform show -json`, `Plan`, with every value left as raw bytes.

Shapes: Terraform, internal/command/jsonplan/plan.go and resource.go, and for the redacted plan of HCP Terraform
internal/command/jsonformat/plan.go. Of `prior_state` only which objects there are is decoded, and what of them is
sensitive; of `planned_values` only the outputs that are, of plans that mark them nowhere else.
Unknown keys are ignored, and a missing key is not the same as false: new versions add keys without saying so.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import msgspec

NULL = msgspec.Raw(b"null")
FALSE = msgspec.Raw(b"false")
TRUE = msgspec.Raw(b"true")
ABSENT = msgspec.Raw(b"")


class Importing(msgspec.Struct, frozen=True, gc=False):
    """From where an object is imported: an id, or since 1.12 an identity."""

    id: str | None = None
    identity: msgspec.Raw = NULL
    unknown: bool = False


class Change(msgspec.Struct, frozen=True, gc=False):
    """A value before and after, and trees of the same shape that say what of it is unknown or sensitive."""

    actions: tuple[str, ...] = ()
    before: msgspec.Raw = NULL
    after: msgspec.Raw = NULL
    after_unknown: msgspec.Raw = FALSE
    before_sensitive: msgspec.Raw = FALSE
    after_sensitive: msgspec.Raw = FALSE
    replace_paths: tuple[tuple[Any, ...], ...] | None = None
    importing: Importing | None = None
    generated_config: str | None = None

    @property
    def forcing_paths(self) -> frozenset[tuple[str | int, ...]]:
        """The paths that force the replacement, each up to the first step that is no key or position (of a set)."""
        return frozenset(
            tuple(itertools.takewhile(lambda step: isinstance(step, str | int), path))
            for path in self.replace_paths or ()
        )


class ResourceChange(msgspec.Struct, frozen=True, gc=False):
    """The change of one object; what is left over from a failed replacement has the same address and a deposed key."""

    address: str = ""
    change: Change = Change()
    mode: str = "managed"
    type: str = ""
    name: str = ""
    index: int | str | None = None
    previous_address: str | None = None
    module_address: str | None = None
    provider_name: str = ""
    deposed: str | None = None
    action_reason: str | None = None


class DeferredChange(msgspec.Struct, frozen=True, gc=False):
    """A change that has to wait for another plan."""

    resource_change: ResourceChange = ResourceChange()
    reason: str = "unknown"


class RelevantAttribute(msgspec.Struct, frozen=True, gc=False):
    """An attribute whose drift led to a change of this plan."""

    resource: str = ""
    attribute: tuple[Any, ...] = ()


class LifecycleTrigger(msgspec.Struct, frozen=True, gc=False):
    """The resource change that invokes an action."""

    triggering_resource_address: str = ""
    action_trigger_event: str = ""
    action_trigger_block_index: int = 0
    actions_list_index: int = 0


class ActionInvocation(msgspec.Struct, frozen=True, gc=False):
    """A provider's action that will be invoked, by a resource's life cycle or as asked for."""

    address: str = ""
    config_values: msgspec.Raw = NULL
    config_sensitive: msgspec.Raw = FALSE
    config_unknown: msgspec.Raw = FALSE
    lifecycle_action_trigger: LifecycleTrigger | None = None


class DeferredActionInvocation(msgspec.Struct, frozen=True):
    """An action invocation that has to wait for another plan."""

    action_invocation: ActionInvocation = ActionInvocation()
    reason: str = "unknown"


class CheckAddress(msgspec.Struct, frozen=True):
    """The object that a check belongs to."""

    to_display: str = ""
    kind: str = ""


class CheckProblem(msgspec.Struct, frozen=True):
    """The message of a failed check."""

    message: str = ""


class CheckInstance(msgspec.Struct, frozen=True):
    """The result for one instance."""

    address: CheckAddress = CheckAddress()
    status: str = "unknown"
    problems: tuple[CheckProblem, ...] = ()


class Check(msgspec.Struct, frozen=True):
    """The conditions of one check block, resource, output or variable, and how they came out."""

    address: CheckAddress = CheckAddress()
    status: str = "unknown"
    instances: tuple[CheckInstance, ...] = ()


class StateResource(msgspec.Struct, frozen=True):
    """A resource or data source in the state before the plan: which it is, its values, and which are sensitive."""

    address: str = ""
    mode: str = "managed"
    type: str = ""
    deposed_key: str | None = None
    values: msgspec.Raw = NULL
    sensitive_values: msgspec.Raw = FALSE


class StateModule(msgspec.Struct, frozen=True):
    """A module in the state."""

    resources: tuple[StateResource, ...] = ()
    child_modules: tuple["StateModule", ...] = ()

    def all_resources(self) -> Iterator[StateResource]:
        """The resources and data sources of the module and of all modules in it."""
        left = [self]
        while left:
            module = left.pop()
            yield from module.resources
            left += module.child_modules


class OutputMark(msgspec.Struct, frozen=True):
    """The part of an output's declaration, or of its value in a state, that is read."""

    sensitive: bool = False


class StateValues(msgspec.Struct, frozen=True):
    """The part of a state that is read; the values of its outputs stand among the plan's output changes."""

    outputs: dict[str, OutputMark] = {}
    root_module: StateModule = StateModule()


class State(msgspec.Struct, frozen=True):
    """The state before the plan. The data sources that were read while planning stand only here."""

    values: StateValues = StateValues()


class Variable(msgspec.Struct, frozen=True):
    """A root variable's declaration."""

    sensitive: bool = False
    default: msgspec.Raw = NULL


class ModuleConfiguration(msgspec.Struct, frozen=True):
    """The part of the root module's configuration that is read."""

    variables: dict[str, Variable] = {}
    resources: msgspec.Raw = ABSENT
    module_calls: msgspec.Raw = ABSENT
    outputs: dict[str, OutputMark] = {}


class Configuration(msgspec.Struct, frozen=True):
    """The part of the configuration that is read."""

    root_module: ModuleConfiguration = ModuleConfiguration()


class Plan(msgspec.Struct, frozen=True):
    """A plan. `applyable`, `complete` and `errored` are None where the version that made it did not say."""

    format_version: str | None = None
    plan_format_version: str | None = None
    terraform_version: str | None = None
    resource_changes: tuple[ResourceChange, ...] = ()
    resource_drift: tuple[ResourceChange, ...] = ()
    deferred_changes: tuple[DeferredChange, ...] = ()
    output_changes: dict[str, Change] = {}
    action_invocations: tuple[ActionInvocation, ...] = ()
    deferred_action_invocations: tuple[DeferredActionInvocation, ...] = ()
    relevant_attributes: tuple[RelevantAttribute, ...] = ()
    checks: tuple[Check, ...] = ()
    applyable: bool | None = None
    complete: bool | None = None
    errored: bool | None = None
    configuration: Configuration = Configuration()
    prior_state: State = State()
    variables: msgspec.Raw = NULL
    planned_values: msgspec.Raw = ABSENT
    values: msgspec.Raw = ABSENT
    """Only a state has these two."""
    lineage: msgspec.Raw = ABSENT
    unread: tuple[str, ...] = ()
    """The places of values that no plan has there, such as a number in place of an address. No document says them."""
    broken: tuple[msgspec.Raw, ...] = ()
    """These values. No document says them, either."""

    @property
    def is_redacted(self) -> bool:
        """True if this is HCP Terraform's redacted plan."""
        return self.plan_format_version is not None

    @property
    def has_marks(self) -> bool:
        """False if Terraform made it before 0.15, whose plans do not say which attributes are sensitive.

        Source: hashicorp/terraform#28201.
        """
        version = read_version(self.terraform_version)
        return version is None or version >= (0, 15)

    @property
    def newer_than_known(self) -> bool:
        """True if the format's minor version is newer than 1.2, the newest that we know."""
        version = read_version(self.format_version or self.plan_format_version)
        return version is not None and version > (1, 2)


def read_version(text: str | None) -> tuple[int, int] | None:
    """The major and the minor version in a text such as `1.14.0`; None if it has none."""
    try:
        major, minor = (text or "").split(".")[:2]
        return int(major), int(minor)
    except ValueError:
        return None
