"""Imports point one way: `__main__, cli -> action -> {report, edges} -> {plan, findings, http} -> errors`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "tfc_plan_comment"
PURE = {"plan", "findings", "report"}
NOT_FOR_PURE = {
    "os",
    "io",
    "shutil",
    "tempfile",
    "socket",
    "ssl",
    "http",
    "urllib.request",
    "urllib3",
    "requests",
    "github",
}
NOT_FOR_PURE |= {"subprocess", "threading", "asyncio", "time", "random", "secrets"}

GROUND = {"errors", "disk", "comment_marker", "comment_memory", "expression"}
BELOW: dict[str, set[str]] = {
    "errors": set(),
    "memory_limit": set(),
    "unprinted": set(),
    "expression": set(),
    "disk": {"errors"},
    "comment_marker": {"expression"},
    "comment_memory": {"expression"},
    "plan": {"errors", "unprinted", "expression"},
    "findings": {"errors", "unprinted", "expression"},
    "http": {"errors"},
    "report": {"plan", "findings", *GROUND},
    "settings": {"plan", "findings", "errors", "unprinted", "expression"},
    "hcp_terraform": {"http", "findings", *GROUND},
    "github_actions": {"http", *GROUND},
    "action": {"report", "plan", "findings", "settings", "http", "hcp_terraform", "github_actions", *GROUND},
}
"""The rooms, each with those below it, which it may import."""
ALLOWED = {
    **{room: {room, *below} for room, below in BELOW.items()},
    "__main__": {*BELOW, "cli"},
    "cli": {*BELOW},
    "__init__": set(),
}


def modules(root: Path) -> Iterator[tuple[str, str, ast.Module]]:
    """Every module of the package: its path, the room that it belongs to, and its syntax tree."""
    folder = root / "src" / PACKAGE
    for path in sorted(folder.rglob("*.py")):
        relative = path.relative_to(folder)
        yield relative.as_posix(), relative.parts[0].removesuffix(".py"), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Full names of what a module imports, wherever in it; of `from a import b`, `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def test_every_room_imports_only_what_it_may(root: Path) -> None:
    """What is pure knows no edge, the edges know `findings` and `http` alone, and nothing knows the sandbox."""
    names = {path.removesuffix(".py") for path, _, _ in modules(root)}
    wrong = []
    for path, room, tree in modules(root):
        for name in imported(tree):
            first, _, rest = name.partition(".")
            target = rest.partition(".")[0]
            known = target in ALLOWED or any(other.startswith(f"{target}/") for other in names)
            if first in {"", "tfc_sandbox"} or (first == PACKAGE and known and target not in ALLOWED[room]):
                wrong.append(f"{path} imports {name}")

    assert wrong == []


KNOWN_TO_KNOWLEDGE = tuple(f"{PACKAGE}.{name}" for name in ("errors", "expression", "plan.knowledge."))


def test_knowledge_of_providers_knows_nothing_else(root: Path) -> None:
    """The tables are data: they import each other and the ground, so that a fact can be added without reading more."""
    wrong = [
        f"{path} imports {name}"
        for path, _, tree in modules(root)
        if path.startswith("plan/knowledge/")
        for name in imported(tree)
        if name.startswith(f"{PACKAGE}.") and not name.startswith(KNOWN_TO_KNOWLEDGE)
    ]

    assert wrong == []


def test_what_is_pure_does_no_input_or_output(root: Path) -> None:
    """The pure rooms turn values into values: no files, no network, no clock."""
    wrong = [
        f"{path} imports {name}"
        for path, room, tree in modules(root)
        if room in PURE
        for name in imported(tree)
        if any(f"{name}.".startswith(f"{module}.") for module in NOT_FOR_PURE)
    ]

    assert wrong == []


def test_only_main_reads_the_environment(root: Path) -> None:
    """Everything else is given what it needs, so a test can give it too."""
    wrong = [
        f"{path}, line {node.lineno}"
        for path, _, tree in modules(root)
        if path != "__main__.py"
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.environb", "os.getenv"})
        or (isinstance(node, ast.ImportFrom) and node.module == "os")
    ]

    assert wrong == []


def test_no_module_compiles_an_expression_when_it_is_imported(root: Path) -> None:
    """A start would take the longer for each of them: `expression` compiles one when a text needs it."""
    wrong = [
        f"{path}, line {node.lineno}"
        for path, _, tree in modules(root)
        for node in _at_import(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
    ]

    assert wrong == []


def _at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """What is evaluated as soon as a module is imported: all that stands in no function."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _at_import(node)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import os.path", ["os.path"]),
        ("def f():\n    from tfc_plan_comment.report import render, view", 2),
        ("from . import view", ["..view"]),
    ],
)
def test_every_kind_of_import_is_seen(source: str, expected: object) -> None:
    """An import inside a function and a relative one count as well."""
    names = list(imported(ast.parse(source)))

    assert expected in (names, len(names))


IMPORTED_FIRST = {"github_actions/environment.py"}
"""Modules that a step imports before it says its first line, for which it is not worth to import msgspec."""


def test_values_are_structs(root: Path) -> None:
    """A dataclass takes fifty times as long to be made at the start, and its objects five times as long.

    To replace a field of a struct is `msgspec.structs.replace`; mypy takes `dataclasses.replace` as well.
    """
    users = {path for path, _, tree in modules(root) if any(name.startswith("dataclasses") for name in imported(tree))}

    assert users == IMPORTED_FIRST
