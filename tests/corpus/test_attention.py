"""What deserves a look in plans of public repositories: it is found without a crash, and it can be said."""

import json
import os
from pathlib import Path

import pytest

from tfc_plan_comment.action.files import read_plan
from tfc_plan_comment.plan.knowledge.attention import RULE_IDS
from tfc_plan_comment.plan.summary import summarize

BESIDE_US = Path(__file__).parents[2] / ".." / "shared" / "corpus"
CORPUS = Path(os.environ.get("TFC_PLAN_COMMENT_CORPUS", BESIDE_US))
PLANS = [path for path in sorted(CORPUS.glob("*.json")) if path.name != "index.json"]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.name)
def test_every_notice_can_be_said(path: Path) -> None:
    """As one line of words, twice the same, with every value that it names, and nothing of what must not appear."""
    index = {entry["file"]: entry for entry in json.loads((CORPUS / "index.json").read_bytes())}
    secrets = index.get(path.name, {}).get("must_not_appear", [])
    notices = [notice for change in summarize(read_plan(path)).changes for notice in change.attention]
    again = [notice for change in summarize(read_plan(path)).changes for notice in change.attention]

    assert notices == again
    for notice in notices:
        assert notice.rule in RULE_IDS
        for said in (notice.plain(), notice.plain(short=True)):
            assert said == " ".join(said.split())
            assert not [secret for secret in secrets if secret in said]


@pytest.mark.skipif(not PLANS, reason="no corpus; TFC_PLAN_COMMENT_CORPUS says where it is")
def test_most_plans_have_none() -> None:
    """A cue in every plan would be no cue."""
    found = [bool(summarize(read_plan(path)).attention) for path in PLANS]

    assert sum(found) * 3 <= len(found)
