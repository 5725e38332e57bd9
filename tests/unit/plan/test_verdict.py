"""The counts and the sentence, which are Terraform's own."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.plan.difference import Changed
from tfc_plan_comment.plan.document import Plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.plan.verdict import OUTPUTS_ONLY, Counts, Mode, Verdict, is_opentofu

OPENTOFU = "registry.opentofu.org/hashicorp/aws"
NO_CHANGES = "No changes. Your infrastructure matches the configuration."


def verdict(plan: Plan) -> Verdict:
    """The verdict on the plan."""
    return summarize(plan).verdict


def test_the_sentence_is_terraforms(
    golden_name: str, golden_plan: Callable[[str], Plan], golden_text: Callable[[str, str], str]
) -> None:
    """For every real plan, the sentence stands in what Terraform wrote, and no other sentence of its kind does."""
    sentence = verdict(golden_plan(golden_name)).sentence
    text = golden_text(golden_name, "human.txt")
    assert sentence in re.sub(r"\s+", " ", text)
    own_sentence = re.findall(r"^(?:Plan|No changes)[:.] .+$", text, re.MULTILINE)
    assert own_sentence == ([] if sentence == OUTPUTS_ONLY else [sentence])


def entry(*actions: str, **keys: Any) -> dict[str, Any]:
    """A resource change as it stands in a plan."""
    importing = {"importing": keys.pop("importing")} if "importing" in keys else {}
    return {"address": "a.b", "mode": "managed", "type": "a", **keys, "change": {"actions": actions, **importing}}


@pytest.mark.parametrize(
    ("resources", "counts", "sentence"),
    [
        ([entry("create")], Counts(to_add=1), "Plan: 1 to add, 0 to change, 0 to destroy."),
        ([entry("update")], Counts(to_change=1), "Plan: 0 to add, 1 to change, 0 to destroy."),
        ([entry("delete")], Counts(to_destroy=1), "Plan: 0 to add, 0 to change, 1 to destroy."),
        ([entry("read", mode="data")], Counts(to_read=1), "Plan: 0 to add, 0 to change, 0 to destroy."),
        (
            [entry("delete", "create"), entry("create", "delete")],
            Counts(to_add=2, to_destroy=2, to_replace=2),
            "Plan: 2 to add, 0 to change, 2 to destroy.",
        ),
        (
            [entry("create", "forget")],
            Counts(to_add=1, to_replace=1, to_forget=1),
            "Plan: 1 to add, 0 to change, 0 to destroy.",
        ),
        ([entry("forget")], Counts(to_forget=1), "Plan: 0 to add, 0 to change, 0 to destroy."),
        (
            [entry("forget", provider_name=OPENTOFU), entry("forget", "create", provider_name=OPENTOFU)],
            Counts(to_add=1, to_replace=1, to_forget=2),
            "Plan: 1 to add, 0 to change, 0 to destroy, 2 to forget.",
        ),
        (
            [entry("create", provider_name=OPENTOFU)],
            Counts(to_add=1),
            "Plan: 1 to add, 0 to change, 0 to destroy.",
        ),
        (
            [entry("no-op", previous_address="a.c")],
            Counts(to_move=1),
            "Plan: 0 to add, 0 to change, 0 to destroy.",
        ),
        (
            [entry("update", previous_address="a.c")],
            Counts(to_move=1, to_change=1),
            "Plan: 0 to add, 1 to change, 0 to destroy.",
        ),
        (
            [
                entry("no-op", importing={"id": "x"}),
                entry("update", importing={}),
                entry("delete", "create", importing={}),
            ],
            Counts(to_import=3, to_add=1, to_change=1, to_destroy=1, to_replace=1),
            "Plan: 3 to import, 1 to add, 1 to change, 1 to destroy.",
        ),
        (
            [entry("no-op", importing={"id": "x"}, previous_address="a.c")],
            Counts(to_import=1, to_move=1),
            "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.",
        ),
        (
            [entry("delete", deposed="1a2b3c4d"), entry("create")],
            Counts(to_add=1, to_destroy=1),
            "Plan: 1 to add, 0 to change, 1 to destroy.",
        ),
        (
            [entry("evaporate"), entry("create", "read", "delete"), entry()],
            Counts(unknown=3),
            "Plan: 0 to add, 0 to change, 0 to destroy.",
        ),
        ([entry("no-op"), entry("delete", mode="data"), entry("open", mode="ephemeral")], Counts(), NO_CHANGES),
        ([], Counts(), NO_CHANGES),
    ],
)
def test_counting(resources: list[dict[str, Any]], counts: Counts, sentence: str, plan_of: Callable[..., Plan]) -> None:
    """Every kind of change is counted as Terraform counts it, or OpenTofu where it made the plan."""
    said = verdict(plan_of(resource_changes=resources))
    assert said.counts == counts
    assert said.sentence == sentence
    assert said.has_changes is (sentence != NO_CHANGES)


def test_invoked_actions(plan_of: Callable[..., Plan]) -> None:
    """Actions that will be invoked are counted, also when they are all there is."""
    said = verdict(plan_of(action_invocations=[{"address": "action.a.b"}, {"address": "action.a.c"}]))
    assert said.sentence == "Plan: 0 to add, 0 to change, 0 to destroy. Actions: 2 to invoke."
    assert said.has_changes


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ({"actions": ["create"], "after": 1}, OUTPUTS_ONLY),
        ({"actions": ["create"], "after_unknown": True}, OUTPUTS_ONLY),
        ({"actions": ["delete"], "before": 1}, OUTPUTS_ONLY),
        ({"actions": ["evaporate"], "before": 1}, OUTPUTS_ONLY),
        ({"actions": ["update"], "before": 1, "after": 1, "after_sensitive": True}, OUTPUTS_ONLY),
        ({"actions": ["create"], "before": None, "after": None, "after_unknown": False}, NO_CHANGES),
        (
            {"actions": ["update"], "before": 1, "after": 1, "before_sensitive": True, "after_sensitive": True},
            NO_CHANGES,
        ),
        ({"actions": ["no-op"], "before": 1, "after": 1}, NO_CHANGES),
    ],
)
def test_outputs(output: dict[str, Any], sentence: str, plan_of: Callable[..., Plan]) -> None:
    """A plan may change only outputs; one that stays as it is, or null, is no change, whatever its action says."""
    plan = plan_of(output_changes={"a": output})
    said = verdict(plan)
    assert said.sentence == sentence
    assert said.has_changes is (sentence == OUTPUTS_ONLY)
    assert bool(summarize(plan).outputs) is (sentence == OUTPUTS_ONLY)


def test_outputs_of_a_redacted_plan(plan_of: Callable[..., Plan]) -> None:
    """A placeholder may stand for one secret before and another after: such an output may change."""
    output = {"actions": ["update"], "before": "x", "after": "x", "before_sensitive": True, "after_sensitive": True}
    plan = plan_of(format_version=None, plan_format_version="1.2", output_changes={"a": output})
    assert verdict(plan).sentence == OUTPUTS_ONLY
    assert len(summarize(plan).outputs) == 1


DRIFT = {"address": "a.b", "change": {"actions": ["update"], "before": {"a": 1}, "after": {"a": 2}}}
GONE = {"address": "a.b", "change": {"actions": ["delete"], "before": {"a": 1}}}
REFRESH = "This is a refresh-only plan, so Terraform will not take any actions to undo these."


@pytest.mark.parametrize(
    ("keys", "mode", "sentence"),
    [
        (
            {"errored": True},
            Mode.NORMAL,
            "Planning failed. Terraform encountered an error while generating this plan.",
        ),
        ({"errored": True, "output_changes": {"a": {"actions": ["create"], "after": 1}}}, Mode.NORMAL, OUTPUTS_ONLY),
        (
            {"errored": True, "resource_changes": [entry("create")]},
            Mode.NORMAL,
            "Plan: 1 to add, 0 to change, 0 to destroy.",
        ),
        (
            {"deferred_changes": [{"reason": "absent_prereq", "resource_change": entry("create")}]},
            Mode.NORMAL,
            "No current changes. This plan requires another plan to be applied first.",
        ),
        ({"resource_drift": [DRIFT], "applyable": True}, Mode.REFRESH_ONLY, REFRESH),
        ({"resource_drift": [GONE], "applyable": True}, Mode.REFRESH_ONLY, REFRESH),
        ({"resource_drift": [DRIFT]}, Mode.REFRESH_ONLY, REFRESH),
        ({"resource_drift": [GONE]}, Mode.NORMAL, NO_CHANGES),
        ({"resource_drift": [DRIFT], "applyable": False}, Mode.NORMAL, NO_CHANGES),
        ({"resource_drift": [DRIFT], "resource_changes": [entry("no-op")], "applyable": True}, Mode.NORMAL, NO_CHANGES),
        ({"applyable": True}, Mode.NORMAL, NO_CHANGES),
        ({"resource_changes": [entry("no-op")]}, Mode.NORMAL, NO_CHANGES),
    ],
)
def test_modes_and_sentences(keys: dict[str, Any], mode: Mode, sentence: str, plan_of: Callable[..., Plan]) -> None:
    """The mode is told from what is in the plan; failing, deferring and refreshing have sentences of their own."""
    said = verdict(plan_of(**keys))
    assert (said.mode, said.sentence) == (mode, sentence)


def state(*addresses: str, mode: str = "managed", **keys: Any) -> dict[str, Any]:
    """A state with these resources, each but the first in a module of its own."""
    resources = [{"address": address, "mode": mode, **keys} for address in addresses]
    modules = [{"address": "module.m", "child_modules": [{"resources": [each]}]} for each in resources[1:]]
    return {"values": {"root_module": {"resources": resources[:1], "child_modules": modules}}}


DELETE = entry("delete")
OTHER = entry("delete", address="module.m.a.b")


@pytest.mark.parametrize(
    ("keys", "mode"),
    [
        ({"resource_changes": [DELETE], "prior_state": state("a.b")}, Mode.DESTROY),
        ({"resource_changes": [DELETE, OTHER], "prior_state": state("a.b", "module.m.a.b")}, Mode.DESTROY),
        (
            {"resource_changes": [entry("delete", action_reason="delete_because_no_module")]}
            | {"prior_state": state("a.b")},
            Mode.DESTROY,
        ),
        ({"resource_changes": [DELETE, entry("delete", mode="data")], "prior_state": state("a.b")}, Mode.DESTROY),
        ({"resource_changes": [DELETE, entry("forget", address="a.c")], "prior_state": state("a.b")}, Mode.NORMAL),
        ({"resource_changes": [DELETE, entry("create", address="a.c")], "prior_state": state("a.b")}, Mode.NORMAL),
        ({"resource_changes": [DELETE, entry("no-op", address="a.c")], "prior_state": state("a.b")}, Mode.NORMAL),
        ({"resource_changes": [DELETE, entry("evaporate")], "prior_state": state("a.b")}, Mode.NORMAL),
        ({"resource_changes": [DELETE], "prior_state": state("a.b"), "complete": False}, Mode.NORMAL),
        ({"resource_changes": [DELETE], "prior_state": state("a.b", address=5)}, Mode.NORMAL),
        ({"resource_changes": [DELETE], "prior_state": state("a.b", values=1) | {"values": 5}}, Mode.NORMAL),
        ({"resource_changes": [DELETE], "prior_state": state("a.b", "module.m.a.b")}, Mode.NORMAL),
        ({"resource_changes": [DELETE], "prior_state": state("a.b", deposed_key="1a2b3c4d")}, Mode.NORMAL),
        ({"resource_changes": [entry("delete", deposed="1a2b3c4d")], "prior_state": state("a.b")}, Mode.NORMAL),
        ({"resource_changes": [DELETE], "prior_state": state("a.b", mode="data")}, Mode.NORMAL),
        ({"resource_changes": [DELETE]}, Mode.NORMAL),
        ({"resource_changes": [DELETE], "prior_state": state("a.b"), "errored": True}, Mode.NORMAL),
        ({"resource_changes": [], "prior_state": state("data.a.b", mode="data")}, Mode.NORMAL),
    ],
)
def test_everything_goes(keys: dict[str, Any], mode: Mode, plan_of: Callable[..., Plan]) -> None:
    """A plan destroys everything only if each object of the state before it is destroyed, and nothing else is done."""
    assert verdict(plan_of(**keys)).mode is mode


@pytest.mark.parametrize(
    ("keys", "mode"),
    [
        ({"resource_changes": [DELETE]}, Mode.DESTROY),
        ({"resource_changes": [DELETE, entry("forget", address="a.c")]}, Mode.NORMAL),
        ({"resource_changes": [DELETE], "complete": False}, Mode.NORMAL),
        ({"resource_changes": [DELETE], "errored": True}, Mode.NORMAL),
        ({"resource_changes": [DELETE], "prior_state": state("a.b", "module.m.a.b")}, Mode.NORMAL),
        ({"resource_changes": [entry("delete", deposed="1a2b3c4d")]}, Mode.NORMAL),
        ({"resource_changes": []}, Mode.NORMAL),
    ],
)
def test_the_run_says_that_everything_goes(keys: dict[str, Any], mode: Mode, plan_of: Callable[..., Plan]) -> None:
    """Where no state comes with the plan, the run's word decides; where one does, the state."""
    assert summarize(plan_of(**keys), is_asked_to_destroy=True).verdict.mode is mode


@given(
    were=st.sets(st.sampled_from("abcdef"), min_size=1),
    going=st.sets(st.sampled_from("abcdef"), min_size=1),
    complete=st.sampled_from([None, True]),
)
def test_a_plan_that_leaves_something_never_destroys_everything(
    were: set[str], going: set[str], plan_of: Callable[..., Plan], *, complete: bool | None
) -> None:
    """Whatever is in the state and whatever goes: what stays is never forgotten."""
    changes = [entry("delete", address=f"a.{name}") for name in going]
    prior = state(*(f"a.{name}" for name in sorted(were)))
    plan = plan_of(resource_changes=changes, prior_state=prior, complete=complete)

    assert (verdict(plan).mode is Mode.DESTROY) is not bool(were - going)


@pytest.mark.parametrize(("golden_mode", "mode"), [("refresh-only", Mode.REFRESH_ONLY), ("destroy-all", Mode.DESTROY)])
def test_modes_of_real_plans(golden_mode: str, mode: Mode, golden_plan: Callable[[str], Plan]) -> None:
    """Real plans of the two special modes are known as such."""
    assert verdict(golden_plan(golden_mode)).mode is mode


def test_opentofu(plan_of: Callable[..., Plan]) -> None:
    """OpenTofu is known by where its providers come from."""
    assert is_opentofu(plan_of(resource_changes=[entry("create", provider_name=OPENTOFU)]))
    assert not is_opentofu(plan_of(resource_changes=[entry("create", provider_name="registry.terraform.io/x/y")]))


def test_to_take_over_what_changed_outside_is_a_change(golden_plan: Callable[[str], Plan]) -> None:
    """To apply a refresh-only plan writes the state, so it does not count as one without changes."""
    plan = msgspec.structs.replace(golden_plan("refresh-only"), output_changes={})

    assert verdict(plan).has_changes


def test_an_output_with_an_unknown_action_is_a_change(plan_of: Callable[..., Plan]) -> None:
    """Nobody knows what an action means that we have never heard of, even where the value stays the same."""
    plan = plan_of(output_changes={"a": {"actions": ["wat"], "before": 1, "after": 1}})
    (output,) = summarize(plan).outputs

    assert verdict(plan).has_changes
    assert isinstance(output.part.difference, Changed)
    assert output.part.difference.note == "unknown action: wat"
