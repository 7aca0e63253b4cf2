"""What is long over in a back-story does not alarm; what only sounds over does, and what stands beside it."""

import pytest

from content.model import Library
from content.urgent import judge, listen

OVER = (
    "I had colitis in 2021, on the toilet twelve times a day with blood. A week in hospital with steroids and it healed. "
    "Since then nothing. Now my insurer wants a letter: who writes it?",
    "In spring 2023 my husband got pneumonitis, his oxygen was 86 and he could not breathe lying down. They kept him in "
    "intensive care, then steroids for months. The lung doctor signed him off. We want to fly to Crete. Does the airline need a form?",
    "En 2022 mi papá tuvo miocarditis: dolor de pecho y se desmayó. Lo ingresaron y le dieron cortisona. El cardiólogo le dio el alta, "
    "sin secuelas. ¿Quién me hace el informe para el seguro?",
    "When I was eight I had a seizure on the bus and was in hospital for a week. That is thirty years ago, never again. I start Ocrevus "
    "in January, can my mother come along?",
)
NOT_OVER = (
    "Melanoma 2022. Black stools, dizzy when I stand. Otherwise fine, scans clean, thank God.",
    "I was diagnosed in 2022 and had surgery, then Opdivo. Had black stools three times, dizzy. Scans are clean, feeling fine.",
    "My husband had Keytruda in March. He had chest pain and passed out. The doctor's office is closed. He is fine now, he says.",
    "In February I had pneumonitis, they gave me prednisone and it settled. I get breathless walking to the bathroom, no fever no cough.",
    "In 2021 I was in hospital with low blood pressure and vomiting, all healed. It started again and now I cannot stand up.",
    "En 2022 mi esposo tuvo colitis, hospital, cortisona, quedó bien. Hizo caca negra tres veces y está mareado. No tiene fiebre.",
    "En enero me operaron y en marzo empecé Opdivo. Tuve dolor de pecho y me desmayé. Ya se me pasó, estoy bien, sin fiebre.",
)


@pytest.mark.parametrize("words", OVER)
def test_an_old_episode_that_was_cared_for_does_not_alarm(library: Library, words: str) -> None:
    """A date, a hospital and a good end take it back."""
    danger = judge(listen(library.urgent, words))
    assert danger is None or not danger.present


@pytest.mark.parametrize("words", NOT_OVER)
def test_a_sign_beside_an_old_story_alarms(library: Library, words: str) -> None:
    """A date of the treatment, a good scan or "fine now" does not make it old."""
    danger = judge(listen(library.urgent, words))
    assert danger is not None
    assert danger.present


PRESENT = (
    "My husband's sats are 88 and his lips are blue.",
    "Black stools nine times since breakfast on Imfinzi.",
    "She has chest pain and passed out.",
    "A mi esposo le falta el aire en reposo y tiene los labios azules.",
)
BESIDE = (
    "My GP checked my knee last week and said it is fine.",
    "I had colitis in 2021, in hospital with steroids, discharged and all clear since.",
    "Heart attack in 2011, two stents, cardiologist discharged me years ago.",
    "The dentist sorted my tooth.",
    "What is a cytokine storm?",
    "Infarto en 2011, dos stents, el cardiólogo me dio el alta hace años.",
    "Lo del seguro ya está resuelto.",
)


@pytest.mark.parametrize("aside", BESIDE)
@pytest.mark.parametrize("danger", PRESENT)
def test_another_matter_that_is_over_takes_nothing_back(library: Library, danger: str, aside: str) -> None:
    """What was dealt with in a sentence of its own is another episode, told before or after."""
    for words in (f"{aside} {danger}", f"{danger} {aside}"):
        found = judge(listen(library.urgent, words))
        assert found is not None
        assert found.present
