"""A library of two cards, whole and right; tests break one thing in it at a time."""

import shutil
from pathlib import Path
from typing import Final

from content.load import LIBRARY

CARD: Final = """\
title: {title}
text: |
  Your immune system guards you. It looks for germs all day and all night.
  It also looks for cells that have gone wrong, and it clears most of them away.

  Some cells hide from it. A treatment may help it to see them, but this does not work in everyone.
action: Ask your team.
sources: [nci]
claims: [S1]
written: 2026-11-23
reviewed: null
review_by: 2027-11-23
aliases: ["{title}"]
asks: ["what guards me"]
"""
TIPS: Final = """\
place: 1
title: Starting
intro: For your first weeks.
tips:
  guard: {text: Ask your team today what guards you from harm on each day and on each night., card: basics/guard}
"""
FILES: Final = {
    "sources.yaml": "nci: {organisation: NCI, title: Immunotherapy, url: 'https://www.cancer.gov/', read: 2026-11-23, sure: read}\n",
    "claims.yaml": "S1: {claim: It helps., verdict: needs balance, statement: It helps some people.}\n",
    "drugs.yaml": "dated: 2026-11-23\ndrugs: [{brand: Guardix, generic: guardimab, class: antibody, cards: [basics/guard]}]\n",
    "gone.yaml": "{}\n",
    "zones.yaml": "cities:\n  - {en: Madrid, zone: Europe/Madrid}\nregions: {}\n",
    "exceptions.yaml": "{}\n",
    "ids.txt": "basics\nbasics/guard\nbasics/limits\nglossary/antibody\n",
    "en/index.yaml": "title: Immunotherapy\nintro: Short answers.\nchildren: [basics]\n",
    "en/basics/index.yaml": "title: The basics\nintro: What it is.\nchildren: [guard, limits]\n",
    "en/basics/guard.yaml": CARD.format(title="What guards you?"),
    "en/basics/limits.yaml": CARD.format(title="What are the limits?"),
    "en/glossary.yaml": "antibody: {term: Antibody, text: A protein that sticks to one target in your body.}\n",
    "en/tips/starting.yaml": TIPS,
    "es/index.yaml": "title: Inmunoterapia\nintro: Respuestas cortas.\n",
    "es/basics/index.yaml": "title: Lo básico\nintro: Qué es.\n",
    "es/basics/guard.yaml": "title: ¿Qué le protege?\naliases: [defensas]\n",
    "es/glossary.yaml": "{}\n",
}
SHARED: Final = (
    "helplines.yaml",
    "en/gentle.yaml",
    "es/gentle.yaml",
    "en/phrases.yaml",
    "es/phrases.yaml",
    "en/questions.yaml",
    "es/questions.yaml",
    "en/style.yaml",
    "es/style.yaml",
    "en/search.yaml",
    "es/search.yaml",
    "en/intents.yaml",
    "es/intents.yaml",
    "en/urgent.yaml",
    "es/urgent.yaml",
    "en/doubts.yaml",
    "es/doubts.yaml",
    "en/ordinary.yaml",
    "weights.yaml",
    "es/ordinary.yaml",
)


def write(folder: Path, changes: dict[str, str | bytes | None] | None = None) -> Path:
    """The small library on disk, with some files replaced, or removed where they are None."""
    for path in SHARED:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(LIBRARY / path, folder / path)
    for path, text in (FILES | (changes or {})).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            (folder / path).unlink(missing_ok=True)
        else:
            (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder
