"""Serves the loopback HCP Terraform over TLS, at an address that a container of GitHub's runner can reach.

    python tests/self_test/serve.py ADDRESS CERTIFICATE KEY PLAN

The sandbox itself stays on loopback, as a Terraform Enterprise would stay behind its load balancer; only this front
listens on ADDRESS. It prints the outputs `hostname` and `run-id`, then serves until it is stopped.
"""

import asyncio
import ssl
import sys
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from tfc_sandbox.hcp_terraform import HcpTerraformSandbox, Storage


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, and the end of it."""
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass  # the other side hung up, which is its right
    finally:
        writer.close()


async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, port: int) -> None:
    """Connect one client with the sandbox."""
    sandbox_reader, sandbox_writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(copy(reader, sandbox_writer), copy(sandbox_reader, writer))


async def serve(address: str, certificate: str, key: str, sandbox: HcpTerraformSandbox) -> None:
    """Listen on a free port of `address`, say which, and forward for good."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    port = urlsplit(sandbox.url).port
    assert port is not None
    server = await asyncio.start_server(partial(forward, port=port), address, 0, ssl=context)
    async with server:
        print(f"hostname={address}:{server.sockets[0].getsockname()[1]}\nrun-id={sandbox.run_id}", flush=True)  # noqa: T201 (the outputs are what this prints)
        await server.serve_forever()


def main(address: str, certificate: str, key: str, plan: str) -> None:
    """Serve `plan` as a Terraform Enterprise does: the plan JSON lies on the API's own origin."""
    # The sandbox knows its own address only, so the redirect is relative.
    sandbox = HcpTerraformSandbox(Path(plan).read_bytes(), storage=Storage.SAME_ORIGIN, relative_location=True)
    with sandbox:
        asyncio.run(serve(address, certificate, key, sandbox))


if __name__ == "__main__":
    main(*sys.argv[1:])
