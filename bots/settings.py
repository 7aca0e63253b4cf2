"""Everything that an operator can set: the environment, `.env`, or a file named by `<NAME>_FILE`."""

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
Port = Annotated[int, Field(ge=1, le=65535)]


class WrongSettings(Exception):
    """What an operator must mend; `problems` name settings and never hold a value."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class Settings(BaseModel):
    """The settings under their own names; empty means not set."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, populate_by_name=True, extra="ignore")

    telegram_bot_token: SecretStr = SecretStr("")
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_broadcasters: Names = ()
    slack_staff: Names = ()
    database_url: SecretStr = SecretStr("sqlite:///data/immunobot.db")
    public_url: str = ""
    host: str = ""
    port: Port = 8080
    metrics_port: Port | None = None
    metrics_host: str = "127.0.0.1"
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    slack_api_url: str = "https://slack.com/api/"
    institution: Path | None = None
    telegram_rate: Annotated[float, Field(gt=0, le=1000)] = 30.0
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        problems = [*_token_problems(self), *_address_problems(self)]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def listen_on(self) -> str:
        """The address to listen on: every interface only where the world is told of us."""
        return self.host or ("0.0.0.0" if self.public_url else "127.0.0.1")

    @property
    def webhook_secret(self) -> str:
        """The secret that Telegram shows: the one set, else one derived from the token, the same on every replica."""
        token = self.telegram_bot_token.get_secret_value()
        derived = hmac.new(token.encode(), b"immunobot webhook", hashlib.sha256).hexdigest()
        return self.telegram_webhook_secret.get_secret_value() or derived

    def secrets(self) -> tuple[str, ...]:
        """Every value that no log line may hold."""
        hidden = (
            self.telegram_bot_token,
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_signing_secret,
            self.telegram_webhook_secret,
        )
        return tuple(value for secret in hidden if (value := secret.get_secret_value()))


def _token_problems(settings: Settings) -> list[str]:
    problems = []
    if settings.slack_bot_token.get_secret_value() and not (
        settings.slack_app_token.get_secret_value() or settings.slack_signing_secret.get_secret_value()
    ):
        problems.append("SLACK_APP_TOKEN: set it for Socket Mode, or SLACK_SIGNING_SECRET for HTTP")
    secret = settings.telegram_webhook_secret.get_secret_value()
    if len(secret) > 256 or (not secret.replace("-", "").replace("_", "").isalnum() and secret):
        problems.append("TELEGRAM_WEBHOOK_SECRET: use 1 to 256 letters, digits, _ and -")
    return problems


def _address_problems(settings: Settings) -> list[str]:
    problems = []
    if settings.public_url and not _is_public(settings.public_url):
        problems.append("PUBLIC_URL: begin with https:// (http:// only for this computer)")
    for name, url in (("TELEGRAM_API_URL", settings.telegram_api_url), ("SLACK_API_URL", settings.slack_api_url)):
        if not url.startswith(("https://", "http://")):
            problems.append(f"{name}: begin with https:// or http://")
    if not settings.slack_api_url.endswith("/api/"):
        problems.append("SLACK_API_URL: end with /api/")
    if not settings.database_url.get_secret_value().startswith(("sqlite:///", "postgresql://")):
        problems.append("DATABASE_URL: begin with sqlite:/// or postgresql://")
    return problems


def _is_public(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))


def read_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """The settings, the environment before `.env` of that folder. Raises WrongSettings with all that is wrong."""
    problems: list[str] = []
    values: dict[str, str] = {}
    given = {key: value for key, value in dotenv_values(folder / ".env").items() if value is not None} | dict(environment)
    for field in Settings.model_fields:
        value = _value(given, field.upper(), problems)
        values |= {field: value} if value else {}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        problems += [
            line
            for each in error.errors(include_input=False, include_url=False, include_context=False)
            for line in _told(each["loc"], each["msg"])
        ]
        settings = None
    if problems or settings is None:
        raise WrongSettings(problems)
    return settings


def _value(given: Mapping[str, str], name: str, problems: list[str]) -> str:
    path = given.get(f"{name}_FILE", "").strip()
    if not path:
        return given.get(name, "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        problems.append(f"{name}_FILE: name a file that can be read")
        return ""


def _told(location: tuple[str | int, ...], message: str) -> list[str]:
    if not location:
        return message.removeprefix("Value error, ").splitlines()
    return [f"{str(location[0]).upper()}: {message[:1].lower()}{message[1:]}"]
