"""Prints what is written of a few plans at random, as a digest for each: `python tests/fuzz/digests.py COUNT`."""

import sys
from hashlib import sha256
from random import Random

import msgspec

from json_text import write
from plans import a_plan
from written import write_all

if __name__ == "__main__":
    for seed in range(int(sys.argv[1])):
        written = write_all(write(a_plan(Random(seed))))  # noqa: S311 - no secret is made of it
        print(sha256(msgspec.json.encode(written)).hexdigest())  # noqa: T201 - for who called it
