"""The second lock: an allow-list over the HTML of the parser, which writes nothing else to begin with."""

import functools

import nh3

from .markdown_code import classes

TAGS = {
    *("p", "br", "strong", "em", "s", "a", "span", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "div"),
    *("table", "thead", "tbody", "tr", "th", "td", "label", "input"),
}


@functools.cache
def cleaner() -> nh3.Cleaner:
    """The sanitiser, made once: its lists take longer to read than a message."""
    return nh3.Cleaner(
        tags=TAGS,
        attributes={
            "*": set(),
            "a": {"href"},
            "span": {"data-mention"},
            "ol": {"start"},
            "li": {"value"},
            "pre": {"tabindex"},
            "div": {"tabindex"},
        },
        tag_attribute_values={
            "a": {"target": {"_blank"}},
            "input": {"type": {"checkbox"}, "disabled": {"disabled"}, "checked": {"checked"}},
        },
        allowed_classes={
            "a": {"channel"},
            "span": {"mention", *classes()},
            "code": {"code"},
            "div": {"table"},
            "th": {"right", "center"},
            "td": {"right", "center"},
            "ul": {"contains-task-list"},
            "ol": {"contains-task-list"},
            "li": {"task-list-item"},
            "input": {"task-list-item-checkbox"},
        },
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener nofollow ugc",
    )
