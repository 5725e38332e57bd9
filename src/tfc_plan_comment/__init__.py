"""An HCP Terraform run becomes the pull request comment a reviewer can decide from.

Data goes one way, each step a frozen value that the next one takes. In reading order:

- `__main__`: environment -> `settings.Settings` -> the edges -> `action.story.run`; prints errors and exits.
- `settings`: what may be asked for, and where the plan comes from.
- `action`: the story in one page: find the run, wait, download, read, report, publish.
- `hcp_terraform`: the edge to HCP Terraform: run, plan, plan JSON, and the checks of the run.
- `plan`: pure: what the plan says: document, actions and counts, masking, diff, drift; what we know of providers.
- `findings`: pure: what the run says beside its plan: policies, run tasks, cost, and the errors of a plan that failed.
- `report`: pure: what the reviewer sees: view, Markdown, HTML, JSON, and what to leave out when room is short.
- `github_actions`: the edge to GitHub: which pull request, the comment, outputs, step summary, annotations.
- `http`: what both edges share: what a request carries, and how long it may take.
- `cli`: `tfc-plan-comment render plan.json`, which needs no server.
- `errors`: every error that we expect.
- `memory_limit`: the limits of the memory that a step has, and the least with which it begins.
- `expression`: regular expressions that are compiled when a text needs them first.
- `unprinted`: values of which nothing but the name is printed.
- `disk`: a file that is there whole or not at all, and a folder for as long as it is needed.
- `comment_marker`: the line by which we know a comment of ours again.
- `comment_memory`: the line below it, which holds what the comment showed, for the one that replaces it.

`tfc_sandbox`, beside it, is HCP Terraform and GitHub on loopback, for the demo and the tests.
"""

__version__ = "0.1.0"
