"""`make compare`: how many lines Terraform takes for the updates and replacements of a plan, and how many we take.

    python tests/benchmarks/compare.py [FOLDER]

FOLDER holds a folder for each plan, with `plan.json` and Terraform's own text of it, `human.txt`.
"""

import re
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.plan.summary import summarize
from tfc_plan_comment.report.groups.alike import put_together
from tfc_plan_comment.report.groups.group import Group
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.rows import tell_change

GOLDEN = Path(__file__).parent.parent / "golden"
COMPARED = ("update", "replace")
_HEADING = re.compile(
    r"^  # .* (?:will be updated in-place|must be replaced|so must be replaced|replaced, as requested)"
)
_TRIGGERED = re.compile(r"^  # .* will be replaced due to changes in replace_triggered_by")
_END = re.compile(r"^    }$")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Lines for the same changes of one plan."""

    name: str
    changes: int
    terraform: int
    ours: int

    @property
    def ratio(self) -> float:
        """Ours for each one of Terraform's."""
        return self.ours / self.terraform


def comparisons(folder: Path = GOLDEN) -> Iterator[Comparison]:
    """One for each plan that has an update or a replacement and Terraform's text."""
    for human in sorted(folder.glob("*/human.txt")):
        plan = human.with_name("plan.json")
        if plan.exists():
            blocks = list(_blocks(human.read_text(encoding="utf-8")))
            changes, ours = _ours(plan)
            if changes:
                yield Comparison(human.parent.name, changes, sum(blocks), ours)


def _blocks(text: str) -> Iterator[int]:
    """The lines of each update's and replacement's block in Terraform's text, from the heading to the brace."""
    lines = 0
    for line in text.splitlines():
        if _HEADING.match(line) or _TRIGGERED.match(line):
            lines = 1
        elif lines:
            lines += 1
            if _END.match(line):
                yield lines
                lines = 0


def _ours(plan: Path) -> tuple[int, int]:
    """How many updates and replacements there are, and the lines of their details: the summary and the diff."""
    changes = [change for change in summarize(read_plan(plan)).changes if change.action in COMPARED]
    each_alone = [Group(tell_change(change, limits=Limits()), (n,)) for n, change in enumerate(changes)]
    rows = [group.row for group in put_together(each_alone)]
    return len(changes), sum(1 + len(row.lines) + len(row.same_for) for row in rows)


def main() -> None:
    """Print the table."""
    found = list(comparisons(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN))
    print("| Plan | Updates and replacements | Terraform's lines | Ours | Ratio |\n|:--|--:|--:|--:|--:|")
    for each in found:
        print(f"| {each.name} | {each.changes} | {each.terraform:,} | {each.ours:,} | {each.ratio:.2f} |")
    ratios = [each.ratio for each in found]
    print(f"\nMedian {statistics.median(ratios):.2f}, at most {max(ratios):.2f}")


if __name__ == "__main__":
    main()
