"""Scripts without a browser: their syntax, names that nobody declares, imports that nobody exports.

Looser than scopes are: a name declared anywhere in a file counts in all of it. What no file declares must be the
browser's, and stand in `BROWSERS`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from intranet.kernel.scripts import COMMENT

ROOT = Path(__file__).resolve().parent.parent / "static"
BROWSERS = frozenset(
    """
    AbortController AbortSignal addEventListener AnalyserNode Array atob AudioContext Blob Boolean BroadcastChannel
    btoa caches clearInterval clearTimeout createImageBitmap crypto CSS customElements CustomEvent DataView Date
    decodeURIComponent devicePixelRatio document DOMException DOMParser encodeURIComponent Error Event fetch
    Float32Array FormData
    getComputedStyle getSelection globalThis history HTMLElement IDBKeyRange indexedDB Infinity IntersectionObserver
    Intl JSON localStorage location Map matchMedia Math MediaRecorder MutationObserver navigator Node Number Object
    Option performance print Promise RangeError RegExp Request requestAnimationFrame ResizeObserver Response self Set
    setInterval setTimeout String TextDecoder TextEncoder Uint32Array Uint8Array URL URLSearchParams WebSocket
    """.split()
)
DECLARING = {  # kind of node -> its fields that hold names or patterns
    "variable_declarator": ("name",), "function_declaration": ("name",), "generator_function_declaration": ("name",),
    "function_expression": ("name",), "class_declaration": ("name",), "class": ("name",), "for_in_statement": ("left",),
    "arrow_function": ("parameter",), "catch_clause": ("parameter",), "import_specifier": ("name", "alias"),
}  # fmt: skip
LISTS = ("formal_parameters", "import_clause", "namespace_import")  # all that stands in them
Finding = tuple[int, str]
_parser = Parser(Language(tree_sitter_javascript.language()))


def parsed(source: bytes) -> Node:
    """The syntax tree of a module."""
    return _parser.parse(source).root_node


def below(node: Node) -> Iterator[Node]:
    """This node and all within, in the order of the text."""
    yield node
    for child in node.named_children:
        yield from below(child)


def text(node: Node) -> str:
    """What stands there."""
    return (node.text or b"").decode()


def bound(pattern: Node) -> Iterator[str]:
    """The names that a pattern gives values to."""
    if pattern.type in ("identifier", "shorthand_property_identifier_pattern"):
        yield text(pattern)
    elif pattern.type in ("object_pattern", "array_pattern", "rest_pattern"):
        for child in pattern.named_children:
            yield from bound(child)
    elif pattern.type in ("assignment_pattern", "object_assignment_pattern"):
        yield from bound(_field(pattern, "left"))
    elif pattern.type == "pair_pattern":
        yield from bound(_field(pattern, "value"))


def declared(tree: Node) -> set[str]:
    """Every name that is declared anywhere in the file."""
    names: set[str] = set()
    for node in below(tree):
        fields = [node.child_by_field_name(name) for name in DECLARING.get(node.type, ())]
        for child in node.named_children if node.type in LISTS else fields:
            names.update(bound(child) if child else ())
    return names


def undeclared(tree: Node) -> Iterator[Finding]:
    """Names that neither the file nor the browser knows."""
    known = declared(tree) | BROWSERS | {"await"}  # the grammar takes `await (x)` for a call
    for node in below(tree):
        if node.type in ("identifier", "shorthand_property_identifier") and text(node) not in known:
            if node.parent is not None and node.parent.type == "export_specifier":
                continue
            yield node.start_point[0] + 1, f"{text(node)} is declared nowhere"


def exported(tree: Node) -> set[str]:
    """The names a module gives away."""
    names: set[str] = set()
    for node in tree.named_children:
        if node.type != "export_statement":
            continue
        if any(child.type == "default" for child in node.children):
            names.add("default")
        if declaration := node.child_by_field_name("declaration"):
            names |= declared_at(declaration)
        for one in below(node):
            if one.type == "export_specifier":
                names.add(text(one.child_by_field_name("alias") or _field(one, "name")))
    return names


def declared_at(declaration: Node) -> set[str]:
    """The names of one declaration, without those within."""
    if name := declaration.child_by_field_name("name"):
        return {text(name)}
    return {name for one in declaration.named_children for name in bound(_field(one, "name"))}


def imported(tree: Node, path: Path) -> Iterator[Finding]:
    """Modules that are not there, and names that they do not export."""
    for node in tree.named_children:
        source = node.child_by_field_name("source") if node.type in ("import_statement", "export_statement") else None
        if source is None or not (name := text(source)[1:-1]).startswith("."):
            continue
        line, target = node.start_point[0] + 1, (path.parent / name).resolve()
        if not target.is_file():
            yield line, f"{name} is not there"
            continue
        given = exported(parsed(target.read_bytes()))
        for one in below(node):
            if one.type == "import_specifier" and (wanted := text(_field(one, "name"))) not in given:
                yield line, f"{name} exports no {wanted}"


def misread(tree: Node) -> Iterator[Finding]:
    """Syntax errors, and lines of texts that would be taken for comments when the script is served."""
    for node in below(tree):
        if node.is_error or node.is_missing:
            yield node.start_point[0] + 1, "syntax error"
        elif node.type == "template_string" and COMMENT.search(node.text or b""):
            yield node.start_point[0] + 1, "a line of this text looks like a comment and would not be served"


def findings(path: Path) -> list[Finding]:
    """All that is wrong with one script."""
    tree = parsed(path.read_bytes())
    return sorted([*misread(tree), *undeclared(tree), *imported(tree, path)])


def _field(node: Node, name: str) -> Node:
    found = node.child_by_field_name(name)
    assert found is not None, f"{node.type} without {name}"
    return found


def main() -> int:
    """Print what is wrong; the exit code says whether something is."""
    paths = sorted(path for path in ROOT.rglob("*.js") if "vendor" not in path.parts)
    bad = [(path, line, said) for path in paths for line, said in findings(path)]
    for path, line, said in bad:
        print(f"{path.relative_to(ROOT.parent)}:{line}: {said}")
    return 1 if bad or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
