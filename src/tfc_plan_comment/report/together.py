"""The first screen of a comment on several workspaces: the worst of all of them, each line with its workspace."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tfc_plan_comment.findings.apply import Fate
from tfc_plan_comment.findings.cost import add_up
from tfc_plan_comment.report.cautions import BY_DESIGN, head_data
from tfc_plan_comment.report.cost_estimate import say_amounts, say_change
from tfc_plan_comment.report.hidden import Hidden
from tfc_plan_comment.report.lines.cell import EMPTY, Cell, Piece, Voice, join, say, say_name, say_text
from tfc_plan_comment.report.model import LossKind
from tfc_plan_comment.report.workspace_report import Rank, WorkspaceReport

MOST_IN_TITLE = 2
"""At most this many workspaces stand in the title."""
MOST_LOSSES = {LossKind.WITH_DATA: 20, LossKind.WITHOUT_DATA: 6, LossKind.BY_DESIGN: 3}
"""At most this many lines tell of losses of a kind; the rest is counted by workspace."""
MOST_STOPS = 12
"""The same for what stands in the way of an apply."""
MOST_NOTICES = 8
"""The same for what deserves a look."""
MOST_WARNINGS = 12
"""The same for the other warnings."""
MOST_NAMED = 5
"""At most this many workspaces are named where lines are only counted."""
LONGEST_NAME = 90
"""Characters; HCP Terraform allows no longer name of a workspace."""

Said = tuple[WorkspaceReport, Cell]
"""A line, and the workspace that stands in front of it."""


def order(reports: Iterable[WorkspaceReport]) -> list[WorkspaceReport]:
    """The worst first, and among equals those with more changes."""
    return sorted(reports, key=lambda each: (each.rank, -each.with_data, -each.layout.changes, each.name))


def tell_title(reports: Sequence[WorkspaceReport]) -> Cell:
    """`6 workspaces: prod destroys 1 resource with data, billing: planning failed`; they are in their order."""
    count = len(reports)
    bad = [each for each in reports if each.worst]
    facts = [
        Cell((Piece(each.name[:LONGEST_NAME], Voice.NAME),))
        + say(" " if _is_verb(each.worst) else ": ")
        + say_text(each.worst)
        for each in bad[:MOST_IN_TITLE]
    ]
    if more := len(bad) - len(facts):
        facts.append(say(f"and {more:,} more"))
    changing = sum(each.rank < Rank.NOTHING for each in reports)
    applied = sum(each.fate is Fate.APPLIED for each in reports)
    counts = f"{applied:,} applied" if applied else f"{changing:,} with changes" if changing else "no changes"
    said = join(facts, ", ") or say(counts)
    return say(f"{find_tool(reports)}, {count:,} workspace{'' if count == 1 else 's'}: ") + said


def find_tool(reports: Iterable[WorkspaceReport]) -> str:
    """OpenTofu if it made all of the plans."""
    tools = {each.tool for each in reports if each.has_plan}
    return tools.pop() if len(tools) == 1 else "Terraform"


def find_commit(reports: Iterable[WorkspaceReport]) -> str | None:
    """The commit of all runs, if they are of one; a workspace may have none."""
    commits = {each.run.commit for each in reports if each.run}
    return commits.pop() if len(commits) == 1 else None


def tell_cost(reports: Sequence[WorkspaceReport]) -> Cell:
    """The cost of all of them together, and of how many workspaces it is where it is not known of all."""
    amounts = [each.cost for each in reports if each.cost and each.cost.is_known]
    total = add_up(amounts)
    if total is None:
        return EMPTY
    return say_amounts(total) + say(
        f" in {len(amounts):,} of {len(reports):,} workspaces" if len(amounts) < len(reports) else ""
    )


def say_beside(report: WorkspaceReport) -> Iterator[Cell]:
    """What its line says beside the changes: policies, run tasks, and the difference that it makes to a month."""
    yield from report.beside
    if report.cost and report.cost.is_known:
        yield say_change(report.cost)


def say_workspace(report: WorkspaceReport) -> Cell:
    """Its name, in bold."""
    return Cell((Piece(report.name[:LONGEST_NAME], Voice.TEXT, bold=True),))


def list_cautions(reports: Sequence[WorkspaceReport]) -> Iterator[Cell]:
    """The lines of the caution, an empty one between kinds: losses, then what stands in the way of an apply."""
    losses = {kind: [*_tell_losses(reports, kind)] for kind in LossKind}
    if not losses[LossKind.WITH_DATA] and not losses[LossKind.WITHOUT_DATA]:
        losses = {}  # what is replaced by design is named behind others only
    stops = [(each, alert.said) for each in reports for alert in each.alerts if alert.kind == "CAUTION"]
    failed = [
        (each, say_text(each.worst) + (say(": ") + each.errors[0].plain if each.errors else EMPTY))
        for each in reports
        if each.rank is Rank.FAILED
    ]
    yield from _between([*losses.values(), [*tell_lines([*stops, *failed], ": ", MOST_STOPS)]])


def list_warnings(reports: Sequence[WorkspaceReport], hidden: Hidden, replaced: Sequence[str] = ()) -> Iterator[Cell]:
    """The lines of the warning; `hidden` values of all workspaces are hidden though nothing marks them there.

    `replaced` are the keys of workspaces that stood here at the same commit, and stand here no more.
    """
    deserving = sum(each.deserving for each in reports)
    look = [(each, line) for each in reports for line in each.attention]
    blocks: list[list[Cell]] = []
    if look:
        deserves = "change deserves" if deserving == 1 else "changes deserve"
        blocks.append([_head(f"{deserving:,} {deserves} a look"), *tell_lines(look, " ", MOST_NOTICES)])
    forgotten = [(each, _tell_forgotten(each)) for each in reports if each.forgotten]
    others = [(each, alert.said) for each in reports for alert in each.alerts if alert.kind == "WARNING"]
    blocks.append([*tell_lines([*forgotten, *others], ": ", MOST_WARNINGS)])
    blocks += ([say(sentence)] for sentence in hidden.tell(of_plans=True))
    if replaced:
        named = join(map(say_name, replaced[:MOST_NAMED]), ", ")
        more = f" and {len(replaced) - MOST_NAMED:,} more" if len(replaced) > MOST_NAMED else ""
        advice = "If another step writes of them, give each step a comment-key, or merge their summaries."
        told = say(f"{more}, of which this comment told before at the same commit. {advice}")
        blocks.append([_head("No longer here:") + say(" ") + named + told])
    yield from _between(blocks)


def _is_verb(fact: str) -> bool:
    """True if the fact follows its subject without a colon."""
    return fact.partition(" ")[0] in {"destroys", "replaces", "cannot"}


def _head(words: str) -> Cell:
    return Cell((Piece(words, Voice.TEXT, bold=True),))


def _tell_losses(reports: Iterable[WorkspaceReport], kind: LossKind) -> Iterator[Cell]:
    found = [(each, caution) for each in reports for caution in each.cautions if caution.kind is kind]
    if not found:
        return
    count = sum(caution.count for _, caution in found)
    match kind:
        case LossKind.WITH_DATA:
            yield _head(head_data(count))
        case LossKind.WITHOUT_DATA:
            yield _head(f"{count:,} destroyed or replaced, without data")
        case LossKind.BY_DESIGN:
            yield _head(BY_DESIGN)
    yield from tell_lines([(each, loss) for each, caution in found for loss in caution.losses], " ", MOST_LOSSES[kind])


def _tell_forgotten(report: WorkspaceReport) -> Cell:
    if report.forgotten == 1:
        return say(f"1 resource is forgotten: it exists on, and {report.tool} stops managing it")
    return say(f"{report.forgotten:,} resources are forgotten: they exist on, and {report.tool} stops managing them")


def tell_lines(lines: Sequence[Said], separator: str, most: int) -> Iterator[Cell]:
    """As many lines as may be; then one that counts the rest. A line that counts one would take the room of that."""
    shown = lines if len(lines) <= most + 1 else lines[:most]
    yield from (say_workspace(report) + say(separator) + said for report, said in shown)
    rest = Counter(report.name for report, _ in lines[len(shown) :])
    if rest:
        named = join((Cell((Piece(name[:LONGEST_NAME], Voice.TEXT),)) for name in [*rest][:MOST_NAMED]), ", ")
        others = len(rest) - MOST_NAMED
        more = f" and {others:,} more workspace{'' if others == 1 else 's'}" if others > 0 else ""
        yield say(f"and {rest.total():,} more in ") + named + say(more)


def _between(blocks: Iterable[Sequence[Cell]]) -> Iterator[Cell]:
    """The lines of all blocks, with an empty one between two of them."""
    for number, block in enumerate(filter(None, blocks)):
        if number:
            yield EMPTY
        yield from block
