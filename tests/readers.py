"""Readers of the conversation, with or without tips, and one turn of theirs."""

from dataclasses import replace
from datetime import UTC, date, datetime

from content.conversation import answer, whose
from content.events import Event, Go, Say
from content.model import Library
from content.people import Address, Audience, Choose, Enrolment, Erase, Gap, Kept, Reader, Subscription
from content.screen import MAXIMUM_TARGET_BYTES, Button, Press, Screen, press_data, read_press
from content.subscribing import USUAL_DAYS, changed
from content.turn import Answer

NOW = datetime(2026, 11, 24, 21, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ANNA = Address("telegram", "1", "42")
GROUP = Address("telegram", "1", "-100")
NURSE = Address("slack", "T1", "U1")
WARD = Address("slack", "T1", "C1")
STARTING = {"starting": Enrolment()}
SUBSCRIBED = Subscription("Europe/Madrid", 10, USUAL_DAYS, TODAY, STARTING)
STOPPED = replace(SUBSCRIBED, state="stopped", stopped=NOW)
MOST_BUTTONS = 8
FIXED = 3


class Person:
    """Somebody whose one row is kept as the store would keep it: what they typed or tapped, and what they saw."""

    def __init__(
        self,
        library: Library,
        subscription: Subscription | None = None,
        *,
        address: Address = ANNA,
        audience: Audience = "patient",
        language: str = "en",
        region: str | None = None,
        zone: str | None = None,
        room: Address | None = None,
        alone: bool = False,
    ) -> None:
        self.library, self.now, self.language, self.zone, self.room, self.alone = library, NOW, language, zone, room or address, alone
        self.address, self.reader = address, Reader(address, audience, None, region, subscription=subscription)
        self.answer = Answer((Screen("", (), language),))

    @property
    def subscription(self) -> Subscription | None:
        """How the tips stand now."""
        return self.reader.subscription

    @property
    def screen(self) -> Screen:
        """What is seen last."""
        return self.answer.screens[-1]

    @property
    def text(self) -> str:
        """Every word that is seen."""
        return "\n\n".join(screen.text for screen in self.answer.screens)

    def says(self, words: str) -> "Person":
        """Type."""
        return self._does(Say(self.address, self.room, words, self.language, self.zone, alone=self.alone))

    def goes(self, target: str, *, below: bool = False) -> "Person":
        """Tap a button that leads there."""
        return self._does(Go(self.address, self.room, target, self.language, below, self.zone, alone=self.alone))

    def taps(self, label: str) -> "Person":
        """Tap the button with this label."""
        return self.goes(next(button.target for button in self.screen.buttons() if button.label == label))

    def targets(self) -> list[str]:
        """Where the buttons lead."""
        return [button.target for button in self.screen.buttons()]

    def _does(self, event: Event) -> "Person":
        reader = replace(self.reader, address=whose(self.library, event))
        kept = Kept(reader.language, reader.region, TODAY, reader.subscription) if reader.language or reader.subscription else None
        self.answer = answer(self.library, event, replace(reader, kept=kept), self.now)
        for change in (*self.answer.changes, *self.answer.later):
            match change:
                case Choose():
                    self.reader = replace(self.reader, language=change.language or self.reader.language)
                case Erase():
                    self.reader = replace(self.reader, language=None, region=None, subscription=None)
                case Gap():
                    pass  # it is nobody's
                case _:
                    self.reader = replace(self.reader, subscription=changed(self.reader.subscription, change, self.now))
        return self


def problems(screen: Screen, target: str = "") -> list[str]:
    """What is wrong with a screen, whichever it is: too long, too many buttons, one that is too long or leads back to itself."""
    buttons = list(screen.buttons())
    targets = [button.target for button in buttons]
    found = [f"{len(screen.text)} characters"] if not 0 < len(screen.text) <= 1_000 else []
    found += [f"{len(buttons)} buttons"] if not buttons or len(buttons) > MOST_BUTTONS + FIXED else []
    found += ["two buttons lead to one place"] if len(set(targets)) < len(targets) else []
    found += ["a button leads to itself"] if target in targets else []
    return found + [problem for button in buttons for problem in _problems(button, screen.language)]


def _problems(button: Button, language: str) -> list[str]:
    found = [f"the label `{button.label}` is too long"] if len(button.label) > 24 else []
    read = read_press(press_data(Press(language, button.target, below=True)))
    valid = read is not None and len(button.target.encode()) <= MAXIMUM_TARGET_BYTES
    return found if valid else [*found, f"the target `{button.target}` cannot be read back"]
