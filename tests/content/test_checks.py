"""Each editorial rule has a library that keeps it and one that breaks it."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
import small_library

from content import checks
from content.load import load, text_hash
from content.model import Library

TODAY = date(2026, 11, 24)
CARD = small_library.CARD
Files = dict[str, str | bytes | None]

GUARD = CARD.format(title="What guards you?")
TEXT = GUARD[GUARD.index("text: |") : GUARD.index("action:")]
FORTY = "You see it. " * 13
SOURCES = small_library.FILES["sources.yaml"] + "acs: {organisation: ACS, title: Guide, url: 'https://www.cancer.org/', sure: unchecked}\n"


def guard(text: str = "", **fields: str) -> Files:
    """The small library with its first card changed."""
    card = GUARD.replace(TEXT, "text: |\n" + "\n".join(f"  {line}" for line in text.splitlines()) + "\n") if text else GUARD
    for field, value in fields.items():
        card, found = re.subn(rf"(?m)^{field}: .*$", f"{field}: {value}", card)
        card = card if found else f"{card}{field}: {value}\n"
    return {"en/basics/guard.yaml": card}


def care(text: str) -> Files:
    """The small library with a card for care teams in the place of its first."""
    topic = "title: Care team\nintro: For teams.\nchildren: [guard]\naudience: care-team\n"
    return {
        **guard(text, audience="care-team"),
        "en/basics/guard.yaml": None,
        "es/basics/guard.yaml": None,
        "en/care/guard.yaml": guard(text, audience="care-team")["en/basics/guard.yaml"],
        "en/care/index.yaml": topic,
        "es/care/index.yaml": "title: Equipo\nintro: Para equipos.\n",
        "en/index.yaml": "title: Immunotherapy\nintro: Short answers.\nchildren: [basics, care]\n",
        "en/basics/index.yaml": "title: The basics\nintro: What it is.\nchildren: [limits]\n",
        "en/tips/starting.yaml": small_library.TIPS.replace("basics/guard", "basics/limits"),
        "drugs.yaml": small_library.FILES["drugs.yaml"].replace("basics/guard", "basics/limits"),
        "ids.txt": "basics\nbasics/limits\ncare\ncare/guard\nglossary/antibody\n",
    }


def tip(text: str) -> Files:
    """The small library with another first tip."""
    return {
        "en/tips/starting.yaml": small_library.TIPS.split("tips:")[0]
        + f"tips:\n  guard: {{text: {json.dumps(text)}, card: basics/guard}}\n"
    }


def spanish(text: str, action: str = "Pregunte a su equipo.") -> Files:
    """The small library with a Spanish text for its first card."""
    mark = text_hash(load_card(), "Ask your team.")
    return {"es/basics/guard.yaml": f"title: Guardia\ntext: {json.dumps(text)}\naction: {json.dumps(action)}\nof: {mark}\n"}


def load_card() -> str:
    """The English text of the small library's cards."""
    return "\n".join(line.strip() for line in TEXT.splitlines()[1:])


PATH = "en/basics/guard.yaml"
TIP_PATH = "en/tips/starting.yaml"
LONG = "Immunotherapeutic interventions potentially necessitate multidisciplinary consideration. " * 8
PLAIN = "Your team can help you here. " * 8

BROKEN: dict[str, list[tuple[Files, str]]] = {
    "every-claim-is-answered": [
        (
            {"claims.yaml": small_library.FILES["claims.yaml"] + "S2: {claim: It is new., verdict: 'true', statement: It is.}\n"},
            "claims.yaml: name S2 under `claims:` of 1 more card(s) that answer it",
        ),
        (
            {
                "claims.yaml": "S25: {claim: Only bad cells., verdict: misleading, statement: Not only.}\n",
                "en/basics/guard.yaml": GUARD.replace("[S1]", "[S25]"),
                "en/basics/limits.yaml": CARD.format(title="Limits").replace("claims: [S1]\n", ""),
            },
            "claims.yaml: name S25 under `claims:` of 1 more card(s) that answer it",
        ),
    ],
    "review-is-due": [
        (guard(review_by="2026-11-23"), f"{PATH}: check the card against its sources again; it was due on 2026-11-23"),
    ],
    "helplines-are-fresh": [
        (
            {"helplines.yaml": "checked: 2026-01-01\nplaces: {}\ngeneral: {names: {en: Anywhere, es: Otro}, emergency: '112'}\n"},
            "helplines.yaml: check every number again; the last time was 2026-01-01",
        ),
    ],
    "patient-cards-are-easy": [
        (guard(LONG), f"{PATH}: use shorter words and sentences: grade 46.5, at most 7.0"),
        (guard(LONG), f"{PATH}: use shorter words and sentences: the mean of five formulas is 40.3, at most 9.0"),
    ],
    "the-library-is-easy": [
        (guard(LONG), "en/index.yaml: ease the hardest cards: nine of ten are to be at grade 6.0 or below"),
        (guard(LONG), "en/index.yaml: ease the cards: their mean grade is 24.0, at most 5.0"),
        (guard(LONG), "en/index.yaml: ease the cards: the mean of five formulas is 21.7, at most 7.0"),
    ],
    "care-cards-are-readable": [
        (care(LONG), "en/care/guard.yaml: use shorter words and sentences: grade 46.5, at most 13.0"),
    ],
    "spanish-cards-are-easy": [
        (
            spanish("Inmunoterapéuticamente consideraciones multidisciplinarias imprescindibles. " * 12),
            "es/basics/guard.yaml: use shorter words and sentences: Fernández Huerta -194, INFLESZ -209, at least 70 and 65",
        ),
    ],
    "cards-keep-their-length": [
        (guard("Your immune system guards you, but not always."), f"{PATH}: say it in 40 to 90 words; these are 8"),
        (guard(PLAIN * 2), f"{PATH}: say it in 40 to 90 words; these are 96"),
        (care("Local protocol wins."), "en/care/guard.yaml: say it in 40 to 150 words; these are 3"),
        (spanish("Su equipo le ayuda."), "es/basics/guard.yaml: say it in 45 to 125 words; these are 4"),
    ],
    "terms-keep-their-length": [
        (
            {"en/glossary.yaml": "antibody: {term: Antibody, text: A protein.}\n"},
            "en/glossary.yaml: say `Antibody` in 8 to 25 words; these are 2",
        ),
    ],
    "sentences-are-short": [
        (guard("You see it and " * 6 + "rest. " + FORTY), f"{PATH}: cut the sentence of 25 words; 20 is the most"),
        (guard(("You see it and " * 4 + "rest. ") * 4), f"{PATH}: shorten the sentences from 14.2 words to 11 on average"),
    ],
    "titles-are-short": [
        (guard(title="What is it that is good for you", label="Good"), f"{PATH}: name it in at most 7 words; these are 8"),
    ],
    "screens-fit": [
        (
            {
                "en/index.yaml": "title: Immunotherapy\nintro: Short answers.\nchildren: [basics]\n",
                "en/basics/guard.yaml": GUARD.replace("sources: [nci]", f"sources: [{', '.join(f's{n}' for n in range(30))}]"),
                "sources.yaml": small_library.FILES["sources.yaml"]
                + "".join(
                    f"s{n}: {{organisation: The Society of Long Names Number {n}, title: T, url: null, sure: read}}\n" for n in range(30)
                ),
            },
            f"{PATH}: shorten the card by 466 characters; its en screen is too long",
        ),
    ],
    "hard-words-are-explained": [
        (
            guard(f"{FORTY} You may hear of uveitis too."),
            f"{PATH}: explain `uveitis` in its sentence, or give it an entry in glossary.yaml",
        ),
    ],
    "hard-words-are-few": [
        (
            guard(f"{FORTY} Uveitis, myositis and nephritis can be treated."),
            f"{PATH}: use at most 2 new medical words on a card, not uveitis, myositis, nephritis",
        ),
    ],
    "banned-words-are-absent": [
        (guard(f"{FORTY} It is a miracle."), f"{PATH}: say it without `miracle` (hype)"),
        (guard(f"{FORTY} A deadly illness."), f"{PATH}: say it without `deadly` (fear)"),
        (guard(f"{FORTY} It has no side effects."), f"{PATH}: say it without `no side effects` (promises)"),
        (guard(f"{FORTY} It never comes back."), f"{PATH}: say it without `never comes back` (outcomes without exception)"),
        (guard(f"{FORTY} This means you have it."), f"{PATH}: say it without `this means you have` (diagnosis)"),
        (guard(f"{FORTY} Keep fighting."), f"{PATH}: say it without `fighting` (fighting)"),
        (guard(f"{FORTY} It is your fault."), f"{PATH}: say it without `your fault` (blame)"),
        (
            tip("Ask your team about this breakthrough at your next visit. Write the answer down and keep it."),
            f"{TIP_PATH}: say it without `breakthrough` (hype)",
        ),
        (spanish("Es un milagro. " * 16), "es/basics/guard.yaml: say it without `milagro` (hype)"),
    ],
    "no-dose-is-named": [
        (guard(f"{FORTY} Take 1.5 mg."), f"{PATH}: leave out `1.5 mg`; no clinician has signed a dose here"),
        (guard(action="Take it twice a day."), f"{PATH}: leave out `twice a day`; no clinician has signed a dose here"),
        (care("Local protocol wins. " * 14 + "Give 2 mg/kg."), "en/care/guard.yaml: leave out `2 mg`; no clinician has signed a dose here"),
        (spanish("Tome 2 pastillas. " * 16), "es/basics/guard.yaml: leave out `2 pastillas`; no clinician has signed a dose here"),
        (
            {"en/glossary.yaml": "antibody: {term: Antibody, text: A protein that people take every 8 hours with some water.}\n"},
            "en/glossary.yaml: leave out `every 8 hours`; no clinician has signed a dose here",
        ),
    ],
    "actions-begin-with-a-verb": [
        (guard(action="Your team can help."), f"{PATH}: begin the action with what to do, such as `Ask`, `Call` or `Tell`"),
        (
            spanish("Su equipo le ayuda. " * 12, "Su equipo."),
            "es/basics/guard.yaml: begin the action with what to do, such as `Ask`, `Call` or `Tell`",
        ),
    ],
    "benefits-name-a-limit": [
        (guard("The tumor can shrink. " * 10), f"{PATH}: name a limit beside `shrink`: for whom it does not work, or what it may cost"),
    ],
    "risks-say-what-helps": [
        (
            {
                "en/basics/index.yaml": None,
                "es/basics/index.yaml": None,
                "en/basics/guard.yaml": None,
                "es/basics/guard.yaml": None,
                "en/basics/limits.yaml": None,
                "en/index.yaml": "title: Immunotherapy\nintro: Short answers.\nchildren: [side-effects]\n",
                "en/side-effects/index.yaml": "title: Side effects\nintro: What it is.\nchildren: [guard]\n",
                "es/side-effects/index.yaml": "title: Efectos\nintro: Qué es.\n",
                "en/side-effects/guard.yaml": GUARD.replace("Ask your team.", "Look at your skin."),
                "en/tips/starting.yaml": small_library.TIPS.replace("basics/guard", "side-effects/guard"),
                "drugs.yaml": small_library.FILES["drugs.yaml"].replace("basics/guard", "side-effects/guard"),
                "ids.txt": "side-effects\nside-effects/guard\nglossary/antibody\n",
            },
            "en/side-effects/guard.yaml: say who to call or what can be done about this risk",
        ),
    ],
    "figures-have-two-sources": [
        (guard(f"{FORTY} In 2019, 16 out of 100 people had it."), f"{PATH}: name a second source; the card holds a figure"),
    ],
    "figures-were-read": [
        (
            {**guard(f"{FORTY} In 2019, 16 out of 100 people had it.", sources="[acs]"), "sources.yaml": SOURCES},
            f"{PATH}: read the figure in one of the sources first, or leave it out",
        ),
    ],
    "figures-have-a-year": [
        (
            {**guard(f"{FORTY} It came to 16 out of 100 people.", sources="[nci, acs]"), "sources.yaml": SOURCES},
            f"{PATH}: say the year of the figure",
        ),
    ],
    "figures-share-a-denominator": [
        (
            {**guard(f"{FORTY} In 2019, 16 out of 100 had it, 1 in 50 twice.", sources="[nci, acs]"), "sources.yaml": SOURCES},
            f"{PATH}: count everything on this card out of the same number, not out of 100 and 50",
        ),
    ],
    "figures-are-counts": [
        (guard(f"{FORTY} It helps 16 percent."), f"{PATH}: write `16 percent` as a count, such as `16 out of 100`"),
        (guard(f"{FORTY} It is twice as good."), f"{PATH}: write `twice as` as a count, such as `16 out of 100`"),
    ],
    "aliases-lead-to-one-card": [
        (
            guard(aliases='["WHAT are the límits"]') | {"en/basics/limits.yaml": CARD.format(title="What are the limits")},
            "en/basics/limits.yaml: take out the alias `what are the limits`; basics/guard claims it too",
        ),
    ],
    "the-menu-is-shallow": [
        (
            {
                "en/basics/index.yaml": "title: The basics\nintro: What it is.\nchildren: [guard, limits, more]\n",
                "en/basics/more/index.yaml": "title: More\nintro: More of it.\nchildren: [deep]\n",
                "es/basics/more/index.yaml": "title: Más\nintro: Más.\n",
                "en/basics/more/deep/index.yaml": "title: Deep\nintro: Deeper.\nchildren: [end]\n",
                "es/basics/more/deep/index.yaml": "title: Hondo\nintro: Hondo.\n",
                "en/basics/more/deep/end.yaml": CARD.format(title="End"),
                "ids.txt": small_library.FILES["ids.txt"] + "basics/more\nbasics/more/deep\nbasics/more/deep/end\n",
            },
            "en/basics/more/deep/end.yaml: move it up; it stands 5 screens deep, and 4 is the most",
        ),
    ],
    "care-cards-name-their-guideline": [(care(PLAIN), "en/care/guard.yaml: say that the local protocol wins")],
    "tips-keep-their-length": [(tip("Ask your team."), f"{TIP_PATH}: say the tip in 15 to 45 words; these are 3")],
    "tips-are-easy": [
        (tip(LONG[:300]), f"{TIP_PATH}: use shorter words and sentences: grade 47.1, at most 6.0"),
        (
            {
                "es/tips/starting.yaml": "title: Empezar\nintro: Al principio.\ntips:\n  guard: "
                + "Inmunoterapéuticamente imprescindibles. " * 8
                + "\n"
            },
            "es/tips/starting.yaml: use shorter words and sentences: ease -245, at least 70",
        ),
    ],
    "tips-hold-no-figures": [
        (
            tip("Ask your team today what guards you. It helps 16 out of 100 people each day and night."),
            f"{TIP_PATH}: leave the figure to the card",
        ),
    ],
    "tips-are-gentle": [
        (tip("Just ask your team today what guards you from harm each day and each night."), f"{TIP_PATH}: say the tip without `just`"),
        (
            tip("Ask your team today about Guardix, and what guards you from harm each day and night."),
            f"{TIP_PATH}: say the tip without `guardix`",
        ),
    ],
    "tips-spread-over-cards": [
        (
            {
                TIP_PATH: small_library.TIPS
                + "".join(
                    f"  more-{n}: {{text: Ask your team today what guards you from harm each day and each night., card: basics/guard}}\n"
                    for n in range(3)
                )
            },
            f"{TIP_PATH}: point to basics/guard at most 3 times, not 4",
        ),
    ],
    "tips-open-neutrally": [
        (
            {
                "en/phrases.yaml": (small_library.LIBRARY / "en/phrases.yaml")
                .read_text()
                .replace("A short tip, to read whenever it suits you.", "A tip.")
            },
            "en/phrases.yaml: open `tip.opening` with at least 40 characters that name no illness",
        ),
    ],
    "languages-agree": [
        (
            {"es/phrases.yaml": (small_library.LIBRARY / "es/phrases.yaml").read_text() + "\nextra: Nada\n"},
            "es/phrases.yaml: remove `extra`; English has none",
        ),
    ],
    "ids-are-listed": [({"ids.txt": "basics\nbasics/guard\nglossary/antibody\n"}, "ids.txt: add the line basics/limits")],
    "no-id-vanished": [
        (
            {"ids.txt": small_library.FILES["ids.txt"] + "basics/old\n"},
            "ids.txt: give `basics/old` to a card's or topic's `was`, or name its nearest living id in gone.yaml",
        ),
    ],
    "translations-are-fresh": [
        (
            {"es/basics/guard.yaml": "title: Guardia\ntext: Sus defensas.\naction: Pregunte.\nof: old\n"},
            f"es/basics/guard.yaml: bring the text up to the English one, then write `of: {text_hash(load_card(), 'Ask your team.')}`",
        ),
    ],
    "exceptions-are-needed": [
        (
            {"exceptions.yaml": "en/basics/guard.yaml: {figures-have-a-year: The trial still runs.}\n"},
            "exceptions.yaml: take out the exception `figures-have-a-year` of en/basics/guard.yaml; nothing needs it",
        ),
    ],
}


def told(library: Library, today: date = TODAY) -> list[str]:
    """Everything the rules say."""
    result = checks.run(library, today)
    return [f"{finding.path}: {finding.advice}" for finding in (*result.errors, *result.due)]


def test_the_small_library_keeps_every_rule(tmp_path: Path) -> None:
    """What the other tests break is right as it stands."""
    assert told(load(small_library.write(tmp_path))) == []


def test_the_library_that_ships_keeps_every_rule(library: Library) -> None:
    """Only the calendar may ever make it wrong."""
    assert checks.run(library, TODAY).errors == ()


def test_every_rule_has_a_file_that_breaks_it() -> None:
    """No rule is only believed."""
    assert BROKEN.keys() == {checks.name(rule) for rule in checks.RULES} | {"exceptions-are-needed"}


@pytest.mark.parametrize(("rule", "number"), [(rule, number) for rule, broken in BROKEN.items() for number in range(len(broken))])
def test_a_broken_rule_is_told(tmp_path: Path, rule: str, number: int) -> None:
    """Each rule names the file and what to do, under its own name."""
    changes, expected = BROKEN[rule][number]
    result = checks.run(load(small_library.write(tmp_path, changes)), TODAY)
    assert (rule, expected) in {(each.rule, f"{each.path}: {each.advice}") for each in (*result.errors, *result.due)}


def test_a_reason_excuses_one_rule_in_one_file(tmp_path: Path) -> None:
    """An exception silences its own rule and no other."""
    files = guard(f"{FORTY} It is a miracle. Take 5 mg.") | {
        "exceptions.yaml": f"{PATH}: {{banned-words-are-absent: The card is about that word.}}\n"
    }
    assert told(load(small_library.write(tmp_path, files))) == [f"{PATH}: leave out `5 mg`; no clinician has signed a dose here"]


def test_a_signed_card_may_name_a_dose(tmp_path: Path) -> None:
    """What a named clinician has signed is theirs to say."""
    signed = guard(f"{FORTY} It is 5 mg.", reviewed="{date: 2026-11-24, by: 'A. Name, oncologist'}")
    assert told(load(small_library.write(tmp_path, signed))) == []


def test_a_blood_value_is_no_dose(tmp_path: Path) -> None:
    """A sugar of 300 mg/dL is a reading, not an amount to take."""
    assert told(load(small_library.write(tmp_path, guard(f"{FORTY} A sugar of 300 mg/dL.")))) == []


def test_old_numbers_are_a_matter_of_the_calendar(library: Library) -> None:
    """After six months without a check the numbers still stand, and a warning says so."""
    result = checks.run(library, date(2027, 7, 1))
    assert any("check every number again" in finding.advice for finding in result.due)
    assert not any("check every number again" in finding.advice for finding in result.errors)
