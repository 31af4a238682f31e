"""Settings: every one by environment, each also as `NAME_FILE`; an unknown name is an error."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

PREFIX = "INTRANET_"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings with their defaults. Names in the environment are `INTRANET_` and the field in capitals."""

    data: str = "data"  # folder of database, files and keys
    database_url: str = ""  # empty: SQLite in the data folder; postgresql://… otherwise
    bus_url: str = ""  # nats://… or tls://…, several with commas: only with several nodes on one PostgreSQL
    files_url: str = ""  # empty: in the data folder; s3://bucket/folder?endpoint=https://host&region=name otherwise
    files_key: str = ""  # access key of the bucket; empty: what the machine itself may do
    files_secret: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""  # as people open it, such as https://binnen.example; empty: whatever the request says
    name: str = "Binnen"  # the organisation's name beside the mark
    language: str = "de"  # when neither the person nor the browser says
    zone: str = "Europe/Berlin"  # the organisation's time zone
    secret_key: str = ""  # 32 bytes or more; empty: generated once into the data folder
    proxies: str = "127.0.0.1"  # addresses whose X-Forwarded-* count
    file_limit: int = 100 * 1024 * 1024  # bytes per file
    files_per_message: int = 10
    handshakes_per_second: int = 200  # sockets admitted per second; above it 503 with Retry-After
    sockets_per_person: int = 50  # open at once, on all devices together
    writes_per_second: int = 20  # of one person, lastingly; a minute's worth at once; above it 429; 0: no limit
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_from: str = ""
    smtp_tls: str = "starttls"  # starttls, tls or none
    log: str = "auto"  # json, text or auto (text on a terminal)
    demo: bool = False  # one-click sign-in of the sample company; never on a real one


SECRET = frozenset({"secret_key", "smtp_password", "files_secret"})


class ConfigError(Exception):
    """A setting that is unknown or can't be read; the message names it."""


class Origin(msgspec.Struct, frozen=True):
    """Where a setting's value came from: `default`, `environment` or `file PATH`."""

    value: Any
    source: str


def origins(environ: Mapping[str, str]) -> dict[str, Origin]:
    """Every setting with its raw value and origin. Raises ConfigError for unknown names and unreadable files."""
    known = {field.name: field for field in msgspec.structs.fields(Settings)}
    found = {name: Origin(field.default, "default") for name, field in known.items()}
    for key, value in environ.items():
        if not key.startswith(PREFIX):
            continue
        name = key.removeprefix(PREFIX).lower()
        if name in ("venv", "test_pg_url"):  # run.py's and the test suite's own
            continue
        if name.endswith("_file") and name.removesuffix("_file") in known:
            name, source = name.removesuffix("_file"), f"file {value}"
            if f"{PREFIX}{name.upper()}" in environ:
                raise ConfigError(f"{PREFIX}{name.upper()} is set twice: directly and as a file")
            try:
                value = Path(value).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigError(f"{key}: cannot read {value}: {error.strerror}") from error
        elif name in known:
            source = "environment"
        else:
            raise ConfigError(f"{key}: no such setting (see `intranet config show`)")
        found[name] = Origin(value, source)
    return found


def load(environ: Mapping[str, str]) -> Settings:
    """Settings from the environment. Raises ConfigError."""
    values = {name: origin.value for name, origin in origins(environ).items() if origin.source != "default"}
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"settings: {error}") from error
    if settings.secret_key and len(settings.secret_key) < 32:
        raise ConfigError("INTRANET_SECRET_KEY: at least 32 characters")
    if settings.bus_url and not all(_is_bus(url) for url in settings.bus_url.split(",")):
        raise ConfigError("INTRANET_BUS_URL: nats://host:4222 or tls://host:4222, several with commas")
    if settings.bus_url and not settings.database_url:
        raise ConfigError("INTRANET_BUS_URL joins nodes on one PostgreSQL: INTRANET_DATABASE_URL must name it too")
    if settings.smtp_tls not in ("starttls", "tls", "none"):
        raise ConfigError("INTRANET_SMTP_TLS: starttls, tls or none")
    _check_files_url(settings)
    return settings


def _check_files_url(settings: Settings) -> None:
    parts = urlsplit(settings.files_url)
    unknown = parse_qs(parts.query).keys() - {"endpoint", "region", "style"}
    if settings.files_url and (parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc or unknown):
        raise ConfigError("INTRANET_FILES_URL: s3://bucket or s3://bucket/folder?endpoint=https://host&region=name")
    if bool(settings.files_key) != bool(settings.files_secret):
        raise ConfigError("INTRANET_FILES_KEY and INTRANET_FILES_SECRET: both or neither")


def show(environ: Mapping[str, str]) -> str:
    """All settings with value (secrets redacted) and origin, one a line."""
    lines = []
    for name, origin in origins(environ).items():
        value = "(set)" if name in SECRET and origin.value else origin.value
        if name.endswith("_url"):
            value = ",".join(_without_account(url) for url in str(value).split(","))
        lines.append(f"{PREFIX}{name.upper():<24} {value!s:<32} {origin.source}")
    return "\n".join(lines)


def _is_bus(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("nats", "tls") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _without_account(url: str) -> str:
    return "…@" + url.rsplit("@", 1)[1] if "@" in url else url
