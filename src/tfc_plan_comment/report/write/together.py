"""Reports on several workspaces -> one comment, within its limit: what hurts first, each line with its workspace.

First the losses and what stands in the way of an apply, then what deserves a look, then a fold for each workspace, the
worst one first. The room is shared by risk: what a workspace does not need, others get.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tfc_plan_comment.comment_marker import marker
from tfc_plan_comment.errors import TemplateError
from tfc_plan_comment.report.budget import Budget, Ruler
from tfc_plan_comment.report.cautions import BY_DESIGN, head_data
from tfc_plan_comment.report.foot import tell_secrecy_of_all, tell_what_stands_of_all
from tfc_plan_comment.report.groups.search import find_groups
from tfc_plan_comment.report.layout import make_layout
from tfc_plan_comment.report.left import ALL_SHOWN, Left, leave_most
from tfc_plan_comment.report.lines.cell import Cell, Piece, Voice, join, say
from tfc_plan_comment.report.lines.line import Limits, cut_of
from tfc_plan_comment.report.model import LossKind, Report, Section
from tfc_plan_comment.report.room import Chosen, choose
from tfc_plan_comment.report.sections import fit_section
from tfc_plan_comment.report.workspace_report import ROOM, Rank, WorkspaceReport, condense
from tfc_plan_comment.report.write.comment import COMMENT_LIMIT, make_ruler, view_more, view_place, view_section
from tfc_plan_comment.report.write.markdown import Inert, code, link, text
from tfc_plan_comment.report.write.pieces import write_cell
from tfc_plan_comment.report.write.template import load_built_in, load_piece

MOST_IN_TITLE = 2
"""At most this many workspaces stand in the title."""
MOST_LOSSES = {LossKind.WITH_DATA: 20, LossKind.WITHOUT_DATA: 6, LossKind.BY_DESIGN: 3}
"""At most this many lines tell of losses of a kind; the rest is counted."""
MOST_STOPS = 12
"""The same for what stands in the way of an apply."""
MOST_NOTICES = 8
"""The same for what deserves a look."""
MOST_WARNINGS = 12
MOST_SECTIONS = 8
MOST_OPEN = 5
"""At most this many workspaces stand open."""
MANY = 15
"""With more workspaces than this, those without changes are counted, and stand in a fold."""
MOST_NAMED = 20
"""At most this many workspaces stand in one line."""
LONGEST_NAME = 90
"""A workspace's name is not longer than this in HCP Terraform."""
WEIGHTS = {Rank.DATA_LOSS: 8, Rank.FAILED: 4, Rank.STOPPED: 4, Rank.LOSS: 4, Rank.LOOK: 4, Rank.CHANGES: 2}
"""The share of the room that a workspace may take, beside that of the others; 1 for those that do not stand here."""
FOLDS_SHARE = 0.6
"""The share of the room that the folds of workspaces may take without what is in them; the rest is only listed."""
SECTIONS_SHARE = 16
TRIES = 6


def tell_workspace(report: Report) -> WorkspaceReport:
    """The report on a plan, so that it can stand beside others."""
    limits = Limits()
    groups = find_groups(report.summary, ROOM, limits, make_ruler())
    return condense(report, make_layout(report.summary, groups), limits)


def render_together(
    key: str, reports: Sequence[WorkspaceReport], *, limit: int = COMMENT_LIMIT, full_report: str | None = None
) -> str:
    """The Markdown, at most `limit` bytes of it; `full_report` is the address of the step summary.

    Raises TemplateError if even the names of the workspaces do not fit.
    """
    ordered = sorted(reports, key=lambda each: (each.rank, -each.with_data, -each.layout.changes, each.name))
    ruler = make_ruler(_measure_quoted)
    writer = _Writer(key, ordered, ruler, limit, full_report)
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


def _measure(content: str) -> int:
    return len(content.encode(errors="replace"))


def _measure_quoted(content: str) -> int:
    """As it is measured in a quotation, in which `> ` stands in front of each line."""
    return _measure(content) + 2 * (content.count("\n") + 1)


def _quote(content: str) -> Inert:
    """A quotation of inert Markdown is as inert."""
    return Inert("\n".join(f"> {line}" if line else ">" for line in content.strip("\n").split("\n")))


@dataclass(frozen=True, slots=True)
class _Writer:
    key: str
    reports: Sequence[WorkspaceReport]
    """The worst first."""
    ruler: Ruler
    limit: int
    full_report: str | None

    def write(self, *, room: int, is_sample: bool = False) -> str:
        """The comment, in which the changes take so many bytes; in a sample the last line is as long as can be."""
        with_fold, listed = self._part()
        shares = share_room(room, [(WEIGHTS.get(each.rank, 1), self._needs(each)) for each in with_fold])
        chosen = [
            choose(each.layout, replace(Budget.of(self.limit), changes=share), self.ruler)
            for each, share in zip(with_fold, shares, strict=True)
        ]
        sections = [self._fit_sections(each, len(with_fold)) for each in with_fold]
        left = sum((each.left for each in chosen), ALL_SHOWN) + self._find_left(with_fold, listed, sections)
        hidden = sum(place.row.hidden for each in chosen for place in each.places)
        hidden += sum(section.hidden for each in sections for section in each)
        is_open = _find_open(with_fold)
        context = {
            "marker": Inert(marker(self.key)),  # it holds none but safe characters
            "title": _write_title(self.reports),
            "about": _write_about(self.reports),
            "cautions": [write_cell(line) for line in _list_cautions(self.reports)],
            "warnings": [write_cell(line) for line in _list_warnings(self.reports, hidden)],
            "workspaces": [
                self._write_workspace(*each, is_open=each[0].name in is_open)
                for each in zip(with_fold, chosen, sections, strict=True)
            ],
            "uneventful": list(_write_listed(listed, is_many=len(self.reports) > MANY)),
            "foot": self._write_foot(leave_most(10**9) if is_sample else left, hidden),
        }
        return load_built_in("together.md.j2").render(context)

    def _part(self) -> tuple[list[WorkspaceReport], list[WorkspaceReport]]:
        """Those that have a fold, as far as there is room for their lines, and those that are only listed."""
        eventful = [each for each in self.reports if each.rank is not Rank.NOTHING or each.sections]
        room, count = int(self.limit * FOLDS_SHARE), 0
        for each in eventful:
            room -= _measure(self._write_workspace(each, Chosen(), (), is_open=False))
            if room < 0:
                break
            count += 1
        listed = [each for each in self.reports if each not in eventful]
        return eventful[:count], [*eventful[count:], *listed]

    def _needs(self, report: WorkspaceReport) -> int:
        """The bytes of everything that it has."""
        return sum(self.ruler.line(place) + self.ruler.details(place) for place in report.layout.places)

    def _fit_sections(self, report: WorkspaceReport, workspaces: int) -> tuple[Section, ...]:
        room = self.limit // SECTIONS_SHARE // max(1, workspaces // MOST_SECTIONS)
        return tuple(fit_section(section, room) for section in report.sections)

    def _find_left(
        self,
        with_fold: Iterable[WorkspaceReport],
        listed: Iterable[WorkspaceReport],
        sections: Iterable[Iterable[Section]],
    ) -> Left:
        shown = [section for each in sections for section in each]
        return Left(
            counted=sum(each.layout.changes for each in listed),
            outputs=sum(section.unlisted for section in shown) + sum(each.outputs for each in listed),
            unread=sum(each.unread for each in with_fold),
            cut=sum((cut_of(section.lines) for section in shown), ALL_SHOWN.cut),
        )

    def _write_workspace(
        self, report: WorkspaceReport, chosen: Chosen, sections: Iterable[Section], *, is_open: bool
    ) -> Inert:
        changes = load_piece("changes.md.j2")(
            {"changes": tuple(map(view_place, chosen.places)), "more": tuple(map(view_more, chosen.more))}
        )
        below = load_piece("sections.md.j2")({"sections": tuple(map(view_section, sections))})
        content = f"{changes}{below}"
        written = load_piece("workspace.md.j2")(
            {
                "open": is_open,
                "summary": _write_summary(report),
                "sentence": report.sentence,
                "run": report.run,
                "notes": list(_write_notes(report)),
                "changes": _quote(content) if content.strip() else "",
            }
        )
        return Inert(written.strip("\n"))

    def _write_foot(self, left: Left, hidden: int) -> Inert:
        sentences = [text(tell_what_stands_of_all(self.reports, left)), *map(text, left.say())]
        if self.full_report and any(sentences[1:]):
            sentences.append(f"More of it is in the {link('step summary', self.full_report)}.")
        sentences += [text(tell_secrecy_of_all(self.reports, hidden)), text(_tell_versions(self.reports))]
        return Inert(" ".join(filter(None, sentences)))


def share_room(room: int, wanted: Sequence[tuple[int, int]]) -> list[int]:
    """The room of each, of which `wanted` gives weight and need: as much as it needs, or its share by weight.

    What one does not need, the others get.
    """
    shares = [0] * len(wanted)
    open_ = set(range(len(wanted)))
    while open_ and room > 0:
        weights = sum(wanted[index][0] for index in open_)
        content = {index for index in open_ if wanted[index][1] <= room * wanted[index][0] // weights}
        if not content:
            for index in open_:
                shares[index] = room * wanted[index][0] // weights
            break
        for index in content:
            shares[index] = wanted[index][1]
            room -= wanted[index][1]
        open_ -= content
    return shares


def _find_open(reports: Iterable[WorkspaceReport]) -> set[str]:
    worth = [each.name for each in reports if each.rank <= Rank.LOOK]
    return set(worth[:MOST_OPEN])


def _say_workspace(report: WorkspaceReport) -> Cell:
    return Cell((Piece(report.name[:LONGEST_NAME], Voice.TEXT, bold=True),))


def _write_title(reports: Sequence[WorkspaceReport]) -> Inert:
    tools = {each.tool for each in reports if each.has_plan}
    tool = tools.pop() if len(tools) == 1 else "Terraform"
    count = len(reports)
    workspaces = f"{count:,} workspace{'' if count == 1 else 's'}"
    bad = [each for each in reports if each.worst]
    facts = [
        f"{code(each.name[:LONGEST_NAME])}{' ' if _is_verb(each.worst) else ': '}{text(each.worst)}"
        for each in bad[:MOST_IN_TITLE]
    ]
    if len(bad) > MOST_IN_TITLE:
        facts.append(f"and {len(bad) - MOST_IN_TITLE:,} more")
    changing = sum(each.rank < Rank.NOTHING for each in reports)
    said = ", ".join(facts) or (f"{changing:,} with changes" if changing else "no changes")
    return Inert(f"{tool}, {workspaces}: {said}")


def _is_verb(fact: str) -> bool:
    """True if the fact follows its subject without a colon."""
    return fact.partition(" ")[0] in {"destroys", "replaces", "cannot"}


def _write_about(reports: Sequence[WorkspaceReport]) -> Inert:
    commits = {each.run.commit for each in reports if each.run and each.run.commit}
    return Inert(f"Runs of {code(commits.pop()[:7])}") if len(commits) == 1 else Inert("")


def _list_cautions(reports: Sequence[WorkspaceReport]) -> Iterator[Cell]:
    """The lines of the caution, an empty one between kinds: losses, then what stands in the way of an apply."""
    blocks = [[*_tell_losses(reports, kind)] for kind in LossKind]
    if not blocks[0] and not blocks[1]:
        blocks = []  # what is replaced by design is named behind others only
    stops = [
        _say_workspace(each) + say(": ") + alert.said
        for each in reports
        for alert in each.alerts
        if alert.kind == "CAUTION"
    ]
    failed = [
        _say_workspace(each) + say(f": {each.worst}") + (say(": ") + each.errors[0].plain if each.errors else say(""))
        for each in reports
        if each.rank is Rank.FAILED
    ]
    blocks.append([*_cut([*stops, *failed], MOST_STOPS)])
    yield from _between(blocks)


def _tell_losses(reports: Iterable[WorkspaceReport], kind: LossKind) -> Iterator[Cell]:
    found = [(each, caution) for each in reports for caution in each.cautions if caution.kind is kind]
    if not found:
        return
    count = sum(caution.count for _, caution in found)
    headings: Mapping[LossKind, str] = {
        LossKind.WITH_DATA: head_data(count),
        LossKind.WITHOUT_DATA: f"{count:,} destroyed or replaced, without data",
        LossKind.BY_DESIGN: BY_DESIGN,
    }
    yield Cell((Piece(headings[kind], Voice.TEXT, bold=True),))
    lines = [_say_workspace(each) + say(" ") + loss for each, caution in found for loss in caution.losses]
    yield from _cut(lines, MOST_LOSSES[kind])


def _list_warnings(reports: Sequence[WorkspaceReport], hidden: int) -> Iterator[Cell]:
    deserving = sum(each.deserving for each in reports)
    notices = [_say_workspace(each) + say(" ") + line for each in reports for line in each.attention]
    blocks: list[list[Cell]] = [[]]
    if notices:
        deserves = "change deserves" if deserving == 1 else "changes deserve"
        heading = Cell((Piece(f"{deserving:,} {deserves} a look", Voice.TEXT, bold=True),))
        blocks.append([heading, *_cut(notices, MOST_NOTICES)])
    forgotten = [
        _say_workspace(each)
        + say(f": {each.forgotten:,} {'resource is' if each.forgotten == 1 else 'resources are'}")
        + say(f" forgotten: {'it exists' if each.forgotten == 1 else 'they exist'} on, and {each.tool} stops managing ")
        + say("it" if each.forgotten == 1 else "them")
        for each in reports
        if each.forgotten
    ]
    others = [
        _say_workspace(each) + say(": ") + alert.said
        for each in reports
        for alert in each.alerts
        if alert.kind == "WARNING"
    ]
    blocks.append([*_cut([*forgotten, *others], MOST_WARNINGS)])
    if hidden:
        are = "1 value is" if hidden == 1 else f"{hidden:,} values are"
        blocks.append(
            [
                say(f"{are} hidden here although no plan marks {'it' if hidden == 1 else 'them'}: ")
                + say(f"{'it equals or contains' if hidden == 1 else 'each equals or contains'} a sensitive value.")
            ]
        )
    yield from _between(blocks)


def _between(blocks: Iterable[Sequence[Cell]]) -> Iterator[Cell]:
    """The lines of all blocks, with an empty one between two of them."""
    is_first = True
    for block in filter(None, blocks):
        if not is_first:
            yield Cell()
        is_first = False
        yield from block


def _cut(lines: Sequence[Cell], most: int) -> Iterator[Cell]:
    """As many lines as may be; then one that counts the rest. A line that counts one would take the room of that."""
    shown = lines if len(lines) <= most + 1 else lines[:most]
    yield from shown
    if more := len(lines) - len(shown):
        yield say(f"and {more:,} more lines, which stand in the workspaces below")


def _write_summary(report: WorkspaceReport) -> Inert:
    """The line of its fold: `prod: 1 replaced, 5 changed · 1 holds data · ⚠️ 1 · policies: 6 passed`."""
    said = [say(report.counts or report.worst)]
    if report.with_data:
        said.append(say(f"{report.with_data:,} {'holds' if report.with_data == 1 else 'hold'} data"))
    if report.deserving:
        said.append(say(f"⚠️ {report.deserving:,}"))
    said += report.beside
    return Inert(f"{report.symbol} ") + write_cell(_say_workspace(report) + say(": ") + join(said, " · "))


def _write_notes(report: WorkspaceReport) -> Iterator[Inert]:
    if report.errors:
        yield Inert("<br>").join(map(write_cell, report.errors))
    for alert in report.alerts:
        if alert.kind == "NOTE":
            yield write_cell(alert.said)


def _write_listed(reports: Sequence[WorkspaceReport], *, is_many: bool) -> Iterator[Inert]:
    """A line for those of which the same is told; where they are many, one fold of all."""
    kinds: dict[tuple[str, Cell], list[WorkspaceReport]] = {}
    for each in reports:
        words = join([say(each.counts or each.worst), *each.beside], " · ")
        kinds.setdefault((each.symbol, words), []).append(each)
    lines = [_write_same(*kind, same) for kind, same in kinds.items()]
    if not is_many:
        yield from lines
    elif reports:
        counts = Counter(each.counts if each.rank is Rank.NOTHING else "in short" for each in reports)
        said = ", ".join(f"{count:,} {words}" for words, count in counts.items())
        more = Inert("<br>").join(lines)
        yield (
            Inert(
                f"<details><summary>{reports[-1].symbol} {len(reports):,} more workspaces: {text(said)}</summary>\n\n"
            )
            + more
            + Inert("\n\n</details>")
        )


def _write_same(symbol: str, words: Cell, reports: Sequence[WorkspaceReport]) -> Inert:
    names = join((_say_workspace(each) for each in reports), ", ")
    return Inert(f"{symbol} ") + write_cell(names + say(": ") + words)


def _tell_versions(reports: Iterable[WorkspaceReport]) -> str:
    versions = Counter(f"{each.tool} {each.terraform_version[:40]}" for each in reports if each.terraform_version)
    most = [name for name, _ in versions.most_common(3)]
    more = len(versions) - len(most)
    return f"{', '.join(most)}{f' and {more:,} other versions' if more else ''}." if most else ""
