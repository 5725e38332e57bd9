"""The details of a policy evaluation: which of its policies did not pass, and what its policy sets warn of.

The evaluation has its verdict and its counts already: whatever is wrong with the details, these stand.
Sources: HCP Terraform API docs, "Policy Evaluations"; go-tfe's OpenAPI file for the keys of Terraform policies.
"""

from collections.abc import Iterator

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tfc_plan_comment.errors import HcpTerraformError
from tfc_plan_comment.findings.policies import Evaluation, Policy, Status
from tfc_plan_comment.hcp_terraform.failures import one_line
from tfc_plan_comment.hcp_terraform.json_api import Many, Unread
from tfc_plan_comment.hcp_terraform.sentinel_result import said
from tfc_plan_comment.hcp_terraform.session import Session

MOST_PAGES = 20
"""At most this many pages of an evaluation are read, each of 100 policy sets."""
_PAGE = 100


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """The policies that did not pass, and the warnings, as far as they could be read; `problem` is why not all."""

    policies: tuple[Policy, ...] = ()
    warnings: tuple[str, ...] = ()
    problem: HcpTerraformError | None = None


class _Outcome(Struct):
    """The outcome of one policy. These keys are written with underscores; `diagnostics` has a Terraform policy."""

    policy_name: str | None = None
    status: str | None = None
    enforcement_level: str | None = None
    description: str | None = None
    output: msgspec.Raw = msgspec.Raw(b"null")
    diagnostics: msgspec.Raw = msgspec.Raw(b"null")


class _SetAttributes(Struct, rename="kebab"):
    policy_set_name: str | None = None
    outcomes: list[_Outcome] | None = None
    error: str | None = None
    overridable: bool | None = None
    warnings: list[str] | None = None


class _ResourceOfDiagnostic(Struct):
    resource_name: str | None = None
    error_message: str | None = None


class _Diagnostic(Struct):
    summary: str | None = None
    error_message: str | None = None
    resources: list[_ResourceOfDiagnostic] | None = None


def add_details(
    session: Session, evaluation: Evaluation, path: str, *, what: str, first: tuple[Policy, ...] = ()
) -> Evaluation:
    """The evaluation with its details, `first` before them; they are not asked for while it may change.

    Where all policies passed, their sets may warn all the same.
    """
    if not evaluation.facts.decided:
        return replace(evaluation, policies=first)
    details = read_details(session, path, what=what)
    policies = (*first, *details.policies)
    return replace(evaluation, policies=policies, warnings=details.warnings, problem=details.problem)


def read_details(session: Session, path: str, *, what: str) -> Details:
    """The details that the list at `path` has; what stands on more pages than MOST_PAGES is not named."""
    policies: list[Policy] = []
    warnings: list[str] = []
    for page in range(1, MOST_PAGES + 1):
        try:
            document = session.read(f"{path}?{page_query(page)}", Many[_SetAttributes, Unread], what=what)
        except HcpTerraformError as error:
            return Details(policies=tuple(policies), warnings=tuple(warnings), problem=error)
        for data in document.data:
            policies += _not_passed(data.attributes)
            warnings += _warnings(data.attributes)
        if document.next_page != page + 1:
            break
    return Details(policies=tuple(policies), warnings=tuple(warnings))


def page_query(number: int) -> str:
    """The query that asks for that page of a list, as long as one can be."""
    return f"page%5Bnumber%5D={number}&page%5Bsize%5D={_PAGE}"


def _not_passed(policy_set: _SetAttributes) -> Iterator[Policy]:
    """The policies of a set that did not pass; a set that could not be evaluated at all is one of them."""
    name = policy_set.policy_set_name or ""
    if policy_set.error:
        yield Policy(name="", policy_set=name, status=Status.ERRORED, enforcement_level="", output=policy_set.error)
    for outcome in policy_set.outcomes or ():
        if outcome.status != Status.PASSED:
            yield Policy(
                name=outcome.policy_name or "",
                policy_set=name,
                status=one_line(outcome.status or Status.UNKNOWN),
                enforcement_level=outcome.enforcement_level or "",
                description=outcome.description or "",
                output=said(outcome.output) or _said_in(outcome.diagnostics),
                overridable=bool(policy_set.overridable),
            )


def _warnings(policy_set: _SetAttributes) -> Iterator[str]:
    name = policy_set.policy_set_name
    for warning in policy_set.warnings or ():
        yield f"{name}: {warning}" if name else warning


def _said_in(diagnostics: msgspec.Raw) -> str:
    """The words of a Terraform policy; nothing where they have another form."""
    try:
        found = msgspec.json.decode(diagnostics, type=list[_Diagnostic] | None) or []
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    lines: list[str] = []
    for each in found:
        lines.append(": ".join(filter(None, (each.summary, each.error_message))))
        lines += [": ".join(filter(None, (of.resource_name, of.error_message))) for of in each.resources or ()]
    return "\n".join(filter(None, lines))
