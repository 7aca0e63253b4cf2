"""The house stands as it is described."""

import ast
import re
from pathlib import Path

import adapters
import bots
import content

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for room in ("content", "adapters", "bots") for path in (ROOT / room).rglob("*.py"))


def test_the_three_rooms_are_ours() -> None:
    """Packages of the same names exist elsewhere; ours are the ones imported."""
    for room in (content, adapters, bots):
        assert Path(str(room.__file__)).parent.parent == ROOT


def test_content_never_asks_for_the_time() -> None:
    """`now()` and `today()` are the composition root's; content gets the moment as an argument."""
    for path in (ROOT / "content").rglob("*.py"):
        called = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not called & {"now", "today", "utcnow"}, path


def test_files_are_short() -> None:
    """No file over 300 lines, and the median function has 8 lines or fewer."""
    lengths = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 300, path
        lengths += [
            node.end_lineno - node.lineno + 1
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
        ]
    assert sorted(lengths)[len(lengths) // 2] <= 8


def test_every_public_definition_says_what_is_true() -> None:
    """Public modules, classes and functions have a docstring."""
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node) or (isinstance(node, ast.ClassDef) and "Shape" in node.name), f"{path}: {node.name}"


def test_the_readme_names_files_that_exist() -> None:
    """Every path in the README's tour stands in the tree."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:content|adapters|bots|docs|tests)/[\w./-]*)`", readme):
        assert (ROOT / path).exists(), path
