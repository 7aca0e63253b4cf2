"""The screens of an urgent answer: what to do first, who to call, what to say. Every sentence stands in `urgent.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from content.model import Helpline, Library
from content.screen import Button, Screen
from content.urgent import UNNAMED, Danger

SELF_HARM: Final = "self-harm"
_DAY: Final = "%Y%m%d"
_DAY_LENGTH: Final = 8
_OFTEN_CALMING: Final = frozenset({"anaphylaxis", "gullet", "hepatitis-b"})


def urgent_screens(
    library: Library, danger: Danger, region: str, language: str, *, helper: bool, until: date | None = None
) -> tuple[Screen, Screen]:
    """The two messages: the action first, then what else helps. `helper`: it is read by somebody who helps the patient.

    `until` is the end of the pause that the danger begins; the button "not now" carries it.
    """
    voice = _Voice(library, region, language, "_helper" if helper else "")
    speaks_of_self_harm = danger.group == SELF_HARM and danger.tier == "emergency"
    first, second = _self_harm(voice) if speaks_of_self_harm else (_first(voice, danger), voice.says("second"))
    if danger.group == UNNAMED:
        # It may be despair that was told sideways.
        second = f"{second}\n{voice.line('crisis', crisis=voice.crisis)}"
    if danger.group == SELF_HARM and not speaks_of_self_harm:
        second = f"{voice.line('crisis', crisis=voice.crisis)}\n{voice.says('self_harm_second')}"
    return Screen(first, (), language), Screen(second, _rows(voice, danger, until), language)


def numbers_text(library: Library, region: str, language: str) -> str:
    """The numbers of a region, one a line; a crisis or poison number only where somebody has read it."""
    voice = _Voice(library, region, language)
    place = voice.place
    lines = [voice.line("emergency", number=voice.number(noted=True)), _team_line(voice), voice.line("crisis", crisis=voice.crisis)]
    if place.poison:
        lines.append(voice.line("poison", poison=place.poison))
    return "\n".join(f"- {line}" for line in lines)


def emergency_number(library: Library, region: str, language: str) -> str:
    """The emergency number of a region; the words for it, and what mostly works, where it is not known."""
    return _Voice(library, region, language).number(noted=True)


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who speaks, where and to whom: `to` is the mark of the sentences for a helper."""

    library: Library
    region: str
    language: str
    to: str = ""

    @property
    def answer(self) -> Mapping[str, str]:
        return self.library.urgent[self.language].answer

    @property
    def place(self) -> Helpline:
        return self.library.helplines.get(self.region) or self.library.helplines[""]

    @property
    def crisis(self) -> str:
        lines = self.place.crisis or self.library.helplines[""].crisis or {}
        return lines.get(self.language) or lines.get("en", "")

    def number(self, *, noted: bool = False) -> str:
        """The emergency number, or the words for it where it is not known; `noted` adds what mostly works."""
        local = self.answer["local"]
        return self.place.emergency or (self.answer["local_note"].format(local=local) if noted else local)

    def team(self) -> str:
        """The institution's urgent line, else where a patient finds the number."""
        institution = self.library.institution
        return institution.urgent_line if institution else self.says("wallet")

    def says(self, key: str, **values: str) -> str:
        """A sentence for this reader, its `{names}` filled in."""
        return self.answer.get(key + self.to, self.answer[key]).format(**values).strip()

    def line(self, key: str, **values: str) -> str:
        """A line of numbers."""
        return self.answer[f"line_{key}"].format(**values)


def _first(voice: _Voice, danger: Danger) -> str:
    group = voice.library.urgent[voice.language].groups[danger.group]
    medicine = (group.medicine_helper if voice.to else group.medicine) if danger.medicine and danger.tier == "emergency" else ""
    calming = danger.calming or danger.group in _OFTEN_CALMING
    lines = [*_call(voice, danger), voice.says("say_calming" if calming else "say"), voice.says("drive")]
    ordered = [medicine, *lines] if danger.group == "anaphylaxis" else [*lines, medicine]
    return "\n".join(line for line in ordered if line)


def _call(voice: _Voice, danger: Danger) -> list[str]:
    if danger.tier == "emergency":
        return [voice.says("emergency", number=voice.number(noted=True)), voice.says("team", line=voice.team())]
    after_hours = voice.answer.get(f"after_hours_{voice.region}", voice.number())
    return [voice.says("today", line=voice.team(), after_hours=after_hours)]


def _self_harm(voice: _Voice) -> tuple[str, str]:
    # Nobody can call a web address.
    first = "self_harm" if any(map(str.isdigit, voice.crisis)) else "self_harm_web"
    return voice.says(first, crisis=voice.crisis, number=voice.number(noted=True)), voice.says("self_harm_second")


def _team_line(voice: _Voice) -> str:
    institution = voice.library.institution
    if institution is None:
        return voice.line("wallet")
    hours = f", {institution.hours}" if institution.hours else ""
    return voice.line("team", team=institution.team, line=institution.urgent_line, hours=hours)


def read_day(day: str) -> date | None:
    """The day that a button carries as `20261201`; None where it carries none."""
    try:
        return datetime.strptime(day, _DAY).date() if len(day) == _DAY_LENGTH else None
    except ValueError:
        return None


def _rows(voice: _Voice, danger: Danger, until: date | None) -> tuple[tuple[Button, ...], ...]:
    """Where the region is not known a button asks for it."""
    last = tuple(_button(voice, name, name) for name in (*(() if voice.region else ("region",)), "urgent", "menu"))
    if danger.group == SELF_HARM:
        return (last,)
    day = f"/{until.strftime(_DAY)}" if until else ""
    return (_button(voice, "not_now", f"urgent/not-now/{danger.group}{day}"),), last


def _button(voice: _Voice, name: str, target: str) -> Button:
    return Button(voice.library.phrase(voice.language, f"buttons.{name}"), target)
