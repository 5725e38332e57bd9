"""A loopback HCP Terraform, a session that talks to it, and a clock that only sleeping moves."""

import math
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from tfc_plan_comment.hcp_terraform.session import Session
from tfc_plan_comment.http.deadline import Deadline
from tfc_sandbox.clock import Clock
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox

PLAN = b'{"format_version":"1.2","terraform_version":"1.13.4","resource_changes":[]}'


@pytest.fixture
def clock() -> Clock:
    """The time, for the client and the server alike."""
    return Clock()


@pytest.fixture
def masked() -> list[str]:
    """Every secret that the session has told the log to mask."""
    return []


@pytest.fixture
def serve(clock: Clock, stack: ExitStack) -> Callable[..., HcpTerraformSandbox]:
    """Starts a loopback HCP Terraform: `serve(script=..., faults=..., storage=...)`."""

    def start(plan: bytes = PLAN, **how: Any) -> HcpTerraformSandbox:
        return stack.enter_context(HcpTerraformSandbox(plan, clock=clock, **how))

    return start


@pytest.fixture
def connect(clock: Clock, masked: list[str], stack: ExitStack) -> Callable[..., Session]:
    """Opens a session: `connect(server.url, token=..., seconds=...)`; there are so many until the deadline."""

    def start(hostname: str, **how: Any) -> Session:
        arguments = {"token": ADMIN_TOKEN, "ca_bundle": None, "mask": masked.append, **how}
        seconds = arguments.pop("seconds", math.inf)
        deadline = Deadline.after(seconds, clock)
        session = Session(hostname=hostname, sleep=clock.sleep, clock=clock, deadline=deadline, **arguments)
        return stack.enter_context(session)

    return start
