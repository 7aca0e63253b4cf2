"""Everything that an operator can set: the environment, `.env`, or a file named by `<NAME>_FILE`."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SECRETS: Final = ("telegram_bot_token", "slack_bot_token", "slack_app_token", "slack_signing_secret", "telegram_webhook_secret")

_PORT: Final = "write a whole number from 1 to 65535"
# What is wanted of a setting that is no free text.
_WANTED: Final = {
    "port": _PORT,
    "metrics_port": _PORT,
    "telegram_rate": "write a number of messages a second, above 0 and at most 1000",
    "log_level": "write DEBUG, INFO, WARNING or ERROR",
    "log_format": "write text or json",
}


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


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
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = "INFO"
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = "text"

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        problems = [*_secret_problems(self), *_slack_problems(self), *_people_problems(self), *_address_problems(self)]
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
        """Every value that no log line may hold, the derived one too."""
        derived = self.webhook_secret if self.telegram_bot_token else ""
        return tuple(value for value in (*_revealed(self).values(), derived) if value)


def _revealed(settings: Settings) -> dict[str, str]:
    return {field: getattr(settings, field).get_secret_value() for field in _SECRETS}


def _secret_problems(settings: Settings) -> list[str]:
    problems = [
        f"{field.upper()}: copy it again; it has no spaces and only plain letters"
        for field, value in _revealed(settings).items()
        if value and not re.fullmatch(r"[!-~]*[0-9A-Za-z][!-~]*", value)
    ]
    if not problems and not re.fullmatch(r"|\d+:[\w-]+", settings.telegram_bot_token.get_secret_value()):
        problems.append("TELEGRAM_BOT_TOKEN: copy it again; BotFather gives a number, a colon and letters")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", settings.telegram_webhook_secret.get_secret_value()):
        problems.append("TELEGRAM_WEBHOOK_SECRET: use 1 to 256 letters, digits, _ and -")
    return problems


def _slack_problems(settings: Settings) -> list[str]:
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    problems = []
    if bot and not app and not settings.slack_signing_secret:
        problems.append("SLACK_APP_TOKEN: set it for Socket Mode, or SLACK_SIGNING_SECRET for HTTP")
    if bot and not bot.startswith(("xoxb-", "xoxe.xoxb-")):
        problems.append("SLACK_BOT_TOKEN: copy the bot's token; it begins with xoxb-")
    if app and not app.startswith("xapp-"):
        problems.append("SLACK_APP_TOKEN: copy the app's token; it begins with xapp-")
    return problems


def _people_problems(settings: Settings) -> list[str]:
    problems = []
    for name, people in (("SLACK_BROADCASTERS", settings.slack_broadcasters), ("SLACK_STAFF", settings.slack_staff)):
        if not all(re.fullmatch(r"[UW][A-Z0-9]+", each) for each in people):
            problems.append(f"{name}: write members' ids, with commas between; Slack shows yours in your profile, it begins with U or W")
        if len(set(people)) < len(people):
            problems.append(f"{name}: name each person once")
    return problems


def _address_problems(settings: Settings) -> list[str]:
    problems = []
    if settings.public_url and not _is_public(settings.public_url):
        problems.append("PUBLIC_URL: begin with https:// (http:// only for this computer), then a host and nothing after its path")
    for name, url in (("TELEGRAM_API_URL", settings.telegram_api_url), ("SLACK_API_URL", settings.slack_api_url)):
        if not _split_address(url):
            problems.append(f"{name}: begin with https:// or http://, then a host")
    if re.search(r"/bot(\d|/?$)", settings.telegram_api_url):
        problems.append("TELEGRAM_API_URL: end before /bot")
    if not settings.slack_api_url.endswith("/api/"):
        problems.append("SLACK_API_URL: end with /api/")
    if not settings.database_url.get_secret_value().startswith(("sqlite:///", "postgresql://")):
        problems.append("DATABASE_URL: begin with sqlite:/// or postgresql://")
    for name, host in (("HOST", settings.host), ("METRICS_HOST", settings.metrics_host)):
        if host and not _is_host(host):
            problems.append(f"{name}: write an address of this computer, as 127.0.0.1, or 0.0.0.0 for all of them")
    if settings.metrics_port == settings.port:
        problems.append("METRICS_PORT: choose another one than PORT")
    return problems


def _is_host(host: str) -> bool:
    """An address, or a name, which has a letter in it."""
    try:
        ip_address(host)
    except ValueError:
        return bool(re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9.-]{1,253}", host))
    return True


def _split_address(url: str) -> SplitResult | None:
    """The parts of a web address, or None where it is none. Python's own complaint would repeat what was written."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if whole else None


def _is_public(url: str) -> bool:
    parts = _split_address(url)
    if parts is None or parts.username or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or parts.hostname in _LOOPBACK


def read_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """The settings, the environment before `.env` of that folder. Raises WrongSettings with all that is wrong."""
    problems: list[str] = []
    layers = (environment, _written(folder / ".env", problems))
    values = {field: value for field in Settings.model_fields if (value := _value(layers, field.upper(), problems))}
    settings = _checked(values, problems)
    if settings is None or problems:
        raise WrongSettings(problems)
    return settings


def _checked(values: Mapping[str, str], problems: list[str]) -> Settings | None:
    """The settings, or None and what is wrong. What is wrong by itself is left out then, so that what does not fit together is told too."""
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
    problems += [line for each in found for line in _told(each["loc"], each["msg"])]
    alone = {each["loc"][0] for each in found if each["loc"]}
    if alone:
        _checked({field: value for field, value in values.items() if field not in alone}, problems)
    return None


def _written(path: Path, problems: list[str]) -> dict[str, str]:
    """What stands in the file, to the letter: a `$` in a password asks for nothing."""
    try:
        found = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        problems.append(f"{path.name}: make it a text file that can be read, in UTF-8")
        return {}
    return {name: value for name, value in found.items() if value is not None}


def _value(layers: Iterable[Mapping[str, str]], name: str, problems: list[str]) -> str:
    """The value of the first layer that says anything of the setting; empty where none does."""
    for layer in layers:
        if name in layer or f"{name}_FILE" in layer:
            return _said(layer.get(name, "").strip(), layer.get(f"{name}_FILE", "").strip(), name, problems)
    return ""


def _said(value: str, path: str, name: str, problems: list[str]) -> str:
    if not path:
        return value
    if value:
        problems.append(f"{name}, {name}_FILE: set one of the two")
        return ""
    try:
        return Path(path).read_text(encoding="utf-8-sig").strip()
    except (OSError, ValueError):
        problems.append(f"{name}_FILE: name a text file that can be read")
        return ""


def _told(location: tuple[str | int, ...], message: str) -> list[str]:
    if not location:
        return message.removeprefix("Value error, ").splitlines()
    return [f"{str(location[0]).upper()}: {_WANTED[str(location[0])]}"]
