"""Everything that a plan says, in the order in which a reviewer should hear it. Diffs are made when asked for."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from re import Pattern

import msgspec

from tfc_plan_comment.plan.actions import RISK, Action, Loss, listed
from tfc_plan_comment.plan.attention import Attending, Attention, Notice
from tfc_plan_comment.plan.attention_settings import AttentionSettings
from tfc_plan_comment.plan.configured import Configured
from tfc_plan_comment.plan.diff import Differ
from tfc_plan_comment.plan.difference import Changed, Part
from tfc_plan_comment.plan.document import NULL, Plan, ResourceChange
from tfc_plan_comment.plan.drift import Drift, find_drift
from tfc_plan_comment.plan.knowledge.attention import RULE_IDS
from tfc_plan_comment.plan.knowledge.routine import ROUTINE
from tfc_plan_comment.plan.knowledge.stateful import HOLDS_DATA
from tfc_plan_comment.plan.marks import Differing, differing_values, read_attributes
from tfc_plan_comment.plan.noise import Noise, find_noise
from tfc_plan_comment.plan.resource_diff import ResourceDiff, diff_resource
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.secrets.revealing import NOTHING, Reveal
from tfc_plan_comment.plan.verdict import OUTPUT_ACTIONS, Verdict, is_opentofu, reach_verdict
from tfc_plan_comment.plan.whole_modules import WholeModule, find_whole_modules
from tfc_plan_comment.plan.write_only import WriteOnly

MOST_SORTED_BY_NOISE = 1_000
"""With more updates than this, noise is not told from the rest in advance: that would take every update's diff."""


class PlannedChange(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One change that Terraform lists.

    What is made of it when asked for, `diff`, `noise` and `attention`, is kept as long as the change itself.
    """

    resource: ResourceChange
    action: Action
    mask: Mask
    configured: Configured
    write_only: WriteOnly
    attending: Attending
    was_deleted_outside: bool = False
    """It is created again, for it was deleted outside of Terraform."""

    @property
    def holds_data(self) -> bool:
        """True if it destroys an object that holds data."""
        return "delete" in self.resource.change.actions and bool(HOLDS_DATA.of(self.resource.type))

    @property
    def is_routine(self) -> bool:
        """True if it makes a new version of an object of which every change makes one, and nothing that runs goes."""
        return self.action is Action.REPLACE and bool(ROUTINE.of(self.resource.type))

    @cached_property
    def diff(self) -> ResourceDiff:
        """The difference of the attributes; made at the first call."""
        resource = self.resource
        return diff_resource(
            resource.change,
            self.mask,
            resource.type,
            configured=self.configured.attributes(resource),
            write_only=self.write_only.of(resource),
        )

    @cached_property
    def differing(self) -> Differing | None:
        """The attributes that differ, as they stand in the plan; None if the object comes or goes.

        Mostly they are few, and to find them takes longer than all that is done with them.
        """
        sides = self.resource.change.before, self.resource.change.after
        if NULL in sides:
            return None
        old, new = map(read_attributes, sides)
        return None if old is None or new is None else differing_values(old, new)

    @cached_property
    def attended(self) -> Attention:
        """What of it deserves a look, and what more would, but is ignored as asked for; made at the first call."""
        return self.attending.to(self.resource, self.action, self.differing)

    @property
    def attention(self) -> tuple[Notice, ...]:
        """What of it deserves a look, the strongest first."""
        return self.attended.notices

    @property
    def deserves_a_look(self) -> bool:
        """True if one of the notices is more than a remark."""
        return any(not notice.is_remark for notice in self.attention)

    @cached_property
    def noise(self) -> Noise | None:
        """The only thing that the update changes, if nobody has to weigh it; made at the first call."""
        is_plain = self.action is Action.UPDATE and self.resource.change.importing is None
        is_plain = is_plain and not self.deserves_a_look
        return find_noise(self.diff) if is_plain else None

    def afresh(self) -> "PlannedChange":
        """The same change, of which nothing is made yet: for whoever looks at it once, and keeps nothing of it."""
        return msgspec.structs.replace(self)


class OutputChange(msgspec.Struct, frozen=True, kw_only=True):
    """The change of one output of the root module."""

    name: str
    part: Part


class PlanSummary(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A plan, understood."""

    plan: Plan
    mask: Mask
    verdict: Verdict
    changes: tuple[PlannedChange, ...]

    @property
    def tool(self) -> str:
        """Terraform or OpenTofu, whichever made the plan."""
        return "OpenTofu" if is_opentofu(self.plan) else "Terraform"

    @cached_property
    def attention(self) -> tuple[PlannedChange, ...]:
        """The changes that deserve a look, in their order."""
        return tuple(change for change in self.changes if change.deserves_a_look)

    @cached_property
    def attention_rules(self) -> tuple[str, ...]:
        """The ids of the rules for which changes deserve a look, the strongest first."""
        notices = {notice.rule for change in self.attention for notice in change.attention if not notice.is_remark}
        return tuple(rule for rule in RULE_IDS if rule in notices)

    @cached_property
    def attention_ignored(self) -> int:
        """The number of notices that are not heard, as asked for."""
        return sum(change.attended.ignored for change in self.changes)

    @cached_property
    def outputs(self) -> tuple[OutputChange, ...]:
        """The outputs that change, by name."""
        return tuple(_outputs(self.plan, self.mask))

    @cached_property
    def whole_modules(self) -> Mapping[str, WholeModule]:
        """The modules that come or go as a whole, by the address of each one in them."""
        return find_whole_modules(self.plan)

    @cached_property
    def drift(self) -> tuple[Drift, ...]:
        """The changes outside of Terraform."""
        return find_drift(self.plan, self.mask, self.verdict)


def summarize(
    plan: Plan,
    redact: tuple[Pattern[str], ...] = (),
    *,
    reveal: Reveal = NOTHING,
    is_asked_to_destroy: bool = False,
    attention: AttentionSettings = AttentionSettings(),  # noqa: B008 - it is frozen
) -> PlanSummary:
    """The plan, understood; `redact` are further patterns of what must not be shown, `reveal` what may be.

    `is_asked_to_destroy` says that the plan's run was asked to destroy everything, `attention` what is to be said to
    deserve a look.
    """
    mask = Mask.of(plan, redact, reveal)
    found = listed(plan.resource_changes)
    configured = Configured(plan.configuration.root_module)
    write_only = WriteOnly(configured)
    attending = Attending(plan, mask, attention)
    deleted = {each.address for each in plan.resource_drift if each.change.actions == ("delete",)}
    changes = [
        PlannedChange(
            resource=each,
            action=action,
            mask=mask.at(each.address, each.type),
            configured=configured,
            write_only=write_only,
            attending=attending,
            was_deleted_outside=action is Action.CREATE and each.address in deleted,
        )
        for each, action in found
    ]
    verdict = reach_verdict(plan, found, is_asked_to_destroy=is_asked_to_destroy)
    return PlanSummary(plan=plan, mask=mask, verdict=verdict, changes=_by_risk(changes))


def _by_risk(changes: list[PlannedChange]) -> tuple[PlannedChange, ...]:
    ordered = sorted(changes, key=_rank)
    noise: set[int] = set()
    if sum(change.action is Action.UPDATE for change in changes) <= MOST_SORTED_BY_NOISE:
        noise = {number for number, change in enumerate(ordered) if change.noise is not None}
    rest = (change for number, change in enumerate(ordered) if number not in noise)
    return (*rest, *(ordered[number] for number in sorted(noise)))


def _rank(change: PlannedChange) -> tuple[int, bool, int]:
    """A sort key: what is lost, with data first; what nobody knows; what deserves a look; the rest by its action.

    What is made anew by design is no loss.
    """
    is_lost = change.action.facts.loss is Loss.DESTROYED and not change.is_routine
    deserves_a_look = change.deserves_a_look
    ranks = (change.holds_data, is_lost, change.action is Action.UNKNOWN, deserves_a_look, True)
    return ranks.index(True), not deserves_a_look, RISK.index(change.action)


def _outputs(plan: Plan, mask: Mask) -> Iterable[OutputChange]:
    differ = Differ(mask)
    for name, change in sorted(plan.output_changes.items()):
        before, after = mask.at_output(name).sides(change, is_output=True)
        part = differ.part(name, before, after)
        if change.actions not in OUTPUT_ACTIONS:
            note = f"unknown action: {', '.join(change.actions) or 'none'}"
            part = Part(step=name, difference=Changed(before, after, note))
        if part and change.actions != ("no-op",):
            yield OutputChange(name=name, part=part)
