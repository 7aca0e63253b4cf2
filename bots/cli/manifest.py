"""`immunobot manifest`: the Slack app manifest."""

from typing import Annotated

from cyclopts import Parameter

from adapters.slack.manifest import manifest_text
from bots.care_team import wording
from bots.cli.output import library_or_refuse


def manifest(*, http: Annotated[str | None, Parameter(name="--http")] = None) -> None:
    """Print the Slack app manifest (YAML), ready to paste at api.slack.com/apps.

    Parameters
    ----------
    http
        the public address, such as https://bot.example.org; without it the app uses Socket Mode.

    """
    print(manifest_text(wording(library_or_refuse()), http))
