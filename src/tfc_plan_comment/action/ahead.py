"""Imports ahead of their use, in a thread: what a step needs once a server has answered, while it is asked.

Imports take longer than most answers, and nothing but an answer can be waited for meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from tfc_plan_comment.action.background import Background
from tfc_plan_comment.action.subjects import is_together
from tfc_plan_comment.action.world import World
from tfc_plan_comment.settings.settings import CommentMode, Settings

SECONDS_TO_STOP = 1.0
"""Python must not end while a thread imports."""


@contextmanager
def import_ahead(settings: Settings, world: World) -> Iterator[None]:
    """Begin to import what the settings will need; leaving it waits for the end of that."""
    imports: Background[None] = Background(world.sleep)
    imports.begin(lambda: _import(settings))
    try:
        yield
    finally:
        imports.stop(SECONDS_TO_STOP)


def _import(settings: Settings) -> None:
    import_module("tfc_plan_comment.action.together" if is_together(settings) else "tfc_plan_comment.action.apart")
    if settings.comment is not CommentMode.NONE:
        import_module("tfc_plan_comment.github_actions.comments")
