"""The cost estimate in the report: the difference in bold, what the month cost and will cost, and how much is known."""

from decimal import ROUND_HALF_UP, Decimal

from msgspec.structs import replace

from tfc_plan_comment.findings.cost import Amounts, CostEstimate, CostStatus
from tfc_plan_comment.findings.said import Known, NotAsked, Said, Unknown
from tfc_plan_comment.plan.summary import PlanSummary
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, Piece, Voice, say, say_text
from tfc_plan_comment.report.lines.citing import shorten

CENT = Decimal("0.01")
LONGEST_ERROR = 200
LONGEST_STATUS = 60
WHOSE = "Costs are HCP Terraform's estimate."
"""The sentence of the last line, wherever an amount stands."""


def shown_cost(said: Said[CostEstimate | None], summary: PlanSummary) -> Said[CostEstimate | None]:
    """The estimate without a secret of the plan in any text; a redacted plan does not tell its secrets."""
    if not isinstance(said, Known) or said.value is None:
        return said
    estimate, mask = said.value, summary.mask
    status = estimate.status
    if CostStatus(status) is CostStatus.UNKNOWN:
        status = shorten(mask.text(status), LONGEST_STATUS)
    error = "" if summary.plan.is_redacted else shorten(mask.text(estimate.error), LONGEST_ERROR)
    return Known(replace(estimate, status=status, error=error))


def say_cost(said: Said[CostEstimate | None]) -> Cell:
    """The cost in a few words: `+$132.10 a month ($4,812.44 → $4,944.54)`; nothing where the run has no estimate."""
    match said:
        case Known(CostEstimate() as estimate):
            return _say_finished(estimate) if estimate.is_finished else _say_without_result(estimate)
        case Known() | NotAsked():
            return EMPTY
        case Unknown():
            return say(f"Cost: {said.sentence}")


def say_amounts(amounts: Amounts) -> Cell:
    """The difference in bold, and the month before and after: `+$132.10 a month ($4,812.44 → $4,944.54)`."""
    said = Cell((Piece(_say_change(amounts.delta), Voice.WORDS, bold=True),))
    if amounts.both is None:
        return said
    before, after = map(write_amount, amounts.both)
    return said + (say(f" ({before} → {after})") if amounts.delta else say(f" ({after} a month)"))


def amounts_of(said: Said[CostEstimate | None]) -> Amounts | None:
    """The amounts that are said, if there are any."""
    return said.value.amounts if isinstance(said, Known) and said.value is not None else None


def say_change(amounts: Amounts) -> Cell:
    """The difference alone, where there is little room: `+$132.10 a month`."""
    return say(_say_change(amounts.delta))


def write_amount(amount: Decimal) -> str:
    """Dollars and cents, rounded: `$4,812.44`, `-$3.00`."""
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(amount).quantize(CENT, ROUND_HALF_UP):,}"


def _say_finished(estimate: CostEstimate) -> Cell:
    amounts, known = estimate.amounts, _say_known(estimate)
    if amounts is None:
        return say("Cost: ") + (known or say("not known, see the run"))
    return say_amounts(amounts) + (say(", ") + known if known else EMPTY)


def _say_known(estimate: CostEstimate) -> Cell:
    """How many resources have a price that is known, where not all have."""
    known, count = estimate.estimated, estimate.resources
    if known is None or count is None or known >= count:
        return EMPTY
    some = f"{known:,}" if known else "none"
    return say(f"{some} of {count:,} resource{'' if count == 1 else 's'} estimated")


def _say_change(delta: Decimal) -> str:
    if not delta:
        return "no change in cost"
    if abs(delta) < CENT:
        return f"less than $0.01 {'more' if delta > 0 else 'less'} a month"
    return f"{'+' if delta > 0 else ''}{write_amount(delta)} a month"


def _say_without_result(estimate: CostEstimate) -> Cell:
    facts = estimate.facts
    if facts.decided:
        why = say(": “") + say_text(estimate.error) + say("”") if estimate.error else EMPTY
        return say(f"Cost: {facts.no_result}") + why
    # A status that we do not know may say more than that nothing is decided.
    is_unknown = CostStatus(estimate.status) is CostStatus.UNKNOWN and estimate.status
    unknown = say(" (") + say_text(estimate.status) + say(")") if is_unknown else EMPTY
    return say("Cost: not estimated when this was written") + unknown + say(", see the run")
