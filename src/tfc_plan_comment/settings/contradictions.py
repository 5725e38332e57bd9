"""The problems of inputs that are right by themselves and make no sense together."""

from collections.abc import Iterator, Mapping, Sequence

from tfc_plan_comment.errors import SettingsError
from tfc_plan_comment.findings.gate import Condition, FailOn
from tfc_plan_comment.settings.source import LOCAL, MORE_OF_SOURCE, SOURCES

NOT_FOR_SUMMARIES = (
    "comment-mode",
    "plan-json-path",
    "summary-json-path",
    "report",
    "sentinel-mocks",
    "template",
    "reveal",
)
"""The inputs that want something of a plan, or another comment than one."""


def find_contradictions(given: Mapping[str, str]) -> Iterator[SettingsError]:
    """The problems of the inputs taken together: not exactly one source, or a server to ask without a token."""
    *most, last = SOURCES
    one_of_them = f"Set exactly one of {', '.join(most)} and {last}"
    sources = [name for name in SOURCES if name in given]
    more = [(source, name) for source, name in MORE_OF_SOURCE.items() if name in given and source not in given]
    for source, name in more:
        yield SettingsError(f"Input {name}", f"it needs {source}, which is empty", f"Set {source}, or remove {name}")
    if not sources and not more:
        yield SettingsError("Inputs", "none of them names a plan to show", one_of_them)
    if len(sources) > 1:
        yield SettingsError(f"Inputs {', '.join(sources)}", "each of them names a plan to show", one_of_them)
    if sources == ["plan-json"] and given.get("sentinel-mocks", "false") != "false":
        *servers, last = (name for name in SOURCES if name not in LOCAL)
        yield SettingsError(
            "Input sentinel-mocks",
            "the mocks come from HCP Terraform, and plan-json reads nothing from there",
            f"Set {', '.join(servers)} or {last} instead, or remove sentinel-mocks",
        )
    yield from _not_together(given, sources)
    asking = [name for name in (*sources, *(name for _, name in more)) if name not in LOCAL]
    if asking and "token" not in given:
        yield SettingsError(
            "Input token",
            f"it is empty, and {asking[0]} needs it",
            "Set it to an HCP Terraform user or team token; a pull request from a fork gets no secrets",
        )


def find_contradictions_of_gate(fail_on: FailOn, given: Mapping[str, str]) -> Iterator[SettingsError]:
    """The problems of conditions of which nothing could ever be known."""
    source = next((name for name in ("plan-id", "plan-json") if name in given), None)
    of_run = " and ".join(fail_on.of_run)
    if source and of_run:
        yield SettingsError(
            "Input fail-on",
            f"only a run can say {of_run}, and {source} names none",
            f"Set organization, run-id or cloud-plan instead of {source}, or remove {of_run}",
        )
    if of_run and given.get("wait-for") == "plan":
        yield SettingsError(
            "Inputs fail-on and wait-for",
            f"because of {of_run} the step has to wait, and with wait-for: plan it does not",
            f"Remove wait-for or {of_run}",
        )
    if Condition.ATTENTION in fail_on.conditions and given.get("attention") == "false":
        yield SettingsError(
            "Inputs fail-on and attention",
            "attention: false looks for nothing that deserves a look",
            "Remove one of them",
        )


def _not_together(given: Mapping[str, str], sources: Sequence[str]) -> Iterator[SettingsError]:
    """The problems of inputs that do not fit the comment that tells of several workspaces."""
    if given.get("comment-mode") == "together" and "template" in given:
        yield SettingsError(
            "Inputs comment-mode and template",
            "a template writes the comment on one workspace",
            "Set comment-mode: each, or remove template",
        )
    if "summaries" not in sources:
        return
    asked = [name for name in NOT_FOR_SUMMARIES if given.get(name, "false") not in {"false", "together"}]
    for name in asked:
        yield SettingsError(
            f"Input {name}",
            "summaries only writes the comment on what other jobs have made",
            f"Set {name} where these jobs set summary-json-path, or remove it",
        )
