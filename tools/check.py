"""Every check that is not a test: `python3 run.py check`, or some of them: `python3 run.py check lint types`."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
PARTS: dict[str, tuple[str, ...]] = {
    "format": (PYTHON, "-m", "ruff", "format", "--check", "."),
    "lint": (PYTHON, "-m", "ruff", "check", "."),
    "types": (PYTHON, "-m", "mypy"),
    "imports": (str(Path(PYTHON).parent / "lint-imports"), "--no-logo"),
    "house": (PYTHON, "-m", "tools.house"),
    "translations": (PYTHON, "-m", "tools.translations"),
    "migrations": (PYTHON, "-m", "tools.migrations"),
    "vendor": (PYTHON, "-m", "tools.vendor"),
    "scripts": (PYTHON, "-m", "tools.scripts"),
    "budget": (PYTHON, "-m", "tools.budget"),
}


def run(name: str) -> bool:
    """Run one check; its words are shown when it fails."""
    start = time.monotonic()
    done = subprocess.run(PARTS[name], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    passed = done.returncode == 0
    print(f"{'passed' if passed else 'FAILED'}  {name:<13} {time.monotonic() - start:5.1f} s", flush=True)
    if not passed:
        print(done.stdout.rstrip(), flush=True)
    return passed


def main(names: list[str]) -> int:
    """Run the checks with these names, or all; the exit code says whether one failed."""
    if unknown := set(names) - PARTS.keys():
        print(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}")
        return 2
    failed = [name for name in names or PARTS if not run(name)]
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
