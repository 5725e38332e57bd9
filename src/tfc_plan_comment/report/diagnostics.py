"""Why a plan failed, in words: Terraform's own errors, without a secret in them, and never many of them.

They are texts of providers and of the configuration's authors, and may quote any value: what the plan marks is masked,
and so is what looks like a secret, whether there is a plan to ask or not.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from tfc_plan_comment.expression import expression
from tfc_plan_comment.findings.diagnostics import Diagnostic, Diagnostics, once
from tfc_plan_comment.findings.said import Known, Said, Unknown
from tfc_plan_comment.plan.document import Check
from tfc_plan_comment.plan.secrets.diagnostic_text import hide_by_looks
from tfc_plan_comment.plan.secrets.hidden_words import WORD
from tfc_plan_comment.plan.secrets.mask import Mask
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.plan.verdict import is_opentofu
from tfc_plan_comment.report.addresses import mask_address
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, Piece, Voice, say, say_text
from tfc_plan_comment.report.unseen import visible

MOST_ERRORS = 3
"""At most this many errors are said; the others are counted."""
LONGEST_SUMMARY, LONGEST_DETAIL, LONGEST_LATER_DETAIL, LONGEST_NAME = 300, 600, 200, 120
LONGEST_READ = 5_000
"""Characters of a text that are looked through for what looks like a secret; far fewer of it are shown."""
MOST_LINES = 6
"""Lines of a detail."""
FAILS = frozenset({"fail", "error"})
"""The statuses of checks that do not pass."""


NO_DETAILS = "Details are left out: the redacted plan JSON does not say what is sensitive."

_MASKED = expression(f"({WORD.pattern})")
"""The words that a mask puts in the place of secrets."""


def hide_secrets(diagnostics: Diagnostics, mask: Mask) -> Diagnostics:
    """The errors and warnings with every secret in them replaced: those of the plan, and what looks like one."""
    errors, warnings = (
        once(_hide_secrets(each, mask) for each in found) for found in (diagnostics.errors, diagnostics.warnings)
    )
    return replace(diagnostics, errors=errors, warnings=warnings)


def without_details(diagnostics: Diagnostics) -> Diagnostics:
    """The same with summaries and places only: a sentence of a provider may quote any value."""
    errors = tuple(replace(each, detail="") for each in diagnostics.errors)
    return replace(diagnostics, errors=errors, warnings=(), has_details=False)


def say_in_one_line(diagnostics: Diagnostics) -> str:
    """The first error for the log, and how many more there are. What it says is masked already."""
    if not diagnostics.errors:
        return ""
    first, others = diagnostics.errors[0], diagnostics.without(1)
    said = first.detail if first.is_condition else first.summary
    where = [_place(first)] if first.filename else []
    where += [f"in {first.subject}"] if first.subject else []
    more = f", and {_count(others, 'more error')}" if others else ""
    words = " ".join(visible(_cut(said, LONGEST_SUMMARY), keep_lines=True).split()).rstrip(".")
    place = f" ({visible(', '.join(where))})" if where else ""
    return f"{words}{place}{more}"


def tell_errors(errors: Said[Diagnostics], summary: PlanSummary | None = None) -> tuple[Cell, ...]:
    """The lines of an alert on a plan that failed, an empty one between errors.

    `summary` is of what Terraform had planned before.
    """
    lines = [*_tell_known(errors, summary)]
    if not lines:
        match errors:
            case Known():
                why = " Its log names no error."
            case Unknown():
                why = " Its log could not be read."
            case _:
                why = ""
        tool = "OpenTofu" if summary and is_opentofu(summary.plan) else "Terraform"
        lines = [say(f"{tool} could not make the plan.{why}")]
    if summary and (summary.changes or summary.outputs):
        lines.append(say("Everything below was planned before that. It cannot be applied."))
    return tuple(lines)


def tell_apply_errors(errors: Said[Diagnostics]) -> tuple[Cell, ...]:
    """The lines on why an apply failed, an empty one between errors; nothing where nobody asked."""
    match errors:
        case Known(known):
            said = tuple(_tell_known(errors, None)) or (say("Its log names no error."),)
            return said if known.has_details else (*said, say(NO_DETAILS))
        case Unknown():
            return (say(f"Its log {errors.sentence}."),)
        case _:
            return ()


def stopping_checks(summary: PlanSummary) -> tuple[Check, ...]:
    """The checks that stopped the plan: failed conditions do, and failed `check` blocks never do.

    Terraform documentation, "Custom conditions": a failed precondition or postcondition is an error, a failed check
    block a warning.
    """
    if not summary.plan.errored:
        return ()
    return tuple(each for each in summary.plan.checks if each.status in FAILS and each.address.kind != "check")


def _tell_known(errors: Said[Diagnostics], summary: PlanSummary | None) -> Iterator[Cell]:
    known = errors.value.errors if isinstance(errors, Known) else ()
    conditions = dict(_conditions(summary)) if summary else {}
    if not known:
        stopped = list(conditions.items())
        yield from (_tell_condition(names, message) for message, names in stopped[:MOST_ERRORS])
        more = len(stopped) - MOST_ERRORS
    else:
        for index, each in enumerate(known[:MOST_ERRORS]):
            if index:
                yield EMPTY  # an empty line
            yield from _tell(each, conditions, is_first=index == 0)
        more = errors.value.without(MOST_ERRORS) if isinstance(errors, Known) else 0
    if more > 0:
        yield say(f"And {_count(more, 'more error')}.")


def _conditions(summary: PlanSummary) -> Iterator[tuple[str, list[str]]]:
    """The messages of the failed conditions, each with the addresses of what failed it."""
    found: dict[str, list[str]] = {}
    for check in stopping_checks(summary):
        for instance in check.instances:
            address = mask_address(instance.address.to_display or check.address.to_display, summary.mask)
            for problem in instance.problems if instance.status in FAILS else ():
                found.setdefault(_hide(problem.message, summary.mask), []).append(address)
    yield from found.items()


def _tell(error: Diagnostic, conditions: dict[str, list[str]], *, is_first: bool) -> Iterator[Cell]:
    """The error: its summary and its place, the line that it is about, and its sentence."""
    longest = LONGEST_DETAIL if is_first else LONGEST_LATER_DETAIL
    if error.is_condition:
        names = conditions.get(error.detail) or [error.subject]
        yield _tell_condition(names, shorten(error.detail, longest)) + _say_place(error, " (", ")")
        return
    subject = say(", in ") + _say_name(error.subject) if error.subject else EMPTY
    yield _say_bold(shorten(error.summary, LONGEST_SUMMARY)) + _say_place(error, ", ") + subject
    if error.code and is_first:
        yield _say_name(re.sub(" +=(?= )", " =", error.code, count=1))  # without what only aligns it
    if error.detail:
        yield say_text(shorten(error.detail, longest))


def _tell_condition(names: list[str], message: str) -> Cell:
    more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
    at = say("Planning stopped at ") + _say_name(names[0]) + say(f"{more}: ") if names[0] else say("Planning stopped: ")
    return at + say_text(shorten(message, LONGEST_DETAIL))


def _say_place(error: Diagnostic, before: str, after: str = "") -> Cell:
    if not error.filename:
        return EMPTY
    line = f" line {error.line}" if error.line else ""
    return say(before) + _say_name(error.filename) + say(f"{line}{after}")


def _say_name(name: str) -> Cell:
    return Cell((Piece(_cut(name, LONGEST_NAME), Voice.NAME),))


def _say_bold(text: str) -> Cell:
    return Cell((Piece(text, Voice.TEXT, bold=True),))


def _place(error: Diagnostic) -> str:
    return f"{error.filename} line {error.line}" if error.line else error.filename


def _hide_secrets(error: Diagnostic, mask: Mask) -> Diagnostic:
    return replace(
        error,
        summary=_hide(error.summary, mask),
        detail=_hide(error.detail, mask),
        address=_hide(mask_address(error.address, mask), mask),
        context=_hide(error.context, mask),
        filename=_hide(error.filename, mask),
        code=_hide(error.code, mask),
    )


def _hide(text: str, mask: Mask) -> str:
    """The mask comes first, or half of a secret could be hidden by its looks, and the other half not be found."""
    pieces = _MASKED.split(mask.text(text)[:LONGEST_READ])
    return "".join(piece if index % 2 else hide_by_looks(piece) for index, piece in enumerate(pieces)).strip()


def shorten(text: str, limit: int) -> str:
    """Few lines of few characters."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    kept = "\n".join(lines[:MOST_LINES])
    return f"{kept} …" if len(lines) > MOST_LINES and len(kept) <= limit else _cut(kept, limit)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
