"""A stand-in for the base image, made by debootstrap, where no container registry can be asked for the real one.

It is Debian's own Python of the same version, in /usr/bin, on the Debian that the official image is made of. Like the
official image it has no bytecode of Python's library.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from container_engine import BASE, STORE, CannotUseContainersError, Engine

SUITE = "trixie"
PACKAGES = "ca-certificates,python3,python3-pip,python3-venv"
AUTHORITIES = Path("etc/ssl/certs/ca-certificates.crt")
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "PIP_CERT": f"/{AUTHORITIES}",
}
DOCUMENTATION = ("doc", "locale", "man")


def make_base(engine: Engine) -> None:
    """Make the stand-in, under the name that FROM has. It takes a minute."""
    STORE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=STORE, prefix="base-") as folder:
        root = Path(folder) / "root"
        log = Path(folder) / "debootstrap.log"
        command = ["debootstrap", "--force-check-gpg", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(root)]
        with log.open("wb") as output:
            done = subprocess.run(  # noqa: S603 - a fixed command; the mirror is apt's own
                [*command, *_mirror()], check=False, stdout=output, stderr=subprocess.STDOUT
            )
        if done.returncode != 0:
            raise CannotUseContainersError(
                f"Cannot make the stand-in for the base image: debootstrap ended with {done.returncode}. "
                f"It said:\n{log.read_text(encoding='utf-8', errors='replace')}"
            )
        _make_alike(root)
        changes = [option for name, value in ENVIRONMENT.items() for option in ("--change", f"ENV {name}={value}")]
        archive = Path(folder) / "root.tar"
        subprocess.run(["tar", "-C", root, "-cf", archive, "."], check=True)  # noqa: S603, S607 - a fixed command
        engine.ask("import", *changes, str(archive), BASE)


def _mirror() -> list[str]:
    """Where apt gets Debian from on this machine; nothing where it does not, and debootstrap has its own."""
    apt_get = shutil.which("apt-get")
    if apt_get is None:
        return []
    command = [apt_get, "indextargets", "--format", "$(REPO_URI)", "Origin: Debian", "Label: Debian"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - a fixed command
    return done.stdout.splitlines()[:1]


def _make_alike(root: Path) -> None:
    """What tells Debian's Python from that of the official image, and what an image needs not have."""
    (root / "usr/bin/python").symlink_to("python3")
    for path in [*root.glob("usr/lib/python3*/EXTERNALLY-MANAGED"), *root.glob("var/cache/apt/archives/*.deb")]:
        path.unlink()
    for path in [*root.glob("usr/lib/python3*/**/__pycache__"), *root.glob("var/lib/apt/lists/*")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in DOCUMENTATION:
        shutil.rmtree(root / "usr/share" / name)
    # Whatever this machine trusts on its way to the packages, the build has to trust as well.
    shutil.copy(Path("/") / AUTHORITIES, root / AUTHORITIES)
