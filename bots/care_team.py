"""Care teams, in Slack: who is served there, with what, and how events come in."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Final

from adapters.clock import Clock
from adapters.drawing.picture import Pictures
from adapters.outcome import Unreachable
from adapters.slack.app import SlackApp
from adapters.slack.client import SlackClient
from adapters.slack.home import Prompt
from adapters.slack.manifest import PATH as PATH
from adapters.slack.manifest import Wording
from adapters.store import Store
from adapters.store.broadcasts import Broadcasts
from adapters.store.budget import Bot
from adapters.store.queries import PATIENCE
from adapters.tasks import Tasks
from bots.broadcasts import SLACK_RATE, Teller, broadcasts_of
from bots.courier import Sender
from bots.desk import Desk, Rights
from bots.respond import responder
from bots.settings import Settings
from content.load import LIBRARY
from content.model import Library
from content.screen import Screen
from content.turn import trouble

_LONGEST_PAUSE: Final = 60.0
_PROMPTS: Final = ("side_effects", "checkpoint", "urgent", "words")
log = logging.getLogger(__name__)


class CareTeam:
    """The Slack bot as a running part of the program.

    `telegram` gives the other bot's user name, empty where it is not known; `ordered` is called where somebody ordered a broadcast.
    """

    def __init__(
        self,
        settings: Settings,
        library: Callable[[], Library],
        store: Store,
        clock: Clock,
        *,
        telegram: Callable[[], str] = str,
        ordered: Callable[[], None] = lambda: None,
    ) -> None:
        self._library, self._clock = library, clock
        self._broadcasters = settings.slack_broadcasters
        desk = desk_of(settings, library, broadcasts_of(settings, library, store, clock.now), telegram, ordered)
        self._client = SlackClient(settings.slack_bot_token.get_secret_value(), clock, settings.slack_api_url, Pictures(LIBRARY))
        self._by_socket = not settings.slack_signing_secret.get_secret_value()
        self._later = Tasks()
        self.app = SlackApp(
            self._client,
            responder(library, store, "care-team", clock, self._later, desk),
            self._trouble,
            clock,
            signing_secret=settings.slack_signing_secret.get_secret_value(),
            app_token=settings.slack_app_token.get_secret_value(),
            prompts=lambda language: prompts(library(), language),
        )
        self._accepted = False

    @property
    def accepted(self) -> bool:
        """Whether Slack has let us in, and still takes the token."""
        return self._accepted and self._client.token_taken

    @property
    def teller(self) -> Teller:
        """Where broadcasts are told."""
        return Teller(self._client, self._broadcasters, lambda: self._accepted)

    @property
    def counts(self) -> Mapping[str, int]:
        """What did not go as it should, by name."""
        return asdict(self.app.counters)

    async def serve(self) -> None:
        """Sign in, however long that takes, and let Slack in. Raises WrongToken."""
        pause = 1.0
        while not self._accepted:
            try:
                await self._connect()
            except Unreachable as error:
                log.warning("%s; trying again in %g s", error, pause)
                await self._clock.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        log.info("Slack: serving %s", "by Socket Mode" if self._by_socket else "by HTTP")

    @property
    def sender(self) -> Sender:
        """What brings tips here; which workspace it is, Slack tells when it lets us in."""
        return Sender(self._client, "care-team", lambda: Bot("slack", self._client.space, SLACK_RATE) if self._accepted else None)

    async def stop(self) -> None:
        """Finish what was begun, then take nothing more."""
        await self.app.stop()
        await self._later.drain(PATIENCE)

    async def close(self) -> None:
        """Close the connections, the one too that was opened while the program was stopping."""
        await self.app.stop()
        await self._client.close()

    async def _connect(self) -> None:
        await self._client.connect()
        if self._by_socket:
            await self.app.start_socket()
        self._accepted = True

    def _trouble(self, language: str) -> Screen:
        return trouble(self._library(), language)


def desk_of(
    settings: Settings, library: Callable[[], Library], broadcasts: Broadcasts, telegram: Callable[[], str], ordered: Callable[[], None]
) -> Desk:
    """Who may do what here, as the settings say."""
    rights = Rights(settings.slack_broadcasters, settings.slack_staff or settings.slack_broadcasters)
    return Desk(library, broadcasts, rights, telegram=telegram, pages=settings.public_url.rstrip("/"), woken=ordered)


def prompts(library: Library, language: str) -> Sequence[Prompt]:
    """Questions to start with, in the person's language."""
    spoken = library.spoken(language)
    return [Prompt(asked, asked) for name in _PROMPTS if (asked := library.phrase(spoken, f"slack.prompt_{name}"))]


def wording(library: Library) -> Wording:
    """What the manifest says to people, in English, as Slack's directory has one language."""
    say = library.phrases["en"]
    return Wording(say["slack.description"], say["slack.agent"], say["slack.command"], say["slack.usage"], prompts(library, "en"))
