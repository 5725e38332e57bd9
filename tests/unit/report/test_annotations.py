"""Where in the repository an error is, as far as that is known."""

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfc_plan_comment.findings.diagnostics import Diagnostic
from tfc_plan_comment.report.annotations import Annotation, annotate, place_in_repository


@pytest.mark.parametrize(
    ("filename", "working_directory", "path"),
    [
        ("main.tf", "", "main.tf"),
        ("./a//main.tf", "./infra/", "infra/a/main.tf"),
        ("../main.tf", "infra", "main.tf"),
        ("../../main.tf", "infra", ""),
        ("..main.tf", "", "..main.tf"),
        (".terraform/modules/vpc/main.tf", "infra", ""),
        ("/main.tf", "infra", ""),
        ("", "infra", ""),
    ],
)
def test_the_place(filename: str, working_directory: str, path: str) -> None:
    """Only what lies in the repository has one."""
    assert place_in_repository(filename, working_directory) == path


@given(st.text(alphabet="./ab"), st.text(alphabet="./ab"))
def test_no_path_leaves_the_repository(filename: str, working_directory: str) -> None:
    """Whatever a log calls a file."""
    path = place_in_repository(filename, working_directory)
    assert not posixpath.isabs(path)
    assert ".." not in path.split("/")


def test_a_condition_says_its_authors_words() -> None:
    """The summary says nothing there, and the detail once."""
    failed = Diagnostic(summary="Resource precondition failed", detail="Too small.", filename="main.tf", line=3)
    assert list(annotate([failed], "infra")) == [
        Annotation(message="Too small (main.tf line 3)", file="infra/main.tf", line=3)
    ]


def test_nothing_is_claimed_of_an_unknown_folder() -> None:
    """The message alone, which names the place as Terraform does."""
    error = Diagnostic(summary="Bad", filename="main.tf", line=3, column=1)
    assert list(annotate([error], None)) == [Annotation(message="Bad (main.tf line 3)")]
