"""`immunobot ask`: one question, one answer; without words, one message a line from standard input."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Literal

from cyclopts import Parameter

from adapters.console import render
from bots.cli.output import library_or_refuse, printed
from content.conversation import answer, findings_of
from content.events import Say
from content.find import Findings
from content.model import Library
from content.people import Address, Audience, Reader

_HERE = Address("console", "local", "you")


def ask(
    *words: Annotated[str, Parameter(allow_leading_hyphen=True)],
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    audience: Audience = "patient",
    lang: Literal["en", "es"] = "en",
) -> None:
    """Ask one question.

    Without WORDS one message per line is read from standard input, and each gives exactly one answer.

    Parameters
    ----------
    words
        the question.
    as_json
        one JSON object a line.
    audience
        who asks.
    lang
        the reader's language.

    """
    library = library_or_refuse()
    with printed():
        for message in (" ".join(words),) if words else _lines():
            print(_answered(library, message, audience, lang, as_json), flush=not words)


def _lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def _answered(library: Library, message: str, audience: Audience, language: str, as_json: bool) -> str:
    reader = Reader(_HERE, audience, language)
    found = answer(library, Say(_HERE, _HERE, message), reader, datetime.now(UTC))
    if not as_json:
        return render(found.screens)[0]
    text = "\n\n".join(screen.text for screen in found.screens)
    return json.dumps(_report(library, message, reader, findings_of(library, message, reader), text), ensure_ascii=False)


def _report(library: Library, message: str, reader: Reader, findings: Findings, text: str) -> dict[str, object]:
    return {
        "query": message,
        "kind": findings.kind,
        "sure": findings.sure,
        "tier": findings.tier,
        "group": findings.group,
        "cards": [_card(library, hit.id, hit.score, findings.language) for hit in findings.cards],
        "text": text,
    }


def _card(library: Library, id: str, score: float, language: str) -> dict[str, object]:
    folder, _, key = id.partition("/")
    if folder == "glossary" and (term := library.term(key, language)):
        return {"id": id, "title": term.term, "text": term.text, "score": score}
    card = library.cards[language][id]
    return {"id": id, "title": card.title, "text": card.text, "score": score}
