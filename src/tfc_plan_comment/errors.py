"""Every error that we expect, each one a sentence: what failed, why, and what to do.

    ActionError                      exit 1
    ├── SettingsError                the inputs are wrong; all that is wrong with them, at once
    ├── TemplateError                the user's template cannot be used
    ├── PlanDocumentError            a file is not a plan that we can read
    ├── SummaryUnreadable            a file is not a summary that a comment can be written from
    ├── HcpTerraformError            HCP Terraform said no, or nothing
    │   ├── Unauthorized             401: the token is missing, wrong or expired
    │   ├── NotVisible               404: the run or plan is absent, or hidden from the token
    │   ├── RunNotFound              no run was found that fits
    │   ├── PlanJsonRefused          the plan is visible, its JSON is refused
    │   ├── PlanJsonUnsupported      422: made by a Terraform that is too old for it
    │   ├── PlanFailed               the plan came to an end without success
    │   ├── PlanExportRefused        the plan cannot be exported, or not by this token
    │   ├── PlanExportFailed         the export came to an end without a bundle
    │   ├── DeadlineExceeded         the plan's export or an answer did not come in time
    │   │   └── PlanTooLate          the plan itself did not
    │   ├── DownloadFailed           the temporary URL of a download did not work, nor did fresh ones
    │   ├── Unreachable              no answer: refused, reset, timed out, TLS
    │   └── UnexpectedAnswer         an answer that makes no sense or keeps failing
    ├── GateFailed                   something was found on which the user wants the step to fail
    └── GitHubError                  GitHub said no, or nothing: a warning, never the end of the action
        └── ArtifactError            the artifact could not be uploaded
            └── NoArtifactService    there is nothing that takes artifacts: no failure of the step

Anything else that is raised is a bug: `__main__` says so and exits 2, unless the machine has no memory left.
"""

import errno
from typing import Self


class ActionError(Exception):
    """An error that we expect. Its text is the sentence that the user reads, without any secret in it."""

    fact = "no plan to show"
    """What it means for the reviewer, in the title of the comment."""
    brief = "an error"
    """Why, in a word or two, for a line that has no room for the sentence: a server's status says most."""

    def __init__(self, what_failed: str, why: str = "", what_to_do: str = "") -> None:
        """Make the sentence: `what_failed: why. what_to_do.`; each part comes without its full stop.

        What needs no reason, or has none that is known, is `what_failed. what_to_do.`
        """
        self.what_failed, self.why, self.what_to_do = what_failed, why, what_to_do
        because = f": {why}" if why else ""
        super().__init__(f"{what_failed}{because}." + (f" {what_to_do}." if what_to_do else ""))


class SettingsError(ActionError):
    """Raised when inputs are unknown, malformed or contradict each other."""


class TemplateError(ActionError):
    """Raised when the user's template cannot be read, parsed or rendered."""


class PlanDocumentError(ActionError):
    """Raised when a file is not a plan that we can read."""


class SummaryUnreadable(ActionError):
    """Raised when a summary JSON cannot be read, or is none that a comment can be written from."""

    fact = "no summary to show"


class HcpTerraformError(ActionError):
    """Raised when HCP Terraform refuses, fails or does not answer."""

    def with_status(self, status: int) -> Self:
        """This error, of an answer with that status."""
        self.brief = str(status)
        return self


class Unauthorized(HcpTerraformError):
    """Raised when HCP Terraform does not accept the token (401)."""


class NotVisible(HcpTerraformError):
    """Raised when a run or plan is absent, or hidden from the token (404, 403)."""


class RunNotFound(HcpTerraformError):
    """Raised when no run of a commit was found; that does not mean that there is none."""

    fact = "no run found"
    brief = "no run"


class PlanJsonRefused(HcpTerraformError):
    """Raised when the plan can be seen but its JSON cannot: workspace admin is missing."""


class PlanJsonUnsupported(HcpTerraformError):
    """Raised when the plan was made by a Terraform that is too old to give its JSON (422)."""


class PlanFailed(HcpTerraformError):
    """Raised when the plan ended errored, canceled or unreachable, or its run was discarded before it was done."""

    def __init__(self, what_failed: str, why: str = "", what_to_do: str = "", *, fact: str) -> None:
        """Make the sentence, as of any other error; `fact` is what the title of the comment says."""
        super().__init__(what_failed, why, what_to_do)
        self.fact = fact


class PlanExportRefused(HcpTerraformError):
    """Raised when the plan cannot be exported: it is not finished or too old, or the token may not export it."""


class PlanExportFailed(HcpTerraformError):
    """Raised when an export ended errored or canceled, or its bundle is not one."""


class DeadlineExceeded(HcpTerraformError):
    """Raised when the plan or its export has not come to an end in its time, or an answer not come."""

    brief = "no answer in time"


class PlanTooLate(DeadlineExceeded):
    """Raised when the plan has not come to an end in its time."""

    fact = "not finished in time"


class DownloadFailed(HcpTerraformError):
    """Raised when a temporary URL is refused or expired, or its download cut; a fresh URL may do better."""


class Unreachable(HcpTerraformError):
    """Raised when no answer comes: connection refused or cut, timeout, TLS."""

    brief = "no answer"


class UnexpectedAnswer(HcpTerraformError):
    """Raised when an answer makes no sense, or keeps being a server's error."""

    brief = "an answer that makes no sense"


class GateFailed(ActionError):
    """Raised, once all is published, when something was found that the input fail-on names."""


class GitHubError(ActionError):
    """Raised when GitHub refuses, fails or does not answer; reported as a warning."""


def is_bug(error: Exception) -> bool:
    """True unless it is an error that we expect, or one of the machine."""
    return not (isinstance(error, ActionError) or _is_out_of_memory(error))


def _is_out_of_memory(error: Exception) -> bool:
    """True if the machine has no memory left, in whatever way Python says it."""
    match error:
        case MemoryError():
            return True
        case OSError():
            return error.errno == errno.ENOMEM
        case ImportError():  # of a library, whose loader has these words (glibc, elf/dl-load.c)
            return "allocate memory" in str(error) or "failed to map segment" in str(error)
        case RuntimeError():  # Python's, of a thread
            return str(error) == "can't start new thread"
    return False


def _unforeseen(error: Exception) -> ActionError:
    """The error to show for one that we do not raise ourselves. Its own text is left out: it may hold anything."""
    if _is_out_of_memory(error):
        return ActionError("tfc-plan-comment failed", "there is not enough memory", "Use a machine with more of it")
    why = f"{type(error).__name__}, which is a bug"
    return ActionError("tfc-plan-comment failed", why, "Report it with the traceback")


def in_brief(error: Exception) -> str:
    """Why, in a word or two, on any error: `404`, `no answer`."""
    if isinstance(error, ActionError):
        return error.brief
    return "a bug, see the log" if is_bug(error) else "not enough memory"


def sentence(error: Exception) -> str:
    """The sentence for the user on any error, expected or not."""
    return str(error if isinstance(error, ActionError) else _unforeseen(error))


class ArtifactError(GitHubError):
    """Raised when an artifact cannot be uploaded."""


class NoArtifactService(ArtifactError):
    """Raised when what the runner names takes no artifacts, as on GitHub Enterprise Server."""
