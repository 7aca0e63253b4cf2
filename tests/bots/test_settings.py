"""Settings: a wrong one is named, its value never shown."""

from pathlib import Path

import pytest

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
    assert settings.secrets() == (TOKEN,)


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
