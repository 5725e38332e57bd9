"""The story of the search: the commit that the event is about, the runs that there are of it, and what the log says."""

import msgspec

from tfc_plan_comment.action.pull_request_comment import connect
from tfc_plan_comment.action.world import World
from tfc_plan_comment.errors import ActionError, RunNotFound
from tfc_plan_comment.github_actions.event import PullRequest, commit_of, pull_request_of
from tfc_plan_comment.hcp_terraform.run_search import SHORT, FoundRuns, Wanted, find_runs
from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.http.deadline import Deadline, say_seconds
from tfc_plan_comment.settings.settings import Settings
from tfc_plan_comment.settings.source import RunsOfCommit

LONGEST_WAIT = 180.0
"""Seconds that runs are waited for: HCP Terraform makes them within seconds of the push, or not at all."""


def runs_of_commit(
    session: Session, source: RunsOfCommit, settings: Settings, world: World
) -> tuple[Wanted, FoundRuns]:
    """What is looked for, and what there is of it. Raises ActionError."""
    wanted = _wanted(source, settings, world)
    deadline = Deadline.after(min(LONGEST_WAIT, settings.timeout.total_seconds()), world.clock)
    found = find_runs(session.until(deadline), wanted, _Log(wanted, deadline, world).look)
    for run, reason in found.others:
        world.commands.info(f"Run {run.id} of {wanted.organization}/{run.workspace} is left out: {reason}.")
    if found.problem:
        world.commands.warning(f"Some runs may be missing. {found.problem}")
    elif found.runs and not found.is_settled:
        world.commands.warning(
            f"The search for {wanted.what} ended before two looks found the same. Runs that come later are not shown."
        )
    return wanted, found


def no_run_found(wanted: Wanted, found: FoundRuns, name: str | None = None) -> ActionError:
    """The error where nothing was found, of one name or at all. Whether there is a run, nobody can tell."""
    if found.problem:
        return found.problem
    among = f" for {', '.join(wanted.patterns)}" if wanted.patterns else ""
    what = f"a run of {wanted.organization}/{name}" if name else f"{wanted.what}{among}"
    left_out = next(found.left_out_of(name or "*"), None)
    if left_out:
        run, reason = left_out
        why = f"run {run.id} of this commit is left out, because {reason}"
        return RunNotFound(f"Cannot find {what}", why, "If it is the one to show, name it in the input run-id")
    return RunNotFound(
        f"Cannot find {what}",
        f"{f'no run of commit {wanted.commit[:SHORT]}' if name else 'none'} was found that this token may read",
        "HCP Terraform starts none if the workspace's triggers leave the change out, and none for a fork. A run that"
        " was started through the API or the CLI carries no commit: name it in the input run-id",
    )


def _wanted(source: RunsOfCommit, settings: Settings, world: World) -> Wanted:
    environment = world.environment
    advice = "Name the runs in the input run-id"
    if environment.event_problem:
        raise ActionError("Cannot tell which commit's runs to find", environment.event_problem, advice)
    name, event, sha = environment.event_name, environment.event, environment.sha
    found = pull_request_of(name, event, explicit=settings.pr_number, ref=environment.ref, sha=sha)
    commit = commit_of(found, name, event, sha=sha)
    number = found.number if isinstance(found, PullRequest) else None
    if number is not None and commit is None and environment.repository is not None:
        with connect(settings, world) as pull_requests:
            commit = pull_requests.head_of(number)
    if commit is None:
        raise ActionError("Cannot tell which commit's runs to find", "neither GITHUB_SHA nor the event says it", advice)
    return Wanted(
        organization=source.organization,
        patterns=source.patterns,
        commit=commit,
        repository=environment.repository,
        pull_request_number=number,
    )


class _Log(msgspec.Struct):
    """Says what was found, when that is news."""

    wanted: Wanted
    deadline: Deadline
    world: World
    said: str = ""

    def look(self, found: FoundRuns) -> None:
        """Say it, if it is the first look, or if it finds something else than the last."""
        commit, organization = self.wanted.commit[:SHORT], self.wanted.organization
        workspaces = f"{len(found.runs)} workspace{'' if len(found.runs) == 1 else 's'}"
        missing = f"; none yet of {', '.join(found.missing)}" if found.missing else ""
        what = f"Found the runs of commit {commit} in {workspaces} of {organization}{missing}."
        if not found.runs:
            what = f"Found no run of commit {commit} in {organization} yet."
        if what != self.said:
            waits = not found.runs or found.missing
            left = f" Waiting for up to {say_seconds(self.deadline.left)}." if waits else ""
            self.world.commands.info(f"{what}{left}")
        self.said = what
