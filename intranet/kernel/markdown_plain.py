"""The words of a parsed text without its markup, for previews, notifications and search."""

from collections.abc import Sequence

from markdown_it.token import Token


def plain_text(tokens: Sequence[Token]) -> str:
    """One line per block; mentions as @Name, code as it stands, lists with their marks, cells side by side."""
    blocks: list[str] = []
    row: list[str] = []
    mark = ""
    in_row = False
    for token in tokens:
        match token.type:
            case "list_item_open":
                mark += f"{token.info}{token.markup} " if token.info else "• "
            case "tr_open":
                in_row = True
            case "tr_close":
                blocks.append(" · ".join(row))
                row, in_row = [], False
            case "inline" if in_row:
                row.append(_words(token.children or ()))
            case "inline" | "fence":
                words = _words(token.children) if token.children is not None else token.content.rstrip("\n")
                blocks.append((mark if words[:1] not in "☐☑" else "") + words)
                mark = ""
    return "\n".join(blocks)


def _words(children: Sequence[Token]) -> str:
    return "".join(_word(child) for child in children)


def _word(child: Token) -> str:
    match child.type:
        case "reference":
            return child.markup + child.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "html_inline":  # the only one there is: the box of a task
            return ("☑" if "checked=" in child.content else "☐") if "checkbox" in child.content else ""
        case _:
            return child.content
