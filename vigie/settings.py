"""The user's `config.yaml`, read once at start. A bad key or value ends in one line that names it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from companies.columns import ColumnMap
from digests.schedule import days_of
from leads.offers import Offer
from signals.types import default_taxonomy
from store.errors import Invalid

DEFAULT_FILE = Path("config.yaml")
_SECRET = ("mail.password", "store.url", "search.api_key", "web.secret")  # their values are never shown
_SHORTEST_SECRET = 32


class Section(BaseModel):
    """A block of the file: unknown keys are refused, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreSettings(Section):
    """Where everything is kept."""

    url: str = Field(default="", description="SQLAlchemy address; empty: `vigie.db` in the data folder")


class SearchSettings(Section):
    """Which engine searches, and where it is."""

    engine: Literal["embedded", "elasticsearch"] = "embedded"
    hosts: list[Annotated[str, Field(pattern=r"^https?://[^\s/:@]+:\d{1,5}$")]] = Field(
        default=["http://127.0.0.1:9200"], min_length=1
    )
    api_key: SecretStr = SecretStr("")
    ca_file: Path | None = None
    prefix: str = Field(default="vigie", pattern=r"^[a-z][a-z0-9-]*$")
    shards: int = Field(default=1, ge=1, le=1024)
    replicas: int = Field(default=0, ge=0, le=10)
    timeout_seconds: float = Field(default=30, gt=0, le=600)
    retries: int = Field(default=3, ge=0, le=10)


class CrawlSettings(Section):
    """How politely and how far the crawl goes."""

    user_agent: str = Field(default="Vigie/0.1 (self-hosted news reader; see robots.txt group Vigie)", min_length=1)
    delay_seconds: float = Field(default=1.0, ge=0, le=600)
    timeout_seconds: int = Field(default=30, ge=1, le=600)
    max_bytes: int = Field(default=10_000_000, ge=1000)
    retries: int = Field(default=2, ge=0, le=10)
    longest_minutes: int = Field(default=1440, ge=15, le=1440)
    round_seconds: int = Field(default=3600, ge=10)
    host_seconds: int = Field(default=300, ge=1)
    host_requests: int = Field(default=5000, ge=1)
    follow_articles: bool = True
    extract_seconds: int = Field(default=20, ge=1, le=600)
    extract_megabytes: int = Field(default=1024, ge=256)
    allow_loopback: bool = False


Kind = Literal["feed", "newsroom", "sitemap", "register", "companies"]
"""Of a source; see docs/collection.md."""


class SourceSettings(Section):
    """One address to read."""

    url: str = Field(pattern=r"^(https?://[^\s/]+|file:///\S)")
    name: str = Field(min_length=1)
    language: Literal["fr", "en"] | None = None
    kind: Kind | None = None


class MailSettings(Section):
    """How digests leave: by an SMTP server, or into the outbox folder when no host is given."""

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = Field(default="vigie@localhost", pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    fresh_days: int = Field(default=7, ge=1, le=365)
    summary: bool = True


class WebSettings(Section):
    """Where the pages are served, and under which address mails lead to them."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    url: str = Field(default="http://127.0.0.1:8000", pattern=r"^https?://[^\s/]+(/[^\s]*[^\s/])?$")
    secret: SecretStr = SecretStr("")
    reps_see: Literal["own", "team"] = Field(default="own", description="whose leads a rep sees")

    @field_validator("secret")
    @classmethod
    def _is_long(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < _SHORTEST_SECRET:
            raise ValueError(f"at least {_SHORTEST_SECRET} characters are needed; make it by: openssl rand -hex 32")
        return secret


class NlpSettings(Section):
    """How texts are read."""

    embedding: bool = True


class WorkersSettings(Section):
    """How `vigie schedule` cuts the work for `vigie work`, on PostgreSQL."""

    shares: int = Field(default=4, ge=1, le=1024)
    tries: int = Field(default=5, ge=1, le=20)
    silent_seconds: int = Field(default=120, ge=5, le=86400)


class ScheduleSettings(Section):
    """When `vigie run` does what."""

    round_minutes: int = Field(default=10, ge=1, le=1440)
    digest_at: str = Field(default="07:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    digest_days: str = "mon-fri"
    time_zone: str = "Europe/Paris"

    @field_validator("digest_days")
    @classmethod
    def _are_days(cls, days: str) -> str:
        try:
            days_of(days)
        except Invalid as error:
            raise ValueError(str(error)) from None
        return days

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("there is no such time zone; write it as in 'Europe/Paris'")
        return name


class Settings(BaseSettings):
    """Everything an administrator can set. Environment variables named `VIGIE_…` win over the file."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="VIGIE_", env_nested_delimiter="__")

    data: Path = Field(default=Path("var"), description="folder of the database, the search index and the mails")
    language: Literal["fr", "en"] = Field(default="fr", description="language of mails and labels")
    store: StoreSettings = StoreSettings()
    search: SearchSettings = SearchSettings()
    crawl: CrawlSettings = CrawlSettings()
    sources: list[SourceSettings] = []
    imports: dict[str, ColumnMap] = {}
    offers: list[Offer] = []
    mail: MailSettings = MailSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    web: WebSettings = WebSettings()
    nlp: NlpSettings = NlpSettings()
    workers: WorkersSettings = WorkersSettings()

    @field_validator("offers")
    @classmethod
    def _offers_differ(cls, offers: list[Offer]) -> list[Offer]:
        if twice := [name for name, count in Counter(offer.name for offer in offers).items() if count > 1]:
            raise ValueError(f"the offer '{twice[0]}' is there twice")
        taxonomy = default_taxonomy()
        for offer in offers:
            try:
                offer.check(taxonomy)
            except Invalid as error:
                raise ValueError(str(error)) from None
        return offers

    @field_validator("sources")
    @classmethod
    def _addresses_differ(cls, sources: list[SourceSettings]) -> list[SourceSettings]:
        seen: set[str] = set()
        for source in sources:
            if source.url in seen:
                raise ValueError(f"the address {source.url} is there twice")
            seen.add(source.url)
        return sources

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment before the file (which arrives as the initial values)."""
        return env_settings, init_settings

    @property
    def database_url(self) -> str:
        """The database's SQLAlchemy address."""
        return self.store.url or f"sqlite:///{self.data / 'vigie.db'}"

    @property
    def index_folder(self) -> Path:
        """The folder of the embedded search index."""
        return self.data / "index"


def _one_line(file: Path, error: ValidationError) -> str:
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")  # a misspelt key explains others
    key = ".".join(str(part) for part in first["loc"]) or "(top level)"
    if first["type"] == "extra_forbidden":
        return f"{file}: unknown key '{key}'; check its spelling against the comments of config.yaml"
    if first["type"] == "missing":
        return f"{file}: key '{key}' is missing"
    if key in _SECRET:
        return f"{file}: key '{key}': {first['msg'].removeprefix('Value error, ')}"
    value = repr(first["input"])
    shown = value if len(value) <= 60 else value[:57] + "..."
    return f"{file}: key '{key}': {first['msg'].removeprefix('Value error, ')} (it is {shown})"


def read_yaml(file: Path) -> dict[str, Any]:
    """The keys and values of a file. Raises `Invalid` that names the file, and the line where it can be told."""
    try:
        content = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except FileNotFoundError:
        raise Invalid(f"{file}: no such file") from None
    except UnicodeDecodeError as error:
        raise Invalid(f"{file}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise Invalid(f"{file}: cannot be read ({error.strerror})") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Invalid(f"{file}, line {line}: {error.problem or 'not valid YAML'}") from None
    except yaml.YAMLError as error:
        raise Invalid(f"{file}: not valid YAML ({str(error).splitlines()[0]})") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise Invalid(f"{file}: keys and values are expected at the top, not a {type(content).__name__}")
    if strange := [key for key in content if not isinstance(key, str)]:
        raise Invalid(f"{file}: key {strange[0]!r} must be text")
    return content


def load(file: Path = DEFAULT_FILE) -> Settings:
    """The settings of a file. Raises `Invalid` with one line that names the file and the key or line."""
    content = read_yaml(file)
    try:
        return Settings(**content)
    except ValidationError as error:
        raise Invalid(_one_line(file, error)) from None
