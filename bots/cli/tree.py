"""`immunobot tree`: the topic tree, or the source article's claims and the cards that answer them."""

from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from bots.cli.output import library_or_refuse
from content.model import Library

# So many words of a tip tell it from the others.
_OPENING = 6


def tree(*, lang: Literal["en", "es"] = "en", claims: Annotated[bool, Parameter(negative="")] = False) -> None:
    """Draw the topic tree, and below it the tips of each series.

    Parameters
    ----------
    lang
        the language of the titles.
    claims
        show the claims of the source article instead, with the cards that answer each.

    """
    library = library_or_refuse()
    console = Console(highlight=False)
    console.print(_claims(library) if claims else _tree(library, lang))


def _tree(library: Library, language: str) -> Tree:
    home = library.topics[language][""]
    drawn = Tree(Text(home.title, style="bold"))
    for id in (*home.children, *home.aside):
        _branch(library, language, id, drawn)
    for key, series in library.series[language].items():
        branch = drawn.add(Text.assemble((series.title, "bold"), (f"  {key}", "dim")))
        for tip in series.tips.values():
            branch.add(Text.assemble(" ".join(tip.text.split()[:_OPENING]), (f"…  {tip.id}", "dim")))
    return drawn


def _branch(library: Library, language: str, id: str, around: Tree) -> None:
    if card := library.card(id, language):
        around.add(Text.assemble(card.title, (f"  {id}", "dim")))
    elif topic := library.topic(id, language):
        branch = around.add(Text.assemble((topic.title, "bold"), (f"  {id}", "dim")))
        for child in topic.children:
            _branch(library, language, child, branch)
        for child in topic.planned:
            branch.add(Text(f"{child}  (planned)", style="dim italic"))


def _claims(library: Library) -> Table:
    table = Table("claim", "what the article says", "verdict", "what is true today", "cards", show_lines=True)
    for key, claim in library.claims.items():
        cards = sorted(card.id for card in library.cards["en"].values() if key in card.claims)
        table.add_row(key, claim.claim, claim.verdict, claim.statement, "\n".join(cards) or Text("none", style="bold red"))
    return table
