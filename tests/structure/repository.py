"""What the tests of the structure look at: the files that are, or are about to be, under version control."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("phoneline", "webhooks", "dashboard")
LOCKS = ("requirements.lock", "requirements-dev.lock", "package-lock.json")


@cache
def files() -> list[Path]:
    """Every file of the repository as it stands, relative to its root; what git ignores is not the repository's."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607  # whichever git there is
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    names = {Path(name) for name in listed.stdout.split("\0") if name}
    return sorted(name for name in names if (ROOT / name).is_file())


def texts() -> list[tuple[Path, str]]:
    """Each file that is text, with its text."""
    found = []
    for path in files():
        raw = (ROOT / path).read_bytes()
        if b"\0" not in raw[:8000]:
            found.append((path, raw.decode("utf-8")))
    return found


def python_files(*folders: str) -> list[tuple[Path, str]]:
    """Each Python file, or each under those folders, with its text."""
    return [
        (path, text) for path, text in texts() if path.suffix == ".py" and (not folders or path.parts[0] in folders)
    ]
