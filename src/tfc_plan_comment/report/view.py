"""The documented template context: one frozen `CommentView`, which holds all that a template may show.

Plain strings in it are texts as they are; a template makes each one inert by what it is: `{{ address | code }}`,
`{{ message | text }}`, `{{ diff | fence("diff") }}`. A string that is written without a filter goes through `text`.
`Markup` is Markdown that is inert already.
"""

import msgspec
from markupsafe import Markup

from tfc_plan_comment.plan.actions import Action
from tfc_plan_comment.plan.verdict import Counts


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """The HCP Terraform run that made the plan.

    `status` says how it stands where that is news beside the plan: `applied`, `discarded`, `waits for confirmation`,
    `stopped by a policy`. It is empty while the run moves on. `facts` are what it was asked for, where that is not
    usual: `applies by itself`, `limited to aws_vpc.main`.
    """

    id: str
    url: str
    organization: str | None = None
    workspace: str | None = None
    commit: str | None = None
    message: str | None = None
    terraform_version: str | None = None
    status: str = ""
    facts: tuple[str, ...] = ()


class NoteView(msgspec.Struct, frozen=True, kw_only=True):
    """Something to know about the plan as a whole. `kind` is GitHub's: NOTE, WARNING or CAUTION.

    The message is a text, or Markdown that is inert already.
    """

    kind: str
    message: str


class CautionView(msgspec.Struct, frozen=True, kw_only=True):
    """Losses of one kind: a heading, such as `2 resources that hold data are destroyed`, and a line for each group."""

    heading: str
    losses: tuple[Markup, ...]


class SinceView(msgspec.Struct, frozen=True, kw_only=True):
    """The differences from the plan of an earlier `commit`, which the comment showed before, in lines.

    If it is the `same` plan, a line says what was not compared.
    """

    commit: str
    same: bool
    lines: tuple[Markup, ...]


class FoldView(msgspec.Struct, frozen=True, kw_only=True):
    """Several changes behind one line: a module that comes or goes as a whole, or noise."""

    symbol: str
    label: str
    title: Markup
    open: bool


class ChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One change, or several that are alike: then `alike` holds the addresses of the others.

    `action` is one of create, read, update, delete, replace, forget, move, import, unknown; `label` and `symbol` are
    what a reviewer reads and sees; `heading` and `reason` are Terraform's words. `subject` is the address, or what
    several have in common; `says` stands behind it: name, reason, what changes. `what_changes` names the
    attributes. `diff` holds the lines of a diff block, and is None where there was no room for it; `same_for` holds
    lines with the addresses of all, where their diffs are the same and they are too many for the diff; `unlisted`
    is the number of the addresses that are cut off the end of these. `types` is the number of their types. `fold`
    is the fold in which it stands, if any: those of one fold follow each other, and the first of them opens it.
    """

    action: Action
    symbol: str
    label: str
    address: str
    subject: Markup
    says: Markup
    alike: tuple[str, ...]
    same_for: str
    heading: str
    reason: str | None
    about: str
    what_changes: Markup
    attention: tuple[Markup, ...]
    holds_data: bool
    diff: str | None
    remarks: tuple[Markup, ...]
    open: bool
    noise: bool = False
    types: int = 1
    fold: FoldView | None = None
    opens_fold: bool = False
    unlisted: int = 0


class MoreView(msgspec.Struct, frozen=True, kw_only=True):
    """Changes for which there was no room in the list: how many, and what happens to them.

    `type` is that of their resources, and empty where they are of several types. `modules` is the number of the modules
    they are in; `module` is the one with half of them or more, without the keys of its instances, and empty if that is
    the root module or none.
    """

    symbol: str
    label: str
    count: int
    type: str
    module: str
    modules: int


class SectionView(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the report below the changes: its title, and the lines of a diff block."""

    title: Markup
    diff: str
    open: bool = False


class PolicyView(msgspec.Struct, frozen=True, kw_only=True):
    """A policy that did not pass. `status` is such as `failed` or `errored`; texts are empty where nothing is known.

    One that is `overridden` has failed, and somebody has decided that it does not stop the run.
    `output` holds the lines that the policy itself says, and `description` what its authors say of it. If it is
    `overridable`, somebody may still decide so.
    """

    name: str
    policy_set: str
    status: str
    enforcement_level: str
    description: str
    output: str
    overridden: bool = False
    overridable: bool = False


class PoliciesView(msgspec.Struct, frozen=True, kw_only=True):
    """The run's policies: in words how many passed and how many did not, and those that did not.

    `failed` counts those that failed, by their enforcement level, what stops a run first; `overridden` those that
    somebody has overridden. `unevaluated` are the statuses of policy checks and evaluations that have no result,
    `uncounted` those of which say that policies failed where nothing says how many. `unread` says, in a word or two for
    each, why some or all could not be read: `404`.
    """

    sentence: str
    decided: bool
    failed: dict[str, int]
    overridden: dict[str, int]
    errored: int
    unevaluated: tuple[str, ...]
    not_passed: tuple[PolicyView, ...]
    uncounted: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


class TaskView(msgspec.Struct, frozen=True, kw_only=True):
    """A run task: `status` is such as `passed` or `failed`, `stage` such as `post_plan`, the level says if it stops.

    `message` is what its service says, `url` its page, plain https; both may be empty.
    """

    name: str
    stage: str
    status: str
    enforcement_level: str
    message: str
    url: str


class TasksView(msgspec.Struct, frozen=True, kw_only=True):
    """The run tasks: in words how many passed and how many did not, and all of them in the order of their stages.

    `awaiting_override` are the stages that wait for somebody to decide. If some are `unread`, the sentence says why.
    """

    sentence: str
    decided: bool
    all: tuple[TaskView, ...]
    awaiting_override: tuple[str, ...] = ()
    unread: bool = False


class CostView(msgspec.Struct, frozen=True, kw_only=True):
    """The cost estimate: in words, and its amounts, decimals in dollars a month, which are empty where not known.

    `estimated` of the `resources` have a known price. `whose` is the sentence that says whose amounts these are.
    """

    sentence: Markup
    status: str
    delta: str = ""
    prior: str = ""
    proposed: str = ""
    estimated: int | None = None
    resources: int | None = None
    whose: str = ""


class ProductView(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the step makes, and where it is.

    `path` is in the job's workspace. `artifact`, `url` and `expires` are empty without an artifact. `failure` says why
    there is no file, or no artifact of it.
    """

    path: str
    artifact: str | None
    url: str
    expires: str
    failure: str | None


class MocksView(ProductView, frozen=True, kw_only=True):
    """The run's Sentinel mocks: the files in the bundle, and its size. While they are made, only `pending` is set."""

    pending: bool
    files: tuple[str, ...]
    size: str


class HtmlReportView(ProductView, frozen=True, kw_only=True):
    """The HTML report, in which nothing is left out."""


class CommentView(msgspec.Struct, frozen=True, kw_only=True):
    """All that a template may show."""

    marker: Markup
    tool: str
    workspace: str | None
    headline: str
    sentence: str
    explanation: str
    run: RunView | None
    terraform_version: str | None
    counts: Counts
    has_changes: bool
    errored: bool
    notes: tuple[NoteView, ...] = ()
    cautions: tuple[CautionView, ...]
    attention: tuple[Markup, ...]
    deserving: int
    settled: bool = False
    attention_ignored: int
    forgotten: int
    since: SinceView | None = None
    changes: tuple[ChangeView, ...] = ()
    more: tuple[MoreView, ...] = ()
    sections: tuple[SectionView, ...] = ()
    stands: str = ""
    left_out: tuple[str, ...] = ()
    redacted: bool
    hidden: int = 0
    hidden_unmarked: int = 0
    secrecy: str = ""
    full_report: str | None
    html_report: HtmlReportView | None
    policies: PoliciesView | None
    tasks: TasksView | None = None
    cost: CostView | None = None
    mocks: MocksView | None
