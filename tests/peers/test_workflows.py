"""GitHub's editor (npm, @actions/languageservice) and actionlint have nothing against our workflows and action.yml.

Nor against what README.md and docs/ tell people to write into theirs.
"""

import json
import re
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.peers

OURS = "tfc-plan-comment/tfc-plan-comment"
WRONG = f"""
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: {OURS}@v0.1.0
        with: {{ tokn: x }}
      - run: echo "${{{{ steps.absent.outputs.x }}}}"
"""

Lint = Callable[[dict[str, str]], dict[str, list[str]]]


@pytest.fixture(scope="session")
def workflows(texts: dict[str, str]) -> dict[str, str]:
    """Our workflows, and every example of one on a page, by path; an example that is a part of one is made whole."""
    ours = {path: text for path, text in texts.items() if path.startswith(".github/workflows/")}
    pages = {path: text for path, text in texts.items() if re.fullmatch(r"(docs/)?[\w-]+\.md", path)}
    examples = {
        f".github/workflows/{path}:{number}.yml": whole(textwrap.dedent(example))
        for path, text in pages.items()
        for number, example in enumerate(re.findall(r"^ *```yaml\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE), 1)
    }
    assert len(ours) >= 3
    assert len(examples) >= 12
    return ours | examples


def whole(example: str) -> str:
    """The workflow of an example, which may be one, or its jobs, or steps, or inputs of this action.

    The steps and jobs whose outputs it names are put before it; a step that it leaves to the reader is put there.
    """
    example = re.sub(r"# \.\.\. a step .*, with the id `([\w-]+)`", r"- { id: \1, run: 'true' }", example)
    content = yaml.safe_load(example)
    if isinstance(content, dict):
        if "jobs" in content:
            return example if True in content else f"on: pull_request\n{example}"  # YAML 1.1 takes `on` for true
        example = f"- uses: {OURS}@v0.1.0\n  with:\n{textwrap.indent(example, ' ' * 4)}"
    steps = dict.fromkeys(re.findall(r"\bsteps\.([\w-]+)\.", example))
    needed = dict.fromkeys(re.findall(r"\bneeds\.([\w-]+)\.outputs\.([\w-]+)", example))
    jobs: dict[str, Any] = {
        job: {"runs-on": "ubuntu-latest", "outputs": {output: "x"}, "steps": [{"run": "true"}]}
        for job, output in needed
    }
    before = [{"id": step, "uses": f"{OURS}@v0.1.0"} for step in steps]
    job = {"runs-on": "ubuntu-latest", "steps": [*before, *yaml.safe_load(example)]}
    jobs["example"] = job | ({"needs": [*jobs]} if jobs else {})
    return yaml.safe_dump({"on": "pull_request", "jobs": jobs}, sort_keys=False)


@pytest.fixture(scope="session")
def validate(run_script: Callable[..., Any], texts: dict[str, str]) -> Lint:
    """What GitHub's editor has against each file; it knows the inputs and outputs of this action."""
    actions = json.dumps({OURS: yaml.safe_load(texts["action.yml"])})
    return lambda files: run_script("validate-workflows.mjs", files, ACTIONS=actions)


@pytest.fixture(scope="session")
def said_by_actionlint(run_script: Callable[..., Any], workflows: dict[str, str]) -> dict[str, list[str]]:
    """What actionlint has against each workflow, and against one that is wrong; it takes seconds to start."""
    said: dict[str, list[str]] = run_script("actionlint.mjs", {**workflows, "wrong.yml": WRONG})
    return said


def test_githubs_editor_is_content(validate: Lint, workflows: dict[str, str], texts: dict[str, str]) -> None:
    """Every key, expression and input is one that GitHub knows: in our workflows, in action.yml, in the examples."""
    found = validate({**workflows, "action.yml": texts["action.yml"]})

    assert {path: problems for path, problems in found.items() if problems} == {}


def test_githubs_editor_notices_what_is_wrong(validate: Lint) -> None:
    """An input that this action has not, an output of no step, a key that action.yml has not."""
    action = "name: a\ndescription: b\nruns: { using: docker, image: Dockerfile }\nouputs: {}\n"

    assert validate({".github/workflows/wrong.yml": WRONG, "action.yml": action}) == {
        ".github/workflows/wrong.yml": ["8: Invalid action input 'tokn'", "9: Context access might be invalid: absent"],
        "action.yml": ["4: Unexpected value 'ouputs'"],
    }


def test_actionlint_is_content(said_by_actionlint: dict[str, list[str]], workflows: dict[str, str]) -> None:
    """It knows none of its mistakes in our workflows and the examples."""
    assert {path: said_by_actionlint[path] for path in workflows if said_by_actionlint[path]} == {}


def test_actionlint_notices_what_is_wrong(said_by_actionlint: dict[str, list[str]]) -> None:
    """So that its silence means something."""
    assert said_by_actionlint["wrong.yml"] == ['9: property "absent" is not defined in object type {}']
