"""What others made: every file in `static/vendor/` stands in its manifest with version, licence and hash.

python -m tools.vendor           check
python -m tools.vendor --write   write the hashes of the files as they are now
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "static" / "vendor"
FIELDS = ("version", "licence", "source", "files")


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def problems(folder: Path = FOLDER) -> Iterator[str]:
    """All that differs between the manifest and the folder."""
    manifest: dict[str, dict[str, Any]] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    there = {path.name for path in folder.iterdir() if path.is_dir()}
    yield from (f"{name} is not in the manifest" for name in sorted(there - manifest.keys()))
    yield from (f"{name} is in the manifest and not there" for name in sorted(manifest.keys() - there))
    for name in sorted(there & manifest.keys()):
        entry, found = manifest[name], hashes(folder / name)
        yield from (f"{name}: {field} is missing" for field in FIELDS if not entry.get(field))
        listed = entry.get("files", {})
        yield from (f"{name}/{file} differs" for file in sorted(listed | found) if listed.get(file) != found.get(file))
        if not any("licen" in file.lower() for file in found):
            yield f"{name}: the text of its licence is missing"


def write(folder: Path = FOLDER) -> None:
    """Put the hashes of the files that are there into the manifest."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for name, entry in manifest.items():
        entry["files"] = hashes(folder / name)
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def main(argv: list[str]) -> int:
    """Check or write; the exit code says whether something differs."""
    if argv == ["--write"]:
        write()
    found = list(problems())
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
