"""A bundle of Sentinel mocks for a plan: the shape is that of HCP Terraform's, the mocks are simple ones.

Eight files without folders in a `.tar.gz`, named by the constant `sentinel.hcl` (HCP Terraform docs, "Generate mock
Sentinel data"). JSON is Sentinel too, but for the name in front of it.
"""

import gzip
import io
import json
import tarfile
from typing import Any

_IMPORTS = ("tfconfig", "tfplan", "tfstate")


def mock_bundle(plan: bytes, *, run_id: str, workspace: str) -> bytes:
    """The bundle for a plan JSON."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name, text in _files(json.loads(plan), run_id, workspace).items():
            content = text.encode()
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o600
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(tar.getvalue(), mtime=0)


def sentinel_hcl() -> str:
    """The configuration that tells `sentinel` which mock stands for which import."""
    sources: dict[str, str] = {}
    for name in _IMPORTS:
        sources |= {name: f"mock-{name}", f"{name}/v1": f"mock-{name}", f"{name}/v2": f"mock-{name}-v2"}
    sources["tfrun"] = "mock-tfrun"
    blocks = [
        f'mock "{name}" {{\n  module {{\n    source = "{source}.sentinel"\n  }}\n}}\n'
        for name, source in sources.items()
    ]
    return "\n".join(blocks)


def _files(plan: dict[str, Any], run_id: str, workspace: str) -> dict[str, str]:
    version = plan.get("terraform_version", "")
    configuration, state = plan.get("configuration", {}), plan.get("prior_state", {}).get("values", {})
    changes = {change["address"]: change for change in plan.get("resource_changes", [])}
    planned = plan.get("planned_values", {})
    return {
        "mock-tfconfig-v2.sentinel": _mock(
            providers=configuration.get("provider_config", {}), module=configuration.get("root_module", {})
        ),
        "mock-tfconfig.sentinel": _mock(module_paths=[[]]),
        "mock-tfplan-v2.sentinel": _mock(
            terraform_version=version,
            variables=plan.get("variables", {}),
            planned_values=planned,
            resource_changes=changes,
            output_changes=plan.get("output_changes", {}),
        ),
        "mock-tfplan.sentinel": _mock(module_paths=[[]], terraform_version=version),
        "mock-tfstate-v2.sentinel": _mock(terraform_version=version, resources=state.get("root_module", {})),
        "mock-tfstate.sentinel": _mock(module_paths=[[]], terraform_version=version),
        "sentinel.hcl": sentinel_hcl(),
        "mock-tfrun.sentinel": _mock(id=run_id, workspace={"name": workspace}, cost_estimate=None),
    }


def _mock(**values: object) -> str:
    return "\n".join(f"{name} = {json.dumps(value, indent=2)}\n" for name, value in values.items())
