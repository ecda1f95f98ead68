import subprocess
import sys
from pathlib import Path

from tests.structure.repository import ROOT


def test_the_packages_know_only_whom_they_may() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
