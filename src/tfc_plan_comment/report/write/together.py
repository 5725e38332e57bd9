"""Reports on several workspaces -> one comment, within its limit: what hurts first, each line with its workspace.

First the losses and what stands in the way of an apply, then what deserves a look, then a fold for each workspace, the
worst one first. The room is shared by risk: what a workspace does not need, others get.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.report.budget import Budget, Ruler
from tfc_plan_comment.report.cost_estimate import WHOSE
from tfc_plan_comment.report.foot import tell_secrecy_of_all, tell_what_stands_of_all
from tfc_plan_comment.report.groups.search import find_groups
from tfc_plan_comment.report.hidden import NONE_HIDDEN, Hidden
from tfc_plan_comment.report.layout import make_layout
from tfc_plan_comment.report.left import ALL_SHOWN, Left, leave_most
from tfc_plan_comment.report.lines.cell import Cell, join, say, say_text
from tfc_plan_comment.report.lines.line import Limits, cut_of
from tfc_plan_comment.report.model import Report, Section
from tfc_plan_comment.report.room import Chosen, choose
from tfc_plan_comment.report.sections import fit_section
from tfc_plan_comment.report.since_together import SinceTogether
from tfc_plan_comment.report.together import (
    find_commit,
    list_cautions,
    list_warnings,
    order,
    say_beside,
    say_workspace,
    tell_cost,
    tell_title,
)
from tfc_plan_comment.report.workspace_report import ROOM, Rank, WorkspaceReport, condense
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT
from tfc_plan_comment.report.write.comment_view import view_more, view_place, view_section
from tfc_plan_comment.report.write.markdown import Inert, link, text
from tfc_plan_comment.report.write.pieces import write_cell, write_lines
from tfc_plan_comment.report.write.ruler import make_ruler
from tfc_plan_comment.report.write.template import load_built_in, load_piece

MOST_OPEN = 5
"""At most this many workspaces stand open."""
MANY = 15
"""With more workspaces than this, those without changes are counted, and stand in a fold."""
WEIGHTS = {Rank.DATA_LOSS: 8, Rank.FAILED: 4, Rank.STOPPED: 4, Rank.LOSS: 4, Rank.LOOK: 4, Rank.CHANGES: 2}
"""The share of the room that a workspace may take, beside that of the others; 1 for those that do not stand here."""
FOLDS_SHARE = 0.6
"""The share of the room that the folds of workspaces may take without what is in them; the rest is only listed."""
SECTION_SHARE = 16
"""A section below the changes may take one part in this many of the limit."""
OF_SECTION, LEAST_SECTION = 100, 400
"""Bytes of a section beside its title and lines, and those without which it is not worth to begin a longer one."""
MOST_VERSIONS = 3
"""At most this many versions of Terraform are named."""
TRIES = 6
"""At most this many times the comment is written, each time smaller."""


def tell_workspace(report: Report) -> WorkspaceReport:
    """The report on a plan, so that it can stand beside others."""
    limits = Limits()
    groups = find_groups(report.summary, ROOM, limits, make_ruler())
    return condense(report, make_layout(report.summary, groups), limits)


def render_together(
    key: str,
    reports: Sequence[WorkspaceReport],
    *,
    limit: int = COMMENT_LIMIT,
    full_report: str | None = None,
    since: SinceTogether | None = None,
) -> str:
    """The Markdown, at most `limit` bytes of it; `full_report` is the address of the step summary.

    Raises TemplateError if even the names of the workspaces do not fit.
    """
    writer = _Writer(key, order(reports), make_ruler(_measure_quoted), limit, full_report, since)
    room = limit - _measure(writer.write(room=0, is_sample=True))
    longer = ""
    for _ in range(TRIES):
        content = writer.write(room=max(0, room))
        excess = _measure(content) - limit
        if excess <= 0:
            return content
        if content == longer:
            break
        longer, room = content, room - excess - excess // 8 - 100
    why = f"the reports on {len(reports):,} workspaces take {_measure(longer):,} bytes, and there is room for {limit:,}"
    raise TemplateError("Cannot write one comment for all workspaces", why, "Set comment-mode: each")


def share_room(room: int, wanted: Sequence[tuple[int, int]]) -> list[int]:
    """The room of each, of which `wanted` gives weight and need: as much as it needs, or its share by weight.

    What one does not need, the others get.
    """
    shares = [0] * len(wanted)
    waiting = set(range(len(wanted)))
    while waiting and room > 0:
        weights = sum(wanted[index][0] for index in waiting)
        fair = {index: room * wanted[index][0] // weights for index in waiting}
        content = {index for index in waiting if wanted[index][1] <= fair[index]}
        for index in content or waiting:
            shares[index] = min(wanted[index][1], fair[index])
        if not content:
            break
        room -= sum(shares[index] for index in content)
        waiting -= content
    return shares


class _Writer(msgspec.Struct, frozen=True):
    key: str
    reports: Sequence[WorkspaceReport]
    """In their order."""
    ruler: Ruler
    limit: int
    full_report: str | None
    since: SinceTogether | None

    def write(self, *, room: int, is_sample: bool = False) -> str:
        """The comment, in which the changes take so many bytes; in a sample the last line is as long as can be."""
        with_fold, listed = self._part()
        shares = share_room(room, [(WEIGHTS.get(each.rank, 1), self._needs(each)) for each in with_fold])
        folds = [self._fit(each, share) for each, share in zip(with_fold, shares, strict=True)]
        left = sum((each.left for each in folds), _find_left(listed))
        hidden = sum((each.hidden for each in folds), NONE_HIDDEN)
        commit, replaced = find_commit(self.reports), self.since.replaced if self.since else ()
        context = {
            "marker": Inert(marker(self.key)),  # it holds none but safe characters
            "title": write_cell(tell_title(self.reports)),
            "commit": commit,
            "cost": write_cell(tell_cost(self.reports)),
            "cautions": list(map(write_cell, list_cautions(self.reports))),
            "warnings": list(map(write_cell, list_warnings(self.reports, hidden, replaced))),
            "since": self.since,
            "since_lines": [*map(write_cell, self.since.lines)] if self.since else [],
            "workspaces": [
                _write_workspace(each, is_open=each.report.rank <= Rank.LOOK and number < MOST_OPEN, commit=commit)
                for number, each in enumerate(folds)
            ],
            "listed": list(_write_listed(listed, is_many=len(self.reports) > MANY)),
            "foot": self._write_foot(leave_most(10**9) if is_sample else left, hidden),
        }
        return load_built_in("together.md.j2").render(context)

    def _part(self) -> tuple[list[WorkspaceReport], list[WorkspaceReport]]:
        """Those that have a fold, as far as there is room for their lines, and those that are only listed."""
        eventful = [each for each in self.reports if each.rank is not Rank.NOTHING or each.sections]
        room, count = int(self.limit * FOLDS_SHARE), 0
        for each in eventful:
            room -= _measure(_write_workspace(self._fit(each, 0), is_open=False, commit=None))
            if room < 0:
                break
            count += 1
        uneventful = [each for each in self.reports if each.rank is Rank.NOTHING and not each.sections]
        return eventful[:count], [*eventful[count:], *uneventful]

    def _needs(self, report: WorkspaceReport) -> int:
        """The bytes of everything that it has, nearly: below the changes a section may not take all."""
        changes = sum(self.ruler.line(place) + self.ruler.details(place) for place in report.layout.places)
        most = self.limit // SECTION_SHARE
        return changes + sum(min(most, _measure_section(section)) for section in report.sections)

    def _fit(self, report: WorkspaceReport, share: int) -> "_Fold":
        """As much of it as there is room for in its share: sections may take what its changes leave, and a quarter."""
        changes = sum(self.ruler.line(place) + self.ruler.details(place) for place in report.layout.places)
        for_sections = max(share // 4, share - changes)
        sections = []
        for number, section in enumerate(report.sections):
            room = min(self.limit // SECTION_SHARE, for_sections // (len(report.sections) - number))
            if room < min(LEAST_SECTION, _measure_section(section)):
                continue
            sections.append(fit_section(section, room - OF_SECTION))
            for_sections -= _measure_section(sections[-1])
        for_changes = max(0, share - sum(map(_measure_section, sections)))
        # Where all of it fits, none of its diffs has to leave room for the others.
        budget = replace(Budget.of(self.limit), changes=self.limit if changes <= for_changes else for_changes)
        return _Fold(report, choose(report.layout, budget, self.ruler), tuple(sections))

    def _write_foot(self, left: Left, hidden: Hidden) -> Inert:
        stands, missing = tell_what_stands_of_all(self.reports, left), [*left.say()]
        sentences = [*map(text, (stands, *missing))]
        if self.full_report and missing:
            sentences.append(f"More of it is in the {link('step summary', self.full_report)}.")
        sentences += [text(tell_secrecy_of_all(self.reports, hidden)), text(_tell_versions(self.reports))]
        sentences += [text(WHOSE)] if any(each.cost for each in self.reports) else []
        return Inert(" ".join(filter(None, sentences)))


class _Fold(msgspec.Struct, frozen=True):
    """What stands in the fold of a workspace."""

    report: WorkspaceReport
    chosen: Chosen
    sections: tuple[Section, ...]

    @property
    def left(self) -> Left:
        """The part that does not."""
        are_missing = len(self.report.sections) - len(self.sections)
        outputs = self.report.outputs if are_missing else sum(section.unlisted for section in self.sections)
        cut = sum((cut_of(section.lines) for section in self.sections), self.chosen.left.cut)
        return replace(self.chosen.left, outputs=outputs, unread=self.report.unread, lists=are_missing, cut=cut)

    @property
    def hidden(self) -> Hidden:
        """The values that are hidden in it though nothing marks them there."""
        of_changes = sum((place.row.hidden for place in self.chosen.places), NONE_HIDDEN)
        return sum((each.hidden for each in self.sections), of_changes)


def _find_left(listed: Iterable[WorkspaceReport]) -> Left:
    """All of those that have no fold."""
    missing = (
        Left(counted=each.layout.changes, outputs=each.outputs, unread=each.unread, lists=len(each.sections))
        for each in listed
    )
    return sum(missing, ALL_SHOWN)


def _write_workspace(fold: _Fold, *, is_open: bool, commit: str | None) -> Inert:
    """The fold of a workspace: its line, Terraform's sentence and the run, and its changes in a quotation.

    The run's commit is said where it is not that of all of them.
    """
    report, chosen = fold.report, fold.chosen
    changes = load_piece("changes.md.j2")(
        {"changes": tuple(map(view_place, chosen.places)), "more": tuple(map(view_more, chosen.more))}
    )
    content = changes + load_piece("sections.md.j2")({"sections": tuple(map(view_section, fold.sections))})
    written = load_piece("workspace.md.j2")(
        {
            "open": is_open,
            "summary": _write_summary(report),
            "sentence": report.sentence,
            "run": replace(report.run, commit=None) if report.run and commit else report.run,
            "notes": list(_write_notes(report)),
            "html_report": report.html_report,
            "mocks": report.mocks,
            "changes": _quote(content) if content.strip() else "",
        }
    )
    return Inert(written.strip("\n"))


def _write_summary(report: WorkspaceReport) -> Inert:
    """The line of its fold: `prod: 1 replaced, 5 changed · 1 holds data · ⚠️ 1 · policies: 6 passed`."""
    said = [_say_counts(report)]
    if report.with_data:
        said.append(say(f"{report.with_data:,} {'holds' if report.with_data == 1 else 'hold'} data"))
    if report.deserving:
        said.append(say(f"⚠️ {report.deserving:,}"))
    said += say_beside(report)
    return Inert(f"{report.symbol} ") + write_cell(say_workspace(report) + say(": ") + join(said, " · "))


def _say_counts(report: WorkspaceReport) -> Cell:
    return say_text(report.counts or report.worst)


def _write_notes(report: WorkspaceReport) -> Iterator[Inert]:
    if report.errors:
        yield Inert("<br>").join(map(write_cell, report.errors))
    yield from map(write_cell, _list_notes(report))


def _list_notes(report: WorkspaceReport) -> Iterator[Cell]:
    """What is to be known of it and stands in no alert above."""
    return (alert.said for alert in report.alerts if alert.kind == "NOTE")


def _write_listed(reports: Sequence[WorkspaceReport], *, is_many: bool) -> Iterator[Inert]:
    """A line for those of which the same is told; where they are many, one fold of all."""
    kinds: dict[tuple[str, Cell], list[WorkspaceReport]] = {}
    for each in reports:
        notes = () if each.fate else _list_notes(each)  # what became of a run is said by its counts already
        words = join([_say_counts(each), *say_beside(each), *notes], " · ")
        kinds.setdefault((each.symbol, words), []).append(each)
    lines = [
        Inert(f"{symbol} ") + write_cell(join(map(say_workspace, same), ", ") + say(": ") + words)
        for (symbol, words), same in kinds.items()
    ]
    if not is_many:
        yield from lines
    elif reports:
        nothing = sum(each.rank is Rank.NOTHING for each in reports)
        others = len(reports) - nothing
        counts = [f"{others:,} for whose changes there is no room"] if others else []
        counts += [f"{nothing:,} without changes"] if nothing else []
        head = f"{reports[0].symbol} {len(reports):,} more workspaces: {', '.join(counts)}"
        yield Inert(load_piece("fold_of_lines.md.j2")({"head": head, "lines": lines}).strip("\n"))


def _tell_versions(reports: Iterable[WorkspaceReport]) -> str:
    versions = Counter(f"{each.tool} {each.terraform_version[:40]}" for each in reports if each.terraform_version)
    most = [name for name, _ in versions.most_common(MOST_VERSIONS)]
    more = len(versions) - len(most)
    return f"{', '.join(most)}{f' and {more:,} other versions' if more else ''}." if most else ""


def _measure(content: str) -> int:
    return len(content.encode(errors="replace"))


def _measure_quoted(content: str) -> int:
    """As it is measured in a quotation, in which `> ` stands in front of each line."""
    return _measure(content) + 2 * (content.count("\n") + 1)


def _measure_section(section: Section) -> int:
    return _measure_quoted(write_cell(section.title) + write_lines(section.lines)) + OF_SECTION


def _quote(content: str) -> Inert:
    """A quotation of inert Markdown is as inert."""
    return Inert("\n".join(f"> {line}" if line else ">" for line in content.strip("\n").split("\n")))
