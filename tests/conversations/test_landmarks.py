"""The engine knows a few questions by name, all of them in one file; everything else is said in an Ask."""

import ast
from pathlib import Path

from conversations import landmarks
from conversations.check import every_step
from conversations.flows import FLOWS
from conversations.steps import Ask, Group

ENGINE = Path(landmarks.__file__).parent
AT_HOME = ("flows", "landmarks.py", "languages.py", "course.py")
"""Where ids are written: in the flows themselves."""


def test_every_landmark_is_asked_in_some_flow() -> None:
    asks = {s.id for flow in FLOWS for s in every_step(flow.steps) if isinstance(s, Ask)}
    groups = {s.id for flow in FLOWS for s in every_step(flow.steps) if not isinstance(s, Ask)}
    assert {path[0] for path in landmarks.TOP} | set(landmarks.INSIDE) <= asks
    assert set(landmarks.ABOUT_EVENTS) <= asks | groups
    assert any(id_.startswith(landmarks.SHARING) for id_ in asks)
    question, option = landmarks.HAS_A_NUMBER
    found = [s for flow in FLOWS for s in every_step(flow.steps) if s.id == question]
    assert any(isinstance(s, Ask) and option in getattr(s.question, "options", ()) for s in found)


def test_no_other_file_of_the_engine_names_a_question() -> None:
    ids = {s.id for flow in FLOWS for s in every_step(flow.steps) if isinstance(s, (Ask, Group))}
    found = [
        (name, named)
        for path in sorted(ENGINE.rglob("*.py"))
        if not (name := str(path.relative_to(ENGINE))).startswith(AT_HOME)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for named in _named(node) & ids
    ]
    assert found == []


def _named(node: ast.AST) -> set[str]:
    """What an address is made of, or a part of one compared with."""
    match node:
        case ast.Tuple(elts=[ast.Constant(value=str() as one)]):
            return {one}
        case ast.Tuple(elts=[ast.Constant(value="incident" | "exhibit" as group), *_]):
            return {group}
        case ast.Tuple(elts=[ast.Starred(), ast.Constant(value=str() as last)]):
            return {last}
        case ast.Compare(left=ast.Subscript(), comparators=[other]):
            return {str(n.value) for n in ast.walk(other) if isinstance(n, ast.Constant)}
        case ast.Subscript(value=ast.Attribute(attr="members"), slice=ast.Constant(value=group)):
            return {str(group)}
        case _:
            return set()
