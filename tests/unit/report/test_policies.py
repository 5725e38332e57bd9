"""The policies in the report: one alert, one section, and no secret of the plan."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from tfc_plan_comment.errors import NotVisible
from tfc_plan_comment.findings.findings import Findings
from tfc_plan_comment.findings.policies import Evaluation, Level, Policies, Policy, Status, judge
from tfc_plan_comment.findings.said import Known, NotAsked, Said, Unknown
from tfc_plan_comment.plan.plan_file import parse_plan
from tfc_plan_comment.plan.summary import PlanSummary, summarize
from tfc_plan_comment.report.lines.cell import say_text
from tfc_plan_comment.report.lines.line import Limits
from tfc_plan_comment.report.model import Note, Report
from tfc_plan_comment.report.policies import WITHHELD, policies_section, policy_notes, shown_policies, view_policies
from tfc_plan_comment.report.view import PoliciesView, PolicyView, SectionView
from tfc_plan_comment.report.write.comment import render
from tfc_plan_comment.report.write.comment_view import view_section
from tfc_plan_comment.report.write.html import write_html
from tfc_plan_comment.report.write.markdown import Inert

SECRET = "Zq7vW9kPxw2mLmQx"
POLICY = Policy(
    name="open-ports",
    policy_set="network",
    status="failed",
    enforcement_level="mandatory",
    description="No open ports.",
    output="22 is open\n23 is open\n",
)
TAGS = replace(POLICY, name="tags", enforcement_level="advisory")


def evaluation(
    *policies: Policy, status: str = "failed", passed: int = 3, errored: int = 0, **failed: int
) -> Evaluation:
    """An evaluation; `failed` by levels, with underscores for their dashes."""
    levels = {Level(level.replace("_", "-")): count for level, count in failed.items()}
    return Evaluation(id="1", status=status, passed=passed, failed=levels, errored=errored, policies=policies)


def run_with(*policies: Policy, status: str = "failed", passed: int = 3, errored: int = 0, **failed: int) -> Policies:
    """The policies of a run that has one evaluation."""
    return Policies(evaluations=(evaluation(*policies, status=status, passed=passed, errored=errored, **failed),))


def _note(*, kind: str, message: str) -> Note:
    return Note(kind=kind, lines=(say_text(message),))


def _message(policies: Policies) -> str:
    return "".join(piece.text for note in policy_notes(policies) for line in note.lines for piece in line.pieces)


def _only_note(policies: Policies) -> Note | None:
    notes = [*policy_notes(policies)]
    assert len(notes) <= 1
    return notes[0] if notes else None


FAILED = run_with(POLICY, mandatory=1)
PASSED = run_with(status="passed")
ROOM = 4_096
DOCS = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8").splitlines()


def summary(**document: object) -> PlanSummary:
    """A plan with a secret in it."""
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.13.4",
        "variables": {},
        "output_changes": {
            "password": {"actions": ["create"], "before": None, "after": SECRET, "after_sensitive": True}
        },
    }
    return summarize(parse_plan(json.dumps({**plan, **document}).encode(), name="plan.json"))


def redacted() -> PlanSummary:
    """A plan as HCP Terraform redacts it."""
    return summarize(parse_plan(b'{"plan_format_version":"1.2","resource_changes":[]}', name="plan.json"))


def section(policies: Policies, *, room: int = ROOM) -> SectionView:
    """The section of the policies."""
    shown = policies_section(policies, Limits(), room)
    assert shown
    return view_section(shown)


def report(policies: Policies) -> Report:
    """A report on a plan and these policies."""
    return Report(key="k", summary=summary(), findings=Findings(policies=Known(policies)))


class TestNote:
    """At most one alert."""

    def test_nothing_failed(self) -> None:
        """Then there is none, and no section either."""
        assert _only_note(PASSED) is None
        assert policies_section(PASSED, Limits(), ROOM) is None

    @pytest.mark.parametrize("level", ["mandatory", "soft-mandatory", "hard-mandatory", "something-new"])
    def test_mandatory(self, level: str) -> None:
        """What may stop the run is a caution; a level that we do not know is taken for one that does."""
        policies = run_with(replace(POLICY, enforcement_level=level))
        note = _note(kind="CAUTION", message="1 mandatory policy failed: open-ports (“22 is open”).")
        assert _only_note(policies) == note

    def test_advisory(self) -> None:
        """What cannot stop it is a warning."""
        advisory = replace(POLICY, enforcement_level="advisory")
        assert _only_note(run_with(advisory, TAGS, advisory=2)) == _note(
            kind="WARNING", message="2 advisory policies failed: open-ports, tags."
        )

    def test_both(self) -> None:
        """Each has its alert, the worst first."""
        assert [*policy_notes(run_with(TAGS, POLICY, mandatory=1, advisory=1))] == [
            _note(kind="CAUTION", message="1 mandatory policy failed: open-ports (“22 is open”)."),
            _note(kind="WARNING", message="1 advisory policy failed: tags."),
        ]

    def test_many(self) -> None:
        """Five names are enough for an alert."""
        many = (replace(POLICY, name=f"p{n}", output="") for n in range(1_234))
        assert _only_note(run_with(*many, mandatory=1_234)) == _note(
            kind="CAUTION", message="1,234 mandatory policies failed: p0, p1, p2, p3, p4 and 1,229 more."
        )

    def test_some_names(self) -> None:
        """Those that are not named are counted."""
        assert _only_note(run_with(POLICY, mandatory=3)) == _note(
            kind="CAUTION", message="3 mandatory policies failed: open-ports (“22 is open”) and 2 more."
        )

    def test_without_names(self) -> None:
        """Where nobody says which policies failed, the run does."""
        assert _only_note(run_with(mandatory=1)) == _note(
            kind="CAUTION", message="1 mandatory policy failed; the run shows which."
        )

    @pytest.mark.parametrize(
        ("count", "sentence"),
        [
            (1, "1 mandatory policy that failed was overridden."),
            (2, "2 mandatory policies that failed were overridden."),
        ],
    )
    def test_overridden(self, count: int, sentence: str) -> None:
        """What somebody has overridden is a warning."""
        policies = run_with(status="overridden", soft_mandatory=count)
        assert _only_note(policies) == _note(kind="WARNING", message=sentence)

    def test_overridden_beside_one_that_was_not(self) -> None:
        """What was overridden is not named among those that failed."""
        of_old = replace(POLICY, name="ports-of-old")
        overridden = evaluation(of_old, status="overridden", soft_mandatory=1)
        policies = Policies(evaluations=(overridden, *FAILED.evaluations))
        assert [*policy_notes(policies)] == [
            _note(kind="CAUTION", message="1 mandatory policy failed: open-ports (“22 is open”)."),
            _note(kind="WARNING", message="1 mandatory policy that failed was overridden."),
        ]

    def test_errored(self) -> None:
        """What could not be evaluated did not pass, whether it is one policy or all of an evaluation."""
        note = _note(kind="CAUTION", message="Not all policies could be evaluated.")
        assert _only_note(run_with(status="errored", errored=1)) == note
        both = Policies(evaluations=(evaluation(status="unreachable"), evaluation(status="errored")))
        assert _only_note(both) == note

    def test_the_first_line_of_what_it_says(self) -> None:
        """One line that is not blank, and not an absurd one."""
        said = replace(POLICY, output="\n \n  port 22 is open\nto all")
        assert _message(run_with(said, mandatory=1)) == "1 mandatory policy failed: open-ports (“port 22 is open”)."
        long = replace(POLICY, output="x" * 1_000)
        assert f"(“{'x' * 200}…”)" in _message(run_with(long, mandatory=1))
        silent = replace(POLICY, output="")
        assert _message(run_with(silent, mandatory=1)) == "1 mandatory policy failed: open-ports."

    def test_why_a_set_could_not_be_evaluated(self) -> None:
        """The set's own error stands beside the sentence, cut to a line."""
        broken = replace(POLICY, name="", policy_set="acme", status="errored", output="undefined function foo\nat 3")
        assert _message(run_with(broken, status="errored")) == (
            "Not all policies could be evaluated. acme: “undefined function foo”"
        )

    def test_canceled(self) -> None:
        """Somebody did not let it come to a result."""
        assert _only_note(run_with(status="canceled")) == _note(
            kind="WARNING", message="The policy evaluation was canceled."
        )

    def test_unreachable(self) -> None:
        """The run did not come to them: a reviewer must not take that for a pass."""
        assert _only_note(run_with(status="unreachable")) == _note(
            kind="WARNING", message="Policies were skipped: the run ended before them."
        )

    @pytest.mark.parametrize("status", ["failed", "soft_failed", "hard_failed"])
    def test_uncounted(self, status: str) -> None:
        """That policies failed is a caution, even where nothing says how many and which."""
        assert _only_note(run_with(status=status)) == _note(
            kind="CAUTION", message="Policies failed; the run shows which."
        )

    def test_uncounted_and_overridden(self) -> None:
        """The same for what somebody has overridden."""
        assert _only_note(run_with(status="overridden")) == _note(
            kind="WARNING", message="Policies that failed were overridden; the run shows which."
        )

    @pytest.mark.parametrize("status", Status)
    @pytest.mark.parametrize("advisory", [0, 1])
    def test_a_status_that_is_no_pass_is_never_passed_over(self, status: Status, advisory: int) -> None:
        """One that is decided and no pass has an alert, and is a caution where the run is stopped."""
        failed = {"advisory": 1} if advisory else {}
        kinds = [note.kind for note in policy_notes(run_with(status=status, **failed))]
        facts = status.facts
        assert bool(kinds) is (bool(failed) or (facts.decided and status is not Status.PASSED))
        stopped = (facts.stops_run and not facts.overridden) or (status is Status.FAILED and not failed)
        assert ("CAUTION" in kinds) is stopped


class TestSection:
    """What did not pass, one by one."""

    def test_each_with_what_it_says(self) -> None:
        """Its name, status, level and set; what its authors say of it; what it puts out."""
        assert section(FAILED) == SectionView(
            title=Inert("Policies: 3 passed, 1 failed (mandatory)"),
            diff=(
                "! open-ports: failed (mandatory), in the policy set network\n"
                "  # No open ports.\n"
                "  │ 22 is open\n"
                "  │ 23 is open"
            ),
            open=True,
        )

    def test_what_is_not_known_is_left_out(self) -> None:
        """A policy without a set or level, and a set that errored as a whole."""
        bare = Policy(name="a", policy_set="", status="odd", enforcement_level="")
        broken = replace(bare, name="", policy_set="cost", status="errored", output="cannot be downloaded")
        assert (
            section(run_with(bare, broken)).diff == "! a: odd\n! the policy set cost: errored\n  │ cannot be downloaded"
        )

    def test_overridden(self) -> None:
        """That somebody has overridden it is said beside what became of it."""
        overridden = replace(POLICY, enforcement_level="", description="", output="")
        assert section(run_with(overridden, status="overridden")).diff == (
            "! open-ports: failed and overridden, in the policy set network"
        )

    def test_long_output(self) -> None:
        """Many lines are counted, and a long one is cut; both are said to be."""
        output = "\n".join(["x" * 300, *map(str, range(50))])
        shown = section(run_with(replace(POLICY, description="", output=output))).diff.split("\n")
        assert shown[1] == f"  │ {'x' * 240}… (cut)"
        assert shown[-1] == "  … 11 more lines"
        assert len(shown) == 1 + 40 + 1

    def test_names_come_before_what_they_say(self) -> None:
        """Where there is no room for everything, every policy is still named, and the rest is counted."""
        shown = section(run_with(*(replace(POLICY, name=f"p{n}") for n in range(50))))
        assert shown.diff.count("! p") == 50
        assert shown.diff.endswith("\n  … 150 more lines about them")
        assert not shown.open

    def test_not_even_room_for_the_names(self) -> None:
        """Then they are counted, too."""
        silent = replace(POLICY, description="", output="")
        shown = section(run_with(*(replace(silent, name=f"p{n}") for n in range(50))), room=1_000)
        assert shown.diff.endswith(" more lines")
        assert len(shown.diff) < 1_100


class TestView:
    """What a user's template is given."""

    def test_everything_is_in_it(self) -> None:
        """The counts by level and the statuses as texts, and all that is known of each that did not pass."""
        bare = Policy(name="b", policy_set="t", status="errored", enforcement_level="")
        evaluations = (
            evaluation(POLICY, status="overridden", passed=1, soft_mandatory=1),
            evaluation(bare, status="errored", passed=0),
            evaluation(status="hard_failed", advisory=2),
            evaluation(status="odd"),
        )
        view = view_policies(Policies(evaluations=evaluations, unread=(NotVisible("a").with_status(404),)))
        assert view == PoliciesView(
            sentence=judge(Policies(evaluations=evaluations, unread=(NotVisible("a").with_status(404),))).sentence,
            decided=False,
            failed={"advisory": 2},
            overridden={"soft-mandatory": 1},
            errored=0,
            unevaluated=("errored",),
            uncounted=("hard_failed",),
            unread=("404",),
            not_passed=(
                PolicyView(
                    name="open-ports",
                    policy_set="network",
                    status="failed",
                    enforcement_level="mandatory",
                    description="No open ports.",
                    output="22 is open\n23 is open\n",
                    overridden=True,
                ),
                PolicyView(name="b", policy_set="t", status="errored", enforcement_level="", description="", output=""),
            ),
        )
        texts = [*view.failed, *view.overridden, *view.unevaluated, *view.uncounted, view.not_passed[0].status]
        assert {type(text) for text in texts} == {str}

    @pytest.mark.parametrize("status", Status)
    def test_every_status_that_it_may_hold_is_documented(self, status: Status) -> None:
        """The page on templates lists those without a result, and those that say that policies failed."""
        for field, is_in_it in (("unevaluated", bool(status.facts.no_result)), ("uncounted", status.facts.failed)):
            (line,) = (line for line in DOCS if line.startswith(f"| `{field}` |"))
            assert (f"`{status}`" in line) is is_in_it


class TestSecrets:
    """What a policy is called and what it says goes through the plan's mask."""

    def test_everywhere(self) -> None:
        """In no text of a policy, in no part of the report."""
        hostile = Policy(
            name=f"name-{SECRET}",
            policy_set=f"set-{SECRET}",
            status=f"failed-{SECRET}",
            enforcement_level=f"level-{SECRET}",
            description=f"of {SECRET}",
            output=f"it is {SECRET}!\nagain: {SECRET}",
        )
        shown = report(run_with(hostile, mandatory=1))
        for content in (render(shown), "".join(write_html(shown))):
            assert SECRET not in content
            assert content.count("(hidden: equals a sensitive value, no. 1)") >= 6

    def test_before_it_is_cut(self) -> None:
        """A secret is not cut in half and then no longer known for one."""
        policy = replace(POLICY, name="x" * 110 + SECRET, output="x" * 230 + SECRET)
        masked = shown_policies(Known(run_with(policy)), summary())
        assert masked
        assert "Zq7vW9" not in section(masked).diff

    def test_words_of_ours_are_no_secrets(self) -> None:
        """A secret that equals a status or level does not hide it: what stops the run would look harmless."""
        password = {"actions": ["create"], "before": None, "after": "hard_failed_again", "after_sensitive": True}
        plan = summary(output_changes={"password": password})
        assert plan.mask.text("hard_failed_again") != "hard_failed_again"
        masked = shown_policies(Known(run_with(replace(POLICY, status="hard_failed"))), plan)
        assert masked
        assert section(masked).diff.startswith("! open-ports: hard_failed (mandatory)")

    def test_output_with_a_redacted_plan(self) -> None:
        """It does not tell its secrets, so nothing that a policy puts out can be shown."""
        policies = shown_policies(Known(run_with(POLICY, replace(POLICY, name="silent", output=""))), redacted())
        assert policies
        talks, silent = policies.evaluations[0].policies
        assert (talks.name, talks.description, talks.output) == ("open-ports", "No open ports.", WITHHELD)
        assert silent.output == ""


class TestReport:
    """Where the reader finds them."""

    def test_in_the_comment(self) -> None:
        """A line below Terraform's sentence, the alert, and the first of the sections."""
        comment = render(report(FAILED))
        places = [
            comment.index(summary().verdict.sentence),
            comment.index("Policies: 3 passed, 1 failed (mandatory)\n"),
            comment.index("> 1 mandatory policy failed: open-ports (“22 is open”)."),
            comment.index("<summary>Policies: 3 passed, 1 failed (mandatory)</summary>"),
            comment.index("<summary>Outputs: "),
        ]
        assert places == sorted(places)

    def test_in_the_html_report(self) -> None:
        """Among the facts at the top, and a section."""
        html = "".join(write_html(report(FAILED)))
        assert "<li>Policies: 3 passed, 1 failed (mandatory)</li>" in html
        assert "open-ports: failed (mandatory), in the policy set network" in html

    @pytest.mark.parametrize("said", [Known(Policies()), NotAsked()])
    def test_without_policies(self, said: Said[Policies]) -> None:
        """Nothing is said where there are none, nor where nobody asked."""
        assert "olicies" not in render(Report(key="k", summary=summary(), findings=Findings(policies=said)))

    @pytest.mark.parametrize(
        ("why", "word"), [(NotVisible("a").with_status(404), "404"), (ValueError("x"), "a bug, see the log")]
    )
    def test_what_could_not_be_read(self, why: Exception, word: str) -> None:
        """That there are none is never claimed of policies that are not known."""
        comment = render(Report(key="k", summary=summary(), findings=Findings(policies=Unknown(why))))
        assert f"Policies: could not be read ({word}), see the run\n" in comment

    def test_what_a_policy_set_warns_of(self) -> None:
        """Its first line in an alert, all of it in the section; of a redacted plan nothing of it."""
        evaluations = (replace(evaluation(TAGS, advisory=1), warnings=(f"network: {SECRET} is\nodd @octocat",) * 5),)
        policies = Policies(evaluations=evaluations)
        assert "Policy sets warn: “network:" in _message(policies)
        assert _message(policies).endswith(" and 2 more.")
        assert section(policies).diff.count("! a policy set warns\n  │ network: ") == 5
        comment = render(report(policies))
        assert SECRET not in comment
        assert "\n@octocat" not in comment

    def test_what_can_be_overridden(self) -> None:
        """It is said of a policy that failed, and not of one that is overridden already."""
        policy = replace(POLICY, overridable=True)
        assert "! open-ports: failed (mandatory), can be overridden, in the policy set network" in (
            section(run_with(policy, mandatory=1)).diff
        )
        assert "can be" not in section(run_with(policy, mandatory=1, status="overridden")).diff

    def test_hostile_names(self) -> None:
        """No name breaks out of its block, mentions a person or links an issue."""
        name = "```\n</details>\n@octocat #1 <img src=x> \u202e"
        odd = evaluation(status="1 <b>odd</b> @octocat")
        policies = Policies(evaluations=(odd, evaluation(replace(POLICY, name=name), mandatory=1)))
        comment = render(report(policies))
        assert "\n@octocat" not in comment
        assert "<img" not in comment.replace("! ```\\n</details>\\n@octocat #1 <img src=x> \\u202e", "")
        assert "<b>odd</b>" not in comment
        assert comment.count("\n</details>\n") == comment.count("<details")
