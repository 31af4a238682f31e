"""Renew `requirements/*.txt`: exact versions and hashes of everything the project installs.

    python tools/lock.py            keep the pinned versions that still fit
    python tools/lock.py --upgrade  take the newest ones

Needs `uv` (`pip install uv`). A lock holds only what it adds to the ones before it, names no registry, and serves every
Python from 3.11 on and every platform.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("postgres", "nats", "s3", "test", "servers", "browser", "dev", "fuzz")
ENTRY = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==.*(?:\n    --hash=.*)+", re.MULTILINE)
HEADING = "# Made by tools/lock.py from pyproject.toml; not edited by hand.\n"


def compiled(extras: tuple[str, ...], start: str, options: list[str]) -> str:
    """Let uv resolve the project with `extras`, beginning from the pins in `start`."""
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin") or sys.exit("lock: needs uv")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "lock.txt")
        target.write_text(start, encoding="utf-8")
        command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
        command += ["--no-header", "--no-annotate", "--no-emit-index-url", *options, "-o", str(target)]
        command += [f"--extra={extra}" for extra in extras]
        subprocess.run([*command, "pyproject.toml"], cwd=ROOT, check=True)
        return target.read_text(encoding="utf-8")


def main() -> None:
    """Resolve everything at once, then give each extra what it adds."""
    folder = ROOT / "requirements"
    folder.mkdir(exist_ok=True)
    pinned = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    whole = compiled(EXTRAS, pinned, [option for option in sys.argv[1:] if option == "--upgrade"])
    known: set[str] = set()
    for name in ("runtime", *EXTRAS):
        text = compiled(() if name == "runtime" else (name,), whole, [])
        new = [entry.group() for entry in ENTRY.finditer(text) if entry["name"] not in known]
        known |= {entry["name"] for entry in ENTRY.finditer(text)}
        Path(folder, f"{name}.txt").write_text(HEADING + "".join(f"{entry}\n" for entry in new), encoding="utf-8")
        print(f"requirements/{name}.txt: {len(new)} packages")


if __name__ == "__main__":
    main()
