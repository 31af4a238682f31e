"""The weight of the pages that open most: all JavaScript and CSS they load by themselves, gzipped file by file."""

import gzip
import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from intranet.kernel.scripts import served

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("chat/channel.html", "feed/feed.html")
LIMITS = {".js": 45_000, ".css": 25_000}
TEMPLATE = re.compile(r"{%-?\s*(?:extends|include|import|from)\s+['\"]([^'\"]+)['\"]")
ASSET = re.compile(r"asset\(([^()]+)\)")
LITERAL = re.compile(r"\s*['\"]([^'\"]*)['\"]\s*")
LOOP = re.compile(r"{%-?\s*for\s+(\w+)\s+in\s+\[([^\]]*)\]")
# not `import(…)`: what is loaded on demand does not count
IMPORT = re.compile(r"^\s*(?:import|export)\b[^;()]*?['\"](\.[^'\"]+\.js)['\"]", re.MULTILINE)
CSS_IMPORT = re.compile(r"@import\s+(?:url\()?['\"]([^'\"]+\.css)['\"]")


def templates(name: str, root: Path) -> set[Path]:
    """A template with all that it extends and includes."""
    found: set[Path] = set()
    queue = [root / "templates" / name]
    while queue:
        path = queue.pop()
        if path not in found:
            found.add(path)
            names = TEMPLATE.findall(path.read_text(encoding="utf-8"))
            queue += [root / "templates" / name for name in names]
    return found


def named(text: str) -> Iterator[str]:
    """The scripts and style sheets a template names, also those made of a loop's words ("kernel/" ~ sheet ~ ".css")."""
    loops = {name: re.findall(r"['\"]([^'\"]+)['\"]", words) for name, words in LOOP.findall(text)}
    for written in ASSET.findall(text):
        parts = [LITERAL.fullmatch(part) or part.strip() for part in written.split("~")]
        choices = [loops.get(part, ()) if isinstance(part, str) else (part[1],) for part in parts]
        if not all(choices):
            raise SystemExit(f"asset({written}) is named in a way that this check does not know")
        yield from (name for name in map("".join, product(*choices)) if name.endswith(tuple(LIMITS)))


def assets(name: str, root: Path = ROOT) -> set[Path]:
    """Every script and style sheet that a page loads by itself."""
    found: set[Path] = set()
    texts = [path.read_text(encoding="utf-8") for path in templates(name, root)]
    queue = [(root / "static" / asset).resolve() for text in texts for asset in named(text)]
    while queue:
        path = queue.pop()
        if path not in found:
            if not path.is_file():
                raise SystemExit(f"{path.relative_to(root)} is asked for and not there")
            found.add(path)
            pattern = IMPORT if path.suffix == ".js" else CSS_IMPORT
            queue += [(path.parent / name).resolve() for name in pattern.findall(path.read_text(encoding="utf-8"))]
    return found


def weights(name: str, root: Path = ROOT) -> dict[str, int]:
    """Gzipped bytes by kind of file."""
    total = dict.fromkeys(LIMITS, 0)
    for path in assets(name, root):
        content = path.read_bytes()
        total[path.suffix] += len(gzip.compress(served(content) if path.suffix == ".js" else content, 6))
    return total


def main() -> int:
    """Print the weights; the exit code says whether one is too high."""
    fine = True
    for page in PAGES:
        total = weights(page)
        for suffix, limit in LIMITS.items():
            print(f"{suffix[1:]} of {page}: {total[suffix]:,} bytes gzipped of {limit:,}")
        if not all(total.values()):
            print("Nothing found: the page loads its assets in a way that this check does not know")
        fine = fine and all(0 < total[suffix] <= limit for suffix, limit in LIMITS.items())
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
