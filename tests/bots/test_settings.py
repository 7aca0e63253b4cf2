"""Settings: a wrong one is named, its value never shown."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bots.settings import Settings, WrongSettings, read_settings

TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def wrong(tmp_path: Path, **environment: str) -> tuple[str, ...]:
    """The problems of this environment."""
    with pytest.raises(WrongSettings) as caught:
        read_settings(environment, tmp_path)
    return caught.value.problems


def test_nothing_set_is_enough(tmp_path: Path) -> None:
    """Every setting has a default."""
    settings = read_settings({}, tmp_path)
    assert settings == Settings()
    assert settings.listen_on == "127.0.0.1"


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    """A value in `.env` counts until the environment says otherwise."""
    (tmp_path / ".env").write_text("PORT=9000\nLOG_LEVEL=ERROR\n", encoding="utf-8")
    settings = read_settings({"PORT": "9001"}, tmp_path)
    assert (settings.port, settings.log_level) == (9001, "ERROR")


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    """`<NAME>_FILE` names a file that holds the value."""
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    settings = read_settings({"TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "token")}, tmp_path)
    assert settings.telegram_bot_token.get_secret_value() == TOKEN


def test_every_secret_is_known_to_the_logs(tmp_path: Path) -> None:
    """The derived one is hidden too."""
    given = {"TELEGRAM_BOT_TOKEN": TOKEN, "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "signed"}
    settings = read_settings(given, tmp_path)
    assert {*given.values(), settings.webhook_secret} == set(settings.secrets())
    assert Settings().secrets() == ()


def test_a_setting_and_its_file_together_are_a_question(tmp_path: Path) -> None:
    """Which one is meant is not guessed; but the environment goes before what `.env` says of the same setting."""
    (tmp_path / "token").write_text(TOKEN, encoding="utf-8")
    problems = wrong(tmp_path, TELEGRAM_BOT_TOKEN="1:a", TELEGRAM_BOT_TOKEN_FILE=str(tmp_path / "token"))
    assert problems == ("TELEGRAM_BOT_TOKEN, TELEGRAM_BOT_TOKEN_FILE: set one of the two",)
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN_FILE={tmp_path}/token\n", encoding="utf-8")
    assert read_settings({"TELEGRAM_BOT_TOKEN": "1:a"}, tmp_path).telegram_bot_token.get_secret_value() == "1:a"


def test_what_stands_in_the_file_is_taken_to_the_letter(tmp_path: Path) -> None:
    """A `$` in a password asks the environment for nothing, and an editor's byte order mark hides no setting."""
    (tmp_path / ".env").write_text("\ufeffDATABASE_URL=postgresql://u:a${HOME}b@h/d\n", encoding="utf-8")
    assert read_settings({}, tmp_path).database_url.get_secret_value() == "postgresql://u:a${HOME}b@h/d"


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """Neither `.env` nor a secret's file may crash the program."""
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00hunter2")
    problems = wrong(tmp_path, SLACK_BOT_TOKEN_FILE=str(tmp_path / ".env"), SLACK_APP_TOKEN_FILE=str(tmp_path))
    assert [problem.split(":")[0] for problem in problems] == [".env", "SLACK_BOT_TOKEN_FILE", "SLACK_APP_TOKEN_FILE"]


def test_all_problems_are_told_at_once_and_no_value_with_them(tmp_path: Path) -> None:
    """Each wrong setting is named; what was written there is not repeated."""
    problems = wrong(tmp_path, PORT="hunter2", LOG_LEVEL="hunter2", TELEGRAM_RATE="-hunter2", SLACK_SIGNING_SECRET_FILE="/hunter2")
    assert [problem.split(":")[0] for problem in problems] == ["SLACK_SIGNING_SECRET_FILE", "PORT", "TELEGRAM_RATE", "LOG_LEVEL"]
    assert "hunter2" not in " ".join(problems)


def test_settings_that_do_not_fit_together_are_named(tmp_path: Path) -> None:
    """Slack needs a way in, and addresses need their shape."""
    problems = wrong(
        tmp_path, SLACK_BOT_TOKEN="xoxb-1", PUBLIC_URL="http://example.org", SLACK_API_URL="https://x/", DATABASE_URL="mysql://u:p@h/d"
    )
    assert [problem.split(":")[0] for problem in problems] == ["SLACK_APP_TOKEN", "PUBLIC_URL", "SLACK_API_URL", "DATABASE_URL"]


def test_one_wrong_setting_does_not_hide_another(tmp_path: Path) -> None:
    """What is wrong by itself and what does not fit together are told in one go."""
    problems = wrong(tmp_path, PORT="hunter2", PUBLIC_URL="ftp://hunter2", TELEGRAM_BOT_TOKEN="1:hunter2 \u0430")
    assert [problem.split(":")[0] for problem in problems] == ["PORT", "TELEGRAM_BOT_TOKEN", "PUBLIC_URL"]
    assert "hunter2" not in " ".join(problems)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("PUBLIC_URL", value)
            for value in ("https://", "https://[hunter2]/", "https://h:99999", "https://h/?hunter2", "https://hunter2@h", "h")
        ),
        *(("PUBLIC_URL", value) for value in ("http://127.evil.example", "http://localhost.example")),
        *(("TELEGRAM_API_URL", value) for value in ("hunter2", "https://", "https://h/bot", "https://h/bot1:hunter2")),
        *(("SLACK_API_URL", value) for value in ("https:///api/", "hunter2/api/")),
        *(("DATABASE_URL", value) for value in ("postgres://u:hunter2@h/d", "sqlite://", "hunter2")),
        *(("PORT", value) for value in ("0", "65536", "-1", "8080.5")),
        *(("TELEGRAM_RATE", value) for value in ("0", "nan", "inf", "-1")),
        *(("TELEGRAM_WEBHOOK_SECRET", value) for value in ("hunter2!", "x" * 257, "\u0430")),
        *(("HOST", value) for value in ("999.1.1.1", "hunter2 here", "127.0.0.1:80")),
        *(("SLACK_BROADCASTERS", value) for value in ("@hunter2,U1", "U1,U1", "Nurse Hunter2", "C0WARD", "u1")),
        ("SLACK_STAFF", "C0WARD"),
        *(("TELEGRAM_BOT_TOKEN", value) for value in ("...", "\u2026", "hunter2")),
        *(("SLACK_SIGNING_SECRET", value) for value in ("...", "hunter2 hunter2")),
        *(("SLACK_APP_TOKEN", value) for value in ("...", "hunter2")),
        ("METRICS_PORT", "8080"),
        ("SLACK_APP_TOKEN", "xoxb-hunter2"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(tmp_path: Path, name: str, value: str) -> None:
    """Each problem begins with the setting."""
    problems = wrong(tmp_path, **{name: value})
    assert {problem.split(":")[0] for problem in problems} == {name}
    assert "hunter2" not in " ".join(problems)


@pytest.mark.parametrize("name", ["PORT", "METRICS_PORT", "TELEGRAM_RATE", "LOG_LEVEL", "LOG_FORMAT"])
def test_a_wrong_value_is_told_in_our_words(tmp_path: Path, name: str) -> None:
    """What to write, and not what a library calls it."""
    (problem,) = wrong(tmp_path, **{name: "x"})
    assert problem.startswith(f"{name}: write ")


def test_a_problem_holds_its_value_nowhere(tmp_path: Path) -> None:
    """The error carries nothing that could tell it."""
    with pytest.raises(WrongSettings) as caught:
        read_settings({"PORT": "hunter2"}, tmp_path)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("url", ["http://localhost:8080", "http://[::1]:8080/", "https://bot.example.org/immunobot"])
def test_an_address_of_this_computer_or_with_tls_is_public(tmp_path: Path, url: str) -> None:
    """Plain http is for loopback only."""
    assert read_settings({"PUBLIC_URL": url}, tmp_path).public_url == url


def test_words_of_the_log_may_be_small_or_large(tmp_path: Path) -> None:
    """`debug` means DEBUG."""
    settings = read_settings({"LOG_LEVEL": "debug", "LOG_FORMAT": "JSON"}, tmp_path)
    assert (settings.log_level, settings.log_format) == ("DEBUG", "json")


def test_the_settings_cannot_be_changed() -> None:
    """They are read once."""
    with pytest.raises(ValidationError):
        Settings().port = 1


def test_a_public_address_listens_to_the_world(tmp_path: Path) -> None:
    """With PUBLIC_URL the server listens on every interface unless HOST says otherwise."""
    assert read_settings({"PUBLIC_URL": "https://bot.example.org"}, tmp_path).listen_on == "0.0.0.0"
    assert read_settings({"PUBLIC_URL": "http://127.0.0.1:8080", "HOST": "127.0.0.1"}, tmp_path).listen_on == "127.0.0.1"


def test_the_webhook_secret_is_the_same_on_every_replica(tmp_path: Path) -> None:
    """It is derived from the token where none is set, and cannot be turned back into it."""
    one, two = (read_settings({"TELEGRAM_BOT_TOKEN": TOKEN}, tmp_path).webhook_secret for _ in range(2))
    assert one == two
    assert TOKEN not in one


def test_lists_are_split_at_commas(tmp_path: Path) -> None:
    """Names in a list lose the spaces around them."""
    assert read_settings({"SLACK_BROADCASTERS": "U1, U2,"}, tmp_path).slack_broadcasters == ("U1", "U2")


def test_a_secret_never_shows_itself(tmp_path: Path) -> None:
    """Printing the settings shows no token."""
    assert TOKEN not in repr(read_settings({"TELEGRAM_BOT_TOKEN": TOKEN}, tmp_path))
