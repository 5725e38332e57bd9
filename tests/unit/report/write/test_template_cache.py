"""Our own templates are compiled once, and kept as long as they are the same."""

from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest

from tfc_plan_comment.report.write import template, template_cache
from tfc_plan_comment.report.write.template_cache import TemplateCache
from tfc_plan_comment.report.write.template_sandbox import Sandbox

COMPILE = jinja2.Environment.compile.__code__
CountCalls = Callable[..., int]


@pytest.fixture(autouse=True)
def _keeps_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python does unless it is asked not to."""
    monkeypatch.setattr(template_cache, "dont_write_bytecode", False)


def load(folder: Path, name: str = "comment.md.j2") -> jinja2.Template:
    """One of our templates, as a new process loads it that keeps them in the folder."""
    sandbox = Sandbox()
    sandbox.bytecode_cache = TemplateCache(folder)
    return sandbox.get_template(name)


def test_it_is_compiled_once(tmp_path: Path, count_calls: CountCalls) -> None:
    """What was kept writes the same as what is compiled."""
    assert count_calls(lambda: load(tmp_path, "heading.md.j2"), COMPILE) == 1
    assert count_calls(lambda: load(tmp_path, "heading.md.j2"), COMPILE) == 0
    context = {"tool": "Terraform", "workspace": "a*b", "headline": "destroys everything"}
    assert load(tmp_path, "heading.md.j2").render(context) == Sandbox().get_template("heading.md.j2").render(context)


def test_another_template_is_compiled_anew(tmp_path: Path) -> None:
    """So is one that another compiler makes, or that our own modules let it make."""
    load(tmp_path)
    sandbox = Sandbox()
    sandbox.bytecode_cache = TemplateCache(tmp_path)
    assert sandbox.loader is not None
    source, filename, _ = sandbox.loader.get_source(sandbox, "comment.md.j2")
    cache = sandbox.bytecode_cache
    assert cache.get_bucket(sandbox, "comment.md.j2", filename, source).code is not None
    assert cache.get_bucket(sandbox, "comment.md.j2", filename, f"{source} ").code is None
    cache.__dict__["_compiled_by"] = "another compiler"
    assert cache.get_bucket(sandbox, "comment.md.j2", filename, source).code is None


@pytest.mark.parametrize("content", [b"", b"j2", b"no bytecode"])
def test_what_cannot_be_read_is_compiled_anew(tmp_path: Path, count_calls: CountCalls, content: bytes) -> None:
    """A file that is damaged, whatever is in it, or cut anywhere."""
    load(tmp_path)
    [kept] = tmp_path.iterdir()
    whole = kept.read_bytes()
    for damaged in (content, whole[:30], whole[:60], whole[: len(whole) // 2]):
        kept.write_bytes(damaged)
        assert count_calls(lambda: load(tmp_path), COMPILE) == 1
        assert kept.read_bytes() == whole


def test_it_need_not_be_kept(tmp_path: Path, count_calls: CountCalls, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no such folder, as where it is another user's, or where Python is asked to write no bytecode."""
    assert load(tmp_path / "missing").name == "comment.md.j2"
    assert [*tmp_path.iterdir()] == []
    monkeypatch.setattr(template_cache, "dont_write_bytecode", True)
    assert count_calls(lambda: load(tmp_path), COMPILE) == 1
    assert [*tmp_path.iterdir()] == []


def test_all_of_ours_can_be_compiled_in_advance(count_calls: CountCalls) -> None:
    """After that, none is compiled, whatever is to be written."""
    template.compile_all()
    names = [each.name for each in (template_cache.OURS / "templates").glob("*.md.j2")]
    assert count_calls(lambda: [template.load_built_in(name) for name in names], COMPILE) == 0
