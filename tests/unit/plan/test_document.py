"""Reading a plan: encodings, versions, what is missing, and a sentence for all that is no plan."""

import codecs
import gc
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.errors import PlanDocumentError
from tfc_plan_comment.plan.document import Change, Importing, Plan
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_sandbox.redacted_plan import redacted

PLAN = '{"format_version":"1.2","terraform_version":"1.14.0","resource_changes":[{"address":"a.b[\\"ä😀\\"]"}]}'
HOW = "Make one with: terraform show -json PLANFILE > plan.json."

MORE = "something follows the JSON document, such as a second plan"
WRAPPED = (
    "the wrapper of hashicorp/setup-terraform has added its own lines to the JSON. "
    "Set terraform_wrapper: false in the step that uses hashicorp/setup-terraform"
)
KNOWN = "and this version of tfc-plan-comment reads 0.1 to 1.x"


def error_of(content: bytes) -> str:
    """The sentence that the content gets."""
    with pytest.raises(PlanDocumentError) as caught:
        parse_plan(content, name="plan.json")
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        PLAN.encode(),
        codecs.BOM_UTF8 + PLAN.encode(),
        codecs.BOM_UTF16_LE + PLAN.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + PLAN.encode("utf-16-be"),
        PLAN.encode("utf-16-le"),
        PLAN.encode("utf-16-be"),
        b" " * 5000 + PLAN.encode() + b"\r\n",
        PLAN.replace(",", ",\r\n").encode(),
    ],
    ids=["utf-8", "utf-8-bom", "utf-16-le-bom", "utf-16-be-bom", "utf-16-le", "utf-16-be", "blanks", "lines"],
)
def test_encodings(content: bytes, tmp_path: Path) -> None:
    """UTF-8 and UTF-16, with or without a byte order mark, as PowerShell writes it, are the same plan."""
    (tmp_path / "plan.json").write_bytes(content)
    for plan in (parse_plan(content, name="plan.json"), read_plan(tmp_path / "plan.json")):
        assert plan.resource_changes[0].address == 'a.b["ä😀"]'


def test_the_file_may_go(tmp_path: Path) -> None:
    """A plan keeps its values when its file is closed and deleted and nobody holds on to its memory."""
    path = tmp_path / "plan.json"
    values = {"a": ["x" * 100_000, 1.5, None]}
    for start in (b"", codecs.BOM_UTF8):
        change = {"address": "a.b", "change": {"actions": ["create"], "after": values}}
        path.write_bytes(start + json.dumps({"format_version": "1.2", "resource_changes": [change]}).encode())
        plan = read_plan(path)
        path.unlink()
        gc.collect()
        assert json.loads(bytes(plan.resource_changes[0].change.after)) == values


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", f"it is empty. {HOW}"),
        (b" \r\n\t" * 3000, f"it is empty. {HOW}"),
        (codecs.BOM_UTF8, f"it is empty. {HOW}"),
        (codecs.BOM_UTF16_LE, f"it is empty. {HOW}"),
        ("\n".encode("utf-16-le"), f"it is empty. {HOW}"),
        (b"Plan: 1 to add", f"it is not valid JSON (invalid character (byte 0)). {HOW}"),
        (b'{"format_version":', f"it is not valid JSON (Input data was truncated). {HOW}"),
        (
            b'{"format_version":"1.2","resource_changes":[{"change":{"after":"a\rb"}}]}',
            f"it is not valid JSON (invalid character (byte 65)). {HOW}",
        ),
        (
            b'{"format_version":"1.2","resource_changes":[{"change":{"after":"\\ud80 "}}]}',
            f"it is not valid JSON (invalid character in unicode escape (byte 70)). {HOW}",
        ),
        (b'{"format_version":"1.2","terraform_version":"\xff"}', f"it is neither UTF-8 nor UTF-16. {HOW}"),
        (b"PK\x03\x04\x14\x00", f"it is a plan file, not a plan JSON. {HOW}"),
        (codecs.BOM_UTF16_LE + b"{\x00\x00\xd8", f"it looks like UTF-16 but is not (unexpected end of data). {HOW}"),
        (codecs.BOM_UTF16_LE + b"{\x00}", f"it looks like UTF-16 but is not (truncated data). {HOW}"),
        (b'{"variables":' + b"[" * 5000 + b"]" * 5000 + b"}", f"its JSON is nested too deeply. {HOW}"),
        (b"[]", f"its JSON is not a plan (Expected `object`, got `array`). {HOW}"),
        (b'"secret"', f"its JSON is not a plan (Expected `object`, got `str`). {HOW}"),
        (
            b'{"resource_changes": "..."}',
            f"its JSON is not a plan (Expected `array`, got `str` - at `$.resource_changes`). {HOW}",
        ),
        (
            b'{"format_version":"1.2","resource_changes":null}',
            f"its JSON is not a plan (Expected `array`, got `null` - at `$.resource_changes`). {HOW}",
        ),
        (b"{}", f"it is JSON, but contains no part of a plan. {HOW}"),
        (b'{"a":1}', f"it is JSON, but contains no part of a plan. {HOW}"),
        (b'{"format_version":"1.0"}', f"it is JSON, but contains no part of a plan. {HOW}"),
        (
            b'{"format_version":"1.0","terraform_version":"1.9.0","values":{"root_module":{}}}',
            f"it is a state, not a plan. {HOW}",
        ),
        (
            b'{"version":4,"terraform_version":"1.9.0","serial":1,"lineage":"a-b","outputs":{},"resources":[]}',
            f"it is a state, not a plan. {HOW}",
        ),
        (
            PLAN.encode() + b"\n" + PLAN.encode(),
            f"{MORE}. Write each plan to its own file.",
        ),
        (
            b"[command]/opt/hostedtoolcache/terraform-bin show -json tfplan\n" + PLAN.encode() + b"\n",
            f"{WRAPPED}.",
        ),
        (PLAN.encode() + b"\n\n::debug::Terraform exited with code 0.\n", f"{WRAPPED}."),
        (PLAN.encode() + b"\n::set-output name=stdout::{}%0A\n", f"{WRAPPED}."),
        (b"[command]terraform-bin show -json tfplan\n", f"{WRAPPED}."),
        (
            b'{"@level":"info","@message":"Terraform 1.14.0","type":"version"}\n{"@level":"info"}\n',
            f"it is the log of `terraform plan -json`, not a plan. Plan with -out=PLANFILE. {HOW}",
        ),
        (
            b'{"@level":"error","@message":"Error: no configuration"}',
            f"it is the log of `terraform plan -json`, not a plan. Plan with -out=PLANFILE. {HOW}",
        ),
        (
            b'{"format_version":"2.0","terraform_version":"3.0.0"}',
            f"its format version is 2.0, {KNOWN}. Update tfc-plan-comment.",
        ),
        (
            b'{"plan_format_version":"10.7.secret"}',
            f"its format version is 10.7, {KNOWN}. Update tfc-plan-comment.",
        ),
    ],
)
def test_what_is_no_plan(content: bytes, sentence: str) -> None:
    """Whatever is no plan gets a sentence that names the file, what is wrong and what to do."""
    said = error_of(content)
    assert said == f"Cannot read the plan plan.json: {sentence}"


@pytest.mark.parametrize(
    ("front", "behind"),
    [
        (b"[command]/opt/terraform-bin show -json tfplan\r\n", b"\r\n\r\n::debug::Terraform exited with code 0.\r\n"),
        (b"[command]/opt/terraform-bin show -json tfplan ", b" ::debug::Terraform exited with code 0."),
        (b"  [command]terraform-bin show -json tfplan\n", b"\n"),
        (b"::set-output name=stdout::", b"%0A\n::set-output name=exitcode::0\n"),
        (b"stdout=", b"\nexitcode=0\n"),
        (b"stdout<<ghadelimiter_1\n", b"\nghadelimiter_1\n"),
        (b"##[debug]stdout: ", b"\n##[debug]exitcode: 0\n"),
        (b"", b"%0A"),
        (b"", b"\n%0D%0A"),
        (b"", b"::set-output name=stdout::{}%0A\n"),
        (b"", b"::debug::Terraform exited with code 0.\n"),
        (b"", b"\nexitcode: 0\n"),
        (b"", b" exitcode: 0\n"),
        (b"", b"\n\nTerraform exited with code 0.\n"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16"])
def test_what_the_wrapper_leaves(front: bytes, behind: bytes, encoding: str) -> None:
    """In whatever form its lines come, cut or glued to the plan, the sentence says whose they are."""
    assert f"{WRAPPED}." in error_of((front + PLAN.encode() + behind).decode("utf-8-sig").encode(encoding))


@pytest.mark.parametrize("behind", [b"x", b"%", b"::", b"{}", b"\n[]", b"\nstdout"])
def test_what_the_wrapper_does_not_write(behind: bytes) -> None:
    """Nothing is said of the wrapper where something else stands behind a plan, or its words in a value."""
    plan = PLAN.replace("ä", "}::debug::exitcode: 0%0A").encode()

    assert f"{MORE}." in error_of(plan + behind)


def test_no_such_file(tmp_path: Path) -> None:
    """A path that cannot be read is named, with the system's own reason."""
    with pytest.raises(PlanDocumentError) as caught:
        read_plan(tmp_path / "none.json")
    assert str(caught.value) == f"Cannot read the plan {tmp_path}/none.json: No such file or directory. Check the path."
    with pytest.raises(PlanDocumentError) as caught:
        read_plan(tmp_path)
    assert str(caught.value) == f"Cannot read the plan {tmp_path}: Is a directory. Check the path."
    (tmp_path / "empty.json").touch()
    with pytest.raises(PlanDocumentError) as caught:
        read_plan(tmp_path / "empty.json")
    assert str(caught.value) == f"Cannot read the plan {tmp_path}/empty.json: it is empty. {HOW}"


SECRET = "hunter2-the-secret"
WRONG: st.SearchStrategy[Any] = st.sampled_from(
    [SECRET, [SECRET], {SECRET: SECRET}, [[{SECRET: 1}]], 1, 1.5, True, None, {"a": {SECRET: [SECRET]}}, 10**30]
)
TYPED_KEYS = [
    "format_version",
    "plan_format_version",
    "terraform_version",
    "resource_changes",
    "resource_drift",
    "deferred_changes",
    "output_changes",
    "action_invocations",
    "relevant_attributes",
    "checks",
    "applyable",
    "complete",
    "errored",
    "configuration",
    "prior_state",
]
RESOURCE_KEYS = [
    "address",
    "change",
    "mode",
    "type",
    "name",
    "index",
    "previous_address",
    "module_address",
    "deposed",
    "action_reason",
]
CHANGE_KEYS = ["actions", "replace_paths", "importing", "generated_config"]


def error_if_any(content: bytes) -> PlanDocumentError | None:
    """The error that the content gets, if it gets one."""
    try:
        parse_plan(content, name="plan.json")
    except PlanDocumentError as error:
        return error
    return None


@given(st.sampled_from(TYPED_KEYS + RESOURCE_KEYS + CHANGE_KEYS), WRONG, st.booleans())
def test_no_error_says_a_value(key: str, wrong: Any, is_output: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """Whatever is of the wrong type, its error holds nothing that stands in the file."""
    document: dict[str, Any] = {"format_version": "1.2", "terraform_version": "1.14.0"}
    if key in TYPED_KEYS:
        document[key] = wrong
    elif key in CHANGE_KEYS and is_output:
        document["output_changes"] = {SECRET: {"actions": ["create"], key: wrong}}
    elif key in CHANGE_KEYS:
        document["resource_changes"] = [{"address": SECRET, "change": {"actions": ["create"], key: wrong}}]
    else:
        document["resource_changes"] = [{"address": SECRET, "change": {"actions": ["create"]}, key: wrong}]
    error = error_if_any(json.dumps(document).encode())
    assert SECRET not in str(error)
    assert error is None or error.__cause__ is None
    assert error is None or error.__context__ is None or error.__suppress_context__


def test_what_is_missing_is_not_false(plan_of: Callable[..., Plan]) -> None:
    """A key that an older version does not write is None, which is not false."""
    plan = plan_of()
    assert (plan.applyable, plan.complete, plan.errored) == (None, None, None)
    assert plan_of(applyable=False, errored=True).applyable is False
    (resource,) = plan_of(resource_changes=[{}]).resource_changes
    assert resource.change == Change()
    assert (resource.index, resource.deposed, resource.action_reason) == (None, None, None)


def test_a_broken_value_is_as_good_as_none(plan_of: Callable[..., Plan]) -> None:
    """Its place is noted; null is only another way to say that there is none."""
    index = {"address": "a.b", "index": [SECRET], "change": {"actions": ["create", 5], "importing": 5}}
    plan = plan_of(resource_changes=[index, 5, None, {"address": "a.c", "mode": None}], checks=None, complete="no")

    assert [each.address for each in plan.resource_changes] == ["a.b", "", "", "a.c"]
    assert plan.resource_changes[0].change == Change(importing=Importing())
    assert plan.complete is None
    assert plan.unread == (
        "resource_changes[0].change.actions",
        "resource_changes[0].change.importing",
        "resource_changes[0].index",
        "resource_changes[1]",
        "resource_changes[2]",
        "complete",
    )


@pytest.mark.parametrize("declaration", [{"sensitive": "yes"}, {"sensitive": 1}, [], 5])
def test_a_variable_that_cannot_be_read_is_sensitive(declaration: Any, plan_of: Callable[..., Plan]) -> None:
    """Nobody knows whether its value is a secret."""
    variables = {"a": declaration, "b": {"sensitive": False}, "c": {}}
    plan = plan_of(configuration={"root_module": {"variables": variables}})

    declared = plan.configuration.root_module.variables
    assert {name: each.sensitive for name, each in declared.items()} == {"a": True, "b": False, "c": False}


def test_no_document_says_what_could_not_be_read(plan_of: Callable[..., Plan]) -> None:
    """A key that is called like our own has no meaning."""
    assert plan_of(unread=["x"]).unread == ()


def test_what_is_unknown_is_ignored(plan_of: Callable[..., Plan]) -> None:
    """Keys that we have never heard of are ignored, wherever they stand."""
    change = {"actions": ["create"], "new": {"a": 1}, "after": {"a": 1}}
    plan = plan_of(new=[1], resource_changes=[{"address": "a.b", "change": change, "new": None}], configuration={})
    assert plan.resource_changes[0].change.actions == ("create",)


@pytest.mark.parametrize(
    ("version", "is_newer"),
    [("0.1", False), ("1.0", False), ("1.2", False), ("1.3", True), ("1.10", True), ("odd", False), (None, False)],
)
def test_versions(version: str | None, *, is_newer: bool) -> None:
    """A minor version that is newer than we know is read all the same, and noted; odd ones are not judged."""
    document: dict[str, Any] = {"format_version": version, "terraform_version": "1.14.0", "resource_changes": [{}]}
    assert parse_plan(json.dumps(document).encode(), name="x").newer_than_known is is_newer


def test_redacted(golden_name: str, golden_plan: Callable[[str], Plan]) -> None:
    """HCP Terraform's redacted plan is read like the full one."""
    full = golden_plan(golden_name)
    path = Path(__file__).parents[2] / "golden" / golden_name / "plan.json"
    plan = parse_plan(redacted(path.read_bytes()), name="redacted")
    assert plan.is_redacted
    assert not full.is_redacted
    assert [resource.address for resource in plan.resource_changes] == [each.address for each in full.resource_changes]
    assert plan.terraform_version is None
    assert parse_plan(b'{"plan_format_version":"1.2"}', name="nothing changes").is_redacted


def test_opentofu(plan_of: Callable[..., Plan]) -> None:
    """OpenTofu's plan has a version of its own, and actions, modes and reasons of its own; it is read all the same."""
    resource = {"address": "a.b", "mode": "ephemeral", "change": {"actions": ["forget", "create"]}}
    resource |= {"provider_name": "registry.opentofu.org/hashicorp/aws", "action_reason": "forgot_because_x"}
    plan = plan_of(terraform_version="1.11.6", resource_changes=[resource])
    assert plan.resource_changes[0].change.actions == ("forget", "create")


@pytest.mark.parametrize(
    ("paths", "forcing"),
    [
        (None, set()),
        ([["ami"]], {("ami",)}),
        ([["a", 0, "b"], ["c"]], {("a", 0, "b"), ("c",)}),
        ([["ingress", {"from_port": 22}, "cidr"], [1.5], [None], []], {("ingress",), ()}),
    ],
)
def test_what_forces_a_replacement(
    paths: Any, forcing: set[tuple[str | int, ...]], change: Callable[..., Change]
) -> None:
    """A path that forces the replacement leads as far as keys and positions do."""
    assert change({}, {}, replace_paths=paths).forcing_paths == forcing
