"""Jinja2 for pages and fragments. A fragment is one template, the same for everybody who may read its place."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from . import i18n, times

_PACKAGE = Path(__file__).resolve().parent.parent
ROOT = _PACKAGE if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent  # a wheel carries both inside the package
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"


@cache
def static_version() -> str:
    """One hash over every asset: the folder name under which the whole tree is served, immutable."""
    total = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(STATIC).as_posix().encode())
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a file in `static/`."""
    return f"/static/{static_version()}/{name}"


@lru_cache(maxsize=8)
def environment(lang: str) -> Environment:
    """The templates in one language: words are looked up once, when a template is compiled or rendered."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    i18n.install(env, lang)
    env.globals.update(asset=asset, lang=lang, time_tag=_time_tag(lang))
    return env


zone = "UTC"  # the organisation's, set once when the house is built; the browser shows its own


def _time_tag(lang: str) -> Any:
    """No `now`: the text is absolute, so that a fragment stays the same bytes for ever."""

    def tag(at: int, style: str = "clock") -> Markup:
        return times.time_tag(at, style, lang, zone)

    return tag


def render(template: str, lang: str, **context: Any) -> str:
    """One template in one language."""
    return environment(lang).get_template(template).render(**context)
