"""Whom a danger sign is told of: it decides whether the answer speaks to the person or to their helper."""

import pytest

from content.model import Library
from content.urgent import judge, listen

OTHERS = (
    "my mum can't breathe",
    "I think my mum has chest pain",
    "my husband can't breathe and I am scared",
    "I am with my mum, she can't breathe",
    "my husband, 67, has chest pain",
    "fever 39 my son on chemo",
    "my dad 74 had keytruda tuesday. cant breathe",
    "he wants to die",
    "my son told me he wants to die",
    "mi marido no puede respirar",
    "a mi padre le duele el pecho",
    "ella se desmayó esta mañana",
    "mi hijo dice que se quiere morir",
    "my girl can't breathe",
    "my little one is struggling to breathe",
    "my toddler has blue lips",
    "my baby has a fever of 39",
    "mom sleeps all day and i cant wake her up properly",
    "ve doble desde esta mañana",
    "tiene diarrea desde ayer",
    "lleva tres días con tos",
    "arrastra las palabras",
    "se ha desplomado",
    "dice que prefiere morirse que seguir con esto",
)
OWN = (
    "I can't breathe and my husband drives me",
    "my husband says I can't breathe",
    "I'm at home with my husband and can't breathe",
    "chest pain, my husband is driving",
    "woke my husband, can't breathe",
    "my chest hurts mum help me",
    "i'm a mother of two and can't breathe",
    "my baby is not moving",
    "can't breathe",
    "my wife would be better off without me",
    "my husband died want to die",
    "I can't live without my husband, want to die",
    "no puedo respirar y mi marido conduce",
    "soy una mujer de 50 con dolor de pecho",
    "mi esposa estaría mejor sin mí",
    "cáncer de mama y fiebre de 39",
    "le escribo por dolor de pecho",
    "my girl is at school and i can't breathe",
    "veo doble desde esta mañana",
    "no puedo respirar, tiene que venir alguien",
)


@pytest.mark.parametrize("words", OTHERS)
def test_a_sign_is_told_of_somebody_else(library: Library, words: str) -> None:
    """The sign's own sentence says who has it."""
    assert getattr(judge(listen(library.urgent, words)), "of_another", None) is True


@pytest.mark.parametrize("words", OWN)
def test_somebody_else_is_only_named(library: Library, words: str) -> None:
    """Whoever drives, says or stands by does not have it; where it is unsure, the one who writes has."""
    assert getattr(judge(listen(library.urgent, words)), "of_another", None) is False
