"""The story in one page: identify the subjects; then tell of each in a comment of its own, or of all in one."""

from contextlib import ExitStack

from msgspec.structs import replace

from tfc_plan_comment.action.ahead import import_ahead
from tfc_plan_comment.action.subjects import identify, is_together, key_of_set
from tfc_plan_comment.action.world import World
from tfc_plan_comment.settings.settings import Settings
from tfc_plan_comment.settings.source import Summaries


def run(settings: Settings, world: World) -> Exception | None:
    """Do all of it; returns why the step fails, if it does, after it was said in the comment and the step summary.

    Raises ActionError, and says nothing, where it is not known yet which comment is ours. What is imported late here is
    on its way by then, while the server is asked.
    """
    with ExitStack() as stack:
        stack.enter_context(import_ahead(settings, world))
        if isinstance(settings.source, Summaries):
            from tfc_plan_comment.action.together import merge_summaries  # noqa: PLC0415 - see above

            return merge_summaries(settings.source, settings, world)
        session = stack.enter_context(world.hcp_terraform(settings))
        subjects = identify(session, settings, world)
        if is_together(settings):
            key = key_of_set(subjects, settings, world)
            if len(subjects) > 1:
                from tfc_plan_comment.action.together import tell_together  # noqa: PLC0415 - see above

                return tell_together(subjects, key, settings, world)
            subjects = (replace(subjects[0], key=key),)
        from tfc_plan_comment.action.apart import tell_each  # noqa: PLC0415 - see above

        return tell_each(session, subjects, settings, world)
