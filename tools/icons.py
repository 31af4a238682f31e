"""Write templates/kernel/icons.html from the icons named in static/vendor/lucide/names.txt.

npm pack lucide-static && python3 tools/icons.py lucide-static-*.tgz
"""

import re
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ROOT / "static/vendor/lucide/names.txt"
TARGET = ROOT / "templates/kernel/icons.html"


def symbol(name: str, svg: str) -> str:
    """The drawing of one icon as a symbol; size, stroke and colour come from the style sheet."""
    found = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if not found:
        raise SystemExit(f"{name}: not an svg")
    drawing = re.sub(r"\s+", " ", found[1]).replace(" />", "/>").replace("> <", "><").strip()
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{drawing}</symbol>'


def main(package: str) -> None:
    """Read the package and write every named icon, sorted."""
    names = sorted(set(NAMES.read_text().split()))
    with tarfile.open(package) as archive:
        drawings = []
        for name in names:
            member = archive.extractfile(f"package/icons/{name}.svg")
            assert member
            drawings.append(symbol(name, member.read().decode()))
    NAMES.write_text("\n".join(names) + "\n")
    TARGET.write_text("<svg hidden>\n" + "\n".join(drawings) + "\n</svg>\n")


if __name__ == "__main__":
    main(sys.argv[1])
