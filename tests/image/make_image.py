"""Builds the image, on the base or its stand-in, and says what came of it: `make image`."""

import sys
from time import monotonic

from container_engine import BASE, IMAGE, CannotUseContainersError, Engine, engine
from image_layers import our_layers
from stand_in_base import SUITE, make_base


def make_image(with_engine: Engine) -> list[str]:
    """Build it on the newest base, or on its stand-in, which is made if it is not there; returns what to tell of it."""
    started = monotonic()
    if not with_engine.is_stand_in:
        with_engine.ask("pull", "--quiet", BASE)
    elif not with_engine.has(BASE):
        make_base(with_engine)
    based = monotonic()
    with_engine.build(IMAGE)
    built = monotonic()
    ours = our_layers(with_engine, IMAGE)
    size = sum(entry.size for layer in ours for entry in layer.entries.values())
    base = f"a stand-in for it: Python of Debian {SUITE}" if with_engine.is_stand_in else "the official image"
    seconds = f"{based - started:.0f} s for the base, {built - based:.0f} s for the build"
    return [
        f"{IMAGE}, built by {with_engine.name} on {BASE}; this is {base}",
        f"{size / 1e6:.1f} MB above the base, in {len(ours)} layers; {seconds}",
    ]


if __name__ == "__main__":
    try:
        print("\n".join(make_image(engine())))
    except CannotUseContainersError as error:
        sys.exit(str(error))
