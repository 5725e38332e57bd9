"""`make bench`: what it costs to render plans of growing size, beside other readers of them. A report, not a test.

    python tests/benchmarks/bench.py [MEGABYTES ...]

Each row is one whole process, the fastest of three where they are short: seconds on the clock, seconds of CPU, and the
most memory that it held, of which a mapped file is a part. The plans are a real one, multiplied; those beside Terraform
are its own, of as many `terraform_data` resources as it takes, each with a new release.
"""

import compileall
import json
import math
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import tfc_plan_comment
from shapes import ALIKE, SHAPES, Maker, Shape
from tfc_sandbox.github import JOB_TOKEN, GitHubSandbox
from tfc_sandbox.github_documents import PullRequest
from tfc_sandbox.hcp_terraform import ADMIN_TOKEN, HcpTerraformSandbox
from tfc_sandbox.runner import ENTRY_POINT, Runner
from tfc_sandbox.runs import Script

GOLDEN = Path(__file__).parent.parent / "golden"
SIZES = (1, 10, 100, 1_000)
LARGEST_OF_TERRAFORM = 100
"""Megabytes; Terraform takes more than a minute to make that plan, and far more than ten for the next size."""
LARGEST_SHAPE = 100
"""Megabytes of the plans in which nothing is alike."""
COMMAND = Path(sys.executable).with_name("tfc-plan-comment")
OURS, JSON_LOAD = "**tfc-plan-comment render**", "json.load"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What one process cost."""

    seconds: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        """As cells of a Markdown table."""
        return f"{self.seconds:.2f} s | {self.cpu:.2f} s | {self.megabytes:,.0f} MB"


def multiplied(source: Path, target: Path, size: int, shape: Shape = ALIKE) -> int:
    """Write a plan of about `size` bytes: all that the source holds again and again, each time in a module of its own.

    The shape makes the changes and the drift of each module. Returns how many changes there are.
    """
    plan = json.loads(source.read_bytes())
    changes = plan.pop("resource_changes")
    plan.pop("resource_drift", None)
    before = plan.pop("prior_state")["values"]["root_module"]["resources"]
    after = plan.pop("planned_values")["root_module"]["resources"]
    configured = plan.pop("configuration")["root_module"]
    if shape.configuration:
        configured = shape.configuration()
    prior_state = shape.prior_state or (lambda _changes, _number: before)
    planned_values = shape.planned_values or (lambda _changes, _number: after)
    makers = (shape.changes, shape.drift, prior_state, planned_values)
    times = max(1, size // len(_compact([plan, configured, *(make(changes, 1) for make in makers)])))
    calls = {f"{shape.module}{number}": {"source": "./m", "module": configured} for number in range(times)}
    with target.open("w", encoding="utf-8") as file:
        file.write(_compact({**plan, "configuration": {"root_module": {"module_calls": calls}}})[:-1])
        for key, make in (("resource_changes", shape.changes), ("resource_drift", shape.drift)):
            made = (_in_module(each, f"module.{shape.module}{n}") for n in range(times) for each in make(changes, n))
            _write_list(file, f',"{key}":[', made)
        _write_list(
            file,
            ',"planned_values":{"root_module":{"child_modules":[',
            _modules(shape.module, planned_values, changes, times),
        )
        _write_list(
            file,
            '}},"prior_state":{"values":{"root_module":{"child_modules":[',
            _modules(shape.module, prior_state, changes, times),
        )
        file.write("}}}}")
    return times * len(shape.changes(changes, 1))


def _in_module(resource: dict[str, Any], module: str) -> dict[str, Any]:
    return {**resource, "address": f"{module}.{resource['address']}", "module_address": module}


def _modules(name: str, make: Maker, changes: list[dict[str, Any]], times: int) -> Iterator[dict[str, Any]]:
    for number in range(times):
        module = f"module.{name}{number}"
        yield {"address": module, "resources": [_in_module(each, module) for each in make(changes, number)]}


def _write_list(file: TextIO, start: str, items: Iterable[object]) -> None:
    file.write(start)
    file.writelines(("," if number else "") + _compact(item) for number, item in enumerate(items))
    file.write("]")


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


LAUNCHER = """
import os, sys, time
start = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
_, status, usage = os.wait4(os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet), 0)
seconds = time.perf_counter() - start
sys.stderr.write(f"{status} {seconds} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss}")
"""
"""Starts the command and waits for it: of a process that we start ourselves, Linux counts our own memory with its."""


def measured(
    command: Sequence[str | Path],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    output: Path = Path(os.devnull),
) -> Cost | None:
    """What the command cost; None if it failed. Its output goes to the file."""
    with output.open("wb") as file:
        done = subprocess.run(  # noqa: S603 - commands of our own
            (sys.executable, "-I", "-S", "-c", LAUNCHER, *command),
            stdout=file,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=folder,
            check=True,
        )
    status, seconds, cpu, kibibytes = done.stderr.split()
    if int(status):
        return None
    return Cost(seconds=float(seconds), cpu=float(cpu), megabytes=int(kibibytes) * 1.024 / 1000)


def fastest(command: Sequence[str | Path]) -> Cost | None:
    """What the command cost the fastest of three times, or the only time if that took long; None if it failed."""
    costs = [measured(command)]
    while len(costs) < 3 and all(cost and cost.seconds < 5 for cost in costs):
        costs.append(measured(command))
    return min((cost for cost in costs if cost), key=lambda cost: cost.seconds, default=None)


def machine() -> str:
    """What all this was measured on."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def readers(plan: Path, comment: Path) -> dict[str, Sequence[str | Path]]:
    """The commands that read a plan's JSON, json.load first."""
    commands: dict[str, Sequence[str | Path]] = {
        JSON_LOAD: (sys.executable, "-c", f"import json; json.load(open({str(plan)!r}))"),
        OURS: (COMMAND, "render", plan, "-o", comment),
    }
    if jq := shutil.which("jq"):
        count = "[.resource_changes[].change.actions[0]] | group_by(.) | map({(.[0]): length})"
        commands["jq, counting actions"] = (jq, count, plan)
    return commands


def rendering(folder: Path, sizes: Sequence[int]) -> Iterator[str]:
    """A row for each size and reader."""
    yield "| Plan | Changes | Reader | Clock | CPU | Peak memory | Clock, json.load = 1 |"
    yield "|--:|--:|:--|--:|--:|--:|--:|"
    for megabytes in sizes:
        plan = folder / f"{megabytes}.json"
        count = multiplied(GOLDEN / "mixed-update" / "plan.json", plan, megabytes * 1_000_000)
        costs = {name: fastest(command) for name, command in readers(plan, folder / "comment.md").items()}
        for name, cost in costs.items():
            yield f"| {megabytes:,} MB | {count:,} | {name} | {cost or 'failed | | '} | {_ratio(cost, costs)} |"
        plan.unlink()


def unkind(folder: Path, sizes: Sequence[int]) -> Iterator[str]:
    """A row for each shape that is less kind than one plan many times over, at each size that the first table has."""
    yield "| Shape | Plan | Changes | Clock | CPU | Peak memory | CPU, json.load = 1 |"
    yield "|:--|--:|--:|--:|--:|--:|--:|"
    for megabytes in (size for size in sizes if size <= LARGEST_SHAPE):
        for name, shape in SHAPES.items():
            plan = folder / "shape.json"
            count = multiplied(GOLDEN / "mixed-update" / "plan.json", plan, megabytes * 1_000_000, shape)
            costs = {reader: fastest(command) for reader, command in readers(plan, folder / "comment.md").items()}
            ours, base = costs[OURS], costs[JSON_LOAD]
            ratio = f"{ours.cpu / base.cpu:.2f}" if ours and base else ""
            yield f"| {name} | {megabytes:,} MB | {count:,} | {ours or 'failed | | '} | {ratio} |"
            plan.unlink()


def _ratio(cost: Cost | None, costs: Mapping[str, Cost | None]) -> str:
    base = costs[JSON_LOAD]
    return f"{cost.seconds / base.seconds:.2f}" if cost and base else ""


def beside_terraform(folder: Path, sizes: Sequence[int]) -> Iterator[str]:
    """A row for each size and reader of a plan that Terraform has made itself."""
    terraform = shutil.which("terraform")
    if terraform is None:
        yield "Terraform is not on the PATH."
        return
    yield "| Terraform's plan | Changes | Reader | Clock | CPU | Peak memory |"
    yield "|--:|--:|:--|--:|--:|--:|"
    environment = {"PATH": os.environ["PATH"], "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    for megabytes in (size for size in sizes if size <= LARGEST_OF_TERRAFORM):
        home = folder / f"terraform-{megabytes}"
        home.mkdir()
        count = _configuration(home, megabytes * 1_000_000)
        plan = home / "plan.json"
        for arguments in (("init",), ("plan", "-out=tfplan")):
            measured((terraform, *arguments), environment, home)
        shown = measured((terraform, "show", "-no-color", "tfplan"), environment, home)
        as_json = measured((terraform, "show", "-json", "tfplan"), environment, home, plan)
        size = f"{plan.stat().st_size / 1_000_000:.0f} MB"
        costs = {"terraform show": shown, "terraform show -json": as_json}
        costs |= {name: fastest(command) for name, command in readers(plan, home / "comment.md").items()}
        for name, cost in costs.items():
            yield f"| {size} | {count:,} | {name} | {cost or 'failed | | '} |"


BLOCK = 26
"""Instances of one resource; Terraform takes far longer for the same number of objects in fewer resources."""

BYTES_OF_ONE = 3_310
"""What an object takes in the plan's JSON, in its five places."""

RESOURCE = """
resource "terraform_data" "service_NUMBER" {
  count = COUNT
  input = {
    name        = "service-${count.index}"
    image       = "registry.example.com/team/service:1.1"
    replicas    = 2
    environment = { LOG_LEVEL = "info", REGION = "eu-west-1", RELEASE = "1.1" }
    ports       = [{ port = 8080, protocol = "tcp" }, { port = 9090, protocol = "tcp" }]
    policy      = jsonencode({ Statement = [{ Sid = "Read", Effect = "Allow", Action = ["s3:GetObject"] }] })
  }
}
"""


def _configuration(home: Path, size: int) -> int:
    """Write a configuration whose plan is of about so many bytes, and the state before it; returns how many changes.

    The state is written and not applied, which would take minutes.
    """
    blocks = max(1, size // BYTES_OF_ONE // BLOCK)
    resources = (RESOURCE.replace("NUMBER", str(n)).replace("COUNT", str(BLOCK)) for n in range(blocks))
    (home / "main.tf").write_text("".join(resources), encoding="utf-8")
    port = ["object", {"port": "number", "protocol": "string"}]
    environment = ["object", {"LOG_LEVEL": "string", "REGION": "string", "RELEASE": "string"}]
    texts = {"name": "string", "image": "string", "replicas": "number", "policy": "string"}
    type_ = ["object", {**texts, "environment": environment, "ports": ["tuple", [port, port]]}]
    state = {
        "version": 4,
        "terraform_version": "1.4.0",  # the first that has terraform_data
        "serial": 1,
        "lineage": "bench",
        "resources": [
            {
                "mode": "managed",
                "type": "terraform_data",
                "name": f"service_{number}",
                "provider": 'provider["terraform.io/builtin/terraform"]',
                "instances": [_instance(index, type_) for index in range(BLOCK)],
            }
            for number in range(blocks)
        ],
    }
    (home / "terraform.tfstate").write_text(json.dumps(state), encoding="utf-8")
    return blocks * BLOCK


def _instance(index: int, type_: object) -> dict[str, object]:
    value = {
        "name": f"service-{index}",
        "image": "registry.example.com/team/service:1.0",
        "replicas": 2,
        "environment": {"LOG_LEVEL": "info", "REGION": "eu-west-1", "RELEASE": "1.0"},
        "ports": [{"port": 8080, "protocol": "tcp"}, {"port": 9090, "protocol": "tcp"}],
        "policy": '{"Statement":[{"Action":["s3:GetObject"],"Effect":"Allow","Sid":"List"}]}',
    }
    typed = {"value": value, "type": type_}
    attributes = {"id": f"service-{index}", "input": typed, "output": typed, "triggers_replace": None}
    return {"index_key": index, "schema_version": 0, "attributes": attributes}


def startup(folder: Path) -> Iterator[str]:
    """A row for what a small plan costs, by the command line and as the action, and how many requests that takes.

    The servers' share of the time is that in which at least one of them owes us an answer; all the rest is ours.
    """
    yield "| Small plan | Clock | CPU | Peak memory | Requests | Servers | Ours |"
    yield "|:--|--:|--:|--:|--:|--:|--:|"
    small = GOLDEN / "builtin-only" / "plan.json"
    alone = fastest((COMMAND, "render", small))
    ours = f"{alone.seconds:.2f} s" if alone else ""
    yield f"| render ({small.stat().st_size / 1000:.0f} KB) | {alone or 'failed | | '} | 0 | | {ours} |"
    for latency in (0, 0.1):
        yield from _end_to_end(folder, small.read_bytes(), latency)


def _end_to_end(folder: Path, plan: bytes, latency: float) -> Iterator[str]:
    """The same run, each row the fastest of five; every answer of both servers takes so many seconds."""
    script = Script(plan_statuses=("finished",), workspace="prod")
    with (
        HcpTerraformSandbox(plan, script=script, latency=latency) as hcp_terraform,
        GitHubSandbox([PullRequest(number=7, head_sha="0" * 40)], latency=latency) as github,
    ):
        runner = Runner(folder=folder, api_url=github.api_url, event={"pull_request": {"number": 7}})
        inputs = {"token": ADMIN_TOKEN, "hostname": hcp_terraform.url, "github-token": JOB_TOKEN}

        def step(name: str) -> tuple[Cost, int, float] | None:
            """What the step cost, how many requests it took, and for how long it had to wait for an answer."""
            environment = runner.prepare(name, {**inputs, "run-id": hcp_terraform.run_id})
            before = _answered(hcp_terraform, github)
            cost = measured(ENTRY_POINT, environment)
            answered = _answered(hcp_terraform, github)[len(before) :]
            return (cost, len(answered), _covered(answered)) if cost else None

        where = f"{latency * 1000:.0f} ms away" if latency else "on loopback"
        for name in ("new comment", "unchanged comment", "changed comment"):
            costs = []
            for _ in range(5):
                if name == "new comment":
                    github.comments.clear()
                if name == "changed comment":
                    hcp_terraform.add_run(plan, script=script)
                costs.append(step(name))
            best = min((each for each in costs if each), key=lambda each: each[0].seconds, default=None)
            if best is None:
                yield f"| run to {name}, servers {where} | failed | | | | | |"
                continue
            cost, requests, servers = best
            shares = f"{servers:.2f} s | {cost.seconds - servers:.2f} s"
            yield f"| run to {name}, servers {where} | {cost} | {requests} | {shares} |"


def _answered(hcp_terraform: HcpTerraformSandbox, github: GitHubSandbox) -> list[tuple[float, float]]:
    """When each request came and was answered, in the order of the answers."""
    return sorted((*hcp_terraform.answered, *github.answered), key=lambda times: times[1])


def _covered(spans: Iterable[tuple[float, float]]) -> float:
    """The seconds in which there is at least one of these spans of time."""
    covered, end = 0.0, -math.inf
    for came, answered in sorted(spans):
        covered += max(0.0, answered - max(came, end))
        end = max(end, answered)
    return covered


def compile_all() -> None:
    """Write the bytecode of what the command imports, as pip does where it installs us.

    `make install` leaves that to the first start, which may not write any where PYTHONDONTWRITEBYTECODE is set.
    """
    for folder in (sysconfig.get_path("purelib"), Path(str(tfc_plan_comment.__file__)).parent):
        compileall.compile_dir(folder, quiet=2, workers=0)


def main() -> None:
    """Print the tables."""
    compile_all()
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        tables = (rendering(home, sizes), unkind(home, sizes), beside_terraform(home, sizes), startup(home))
        print(machine(), flush=True)
        for table in tables:
            print(flush=True)
            for line in table:
                print(line, flush=True)


if __name__ == "__main__":
    main()
