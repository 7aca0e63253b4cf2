"""The screens of an urgent answer: what to do first, who to call, what to say. Every sentence stands in `urgent.yaml`."""

from typing import Final

from content.model import Helpline, Library
from content.screen import Button, Screen
from content.urgent import Danger

_NOT_CANCER: Final = frozenset({"anaphylaxis", "gullet", "hepatitis-b"})


def urgent_screens(library: Library, danger: Danger, region: str, language: str, *, helper: bool) -> tuple[Screen, Screen]:
    """The two messages: the action first, then what else helps. `helper`: it is read by somebody who helps the patient."""
    first, second = _texts(library, danger, region, language, helper)
    rows = [[_button(library, language, "urgent", "urgent"), _button(library, language, "menu", "menu")]]
    if danger.group != "self-harm":
        rows.insert(0, [_button(library, language, "not_now", f"urgent/not-now/{danger.group}")])
    return Screen(first, (), language), Screen(second, tuple(map(tuple, rows)), language)


def _button(library: Library, language: str, name: str, target: str) -> Button:
    return Button(library.phrase(language, f"buttons.{name}"), target)


def _texts(library: Library, danger: Danger, region: str, language: str, helper: bool) -> tuple[str, str]:
    if danger.group == "self-harm":
        return _self_harm(library, region, language, helper)
    say = library.urgent[language].answer
    second = say["second"] if not helper else f"{say['helper']}\n{say['second']}"
    return "\n".join(_first(library, danger, region, language)), second.strip()


def _first(library: Library, danger: Danger, region: str, language: str) -> list[str]:
    rules = library.urgent[language]
    say = rules.answer
    number = library.helplines[region].emergency
    call = say[f"call_{danger.tier}"].format(number=number) if number else say[f"call_{danger.tier}_unknown"]
    team = say["team"].format(line=library.institution.urgent_line) if library.institution else say["team_unknown"]
    words = say["say_allergy"] if danger.group in _NOT_CANCER else say["say"]
    medicine = rules.groups[danger.group].medicine if danger.tier == "emergency" else ""
    before, after = ([medicine], []) if danger.group == "anaphylaxis" else ([], [medicine])
    return [line for line in (*before, call, team, words, say["drive"], *after) if line]


def _self_harm(library: Library, region: str, language: str, helper: bool) -> tuple[str, str]:
    say, line = library.urgent[language].answer, library.helplines[region]
    number = line.emergency or _emergency(library, line, language).partition(": ")[2]
    text = say["self_harm_helper" if helper else "self_harm"].format(lines=_crisis(library, line, language), number=number)
    return text.strip(), say["self_harm_second"]


def _crisis(library: Library, line: Helpline, language: str) -> str:
    return (line.crisis or library.helplines[""].crisis or {}).get(language, "")


def _emergency(library: Library, line: Helpline, language: str) -> str:
    say = library.urgent[language].answer
    return say["emergency"].format(number=line.emergency) if line.emergency else say["emergency_unknown"]


def numbers_text(library: Library, region: str, language: str) -> str:
    """The numbers of a region, one a line; only those that somebody has read."""
    line, say = library.helplines[region], library.urgent[language].answer
    lines = [_emergency(library, line, language), _team(library, language), say["crisis"].format(lines=_crisis(library, line, language))]
    if line.poison:
        lines.append(say["poison"].format(number=line.poison))
    return "\n".join(f"- {each}" for each in lines)


def _team(library: Library, language: str) -> str:
    say, institution = library.urgent[language].answer, library.institution
    if institution is None:
        return say["wallet"]
    hours = f", {institution.hours}" if institution.hours else ""
    return say["institution"].format(team=institution.team, line=institution.urgent_line, hours=hours)
