"""A report in parts: each alone can be shown, and every change of any of them is seen."""

import json
import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Tampered
from bot.referral import leaves
from storage import tree

REPORT: dict[str, Any] = {
    "schema": "firsthand.referral/1",
    "roles": ["saw", "told"],
    "flags": [],
    "incidents": [
        {"id": "i1", "account": [{"text": "Перше"}, {"text": "друге"}], "answers": {"when": {"edtf": "2022-03"}, "a/b": 1}},
        {"id": "i2", "account": [], "answers": {}},
    ],
    "answers": {"share": "yes"},
    "exhibits": [{"id": "x1"}],
}  # fmt: skip
NAMES = [
    "/schema", "/roles/0", "/roles/1", "/flags", "/incidents/0/id", "/incidents/0/account/0", "/incidents/0/account/1",
    "/incidents/0/answers/when", "/incidents/0/answers/a~1b", "/incidents/1/id", "/incidents/1/account", "/incidents/1/answers",
    "/answers/share", "/exhibits/0",
]  # fmt: skip


def salt() -> bytes:
    return os.urandom(leaves.SALT_BYTES)


def test_every_answer_message_and_file_is_a_part_and_together_they_are_all() -> None:
    assert [name for name, _ in leaves.parts(REPORT)] == NAMES


def test_a_report_is_that_of_its_root_and_no_other() -> None:
    raw, root, count = leaves.write(REPORT, salt)
    leaves.check(REPORT, raw, root.hex(), count)
    with pytest.raises(Tampered, match="not those that custody has"):
        leaves.check(REPORT | {"schema": "x"}, raw, root.hex(), count)
    with pytest.raises(Tampered, match="does not name the parts"):
        leaves.check(REPORT | {"more": 1}, raw, root.hex(), count)


def test_a_copy_with_one_part_withheld_still_proves_the_rest() -> None:
    raw, root, _ = leaves.write(REPORT, salt)
    salts = {one["part"]: bytes.fromhex(one["salt"]) for one in json.loads(raw)["leaves"]}
    withheld = "/incidents/0/account/0"
    parts = dict(leaves.parts(REPORT))
    known = {withheld: leaves.leaf(salts[withheld], withheld, parts[withheld])}
    shown = [
        known.get(name) or leaves.leaf(salts[name], name, part) for name, part in parts.items()
    ]
    assert tree.root(shown) == root


@given(data=st.data())
def test_whatever_part_is_changed_it_is_seen(data: st.DataObject) -> None:
    raw, root, count = leaves.write(REPORT, salt)
    said = json.loads(raw)
    number = data.draw(st.integers(0, len(NAMES) - 1))
    digit = data.draw(st.integers(0, 63))
    one = said["leaves"][number]
    one["salt"] = (
        one["salt"][:digit] + ("0" if one["salt"][digit] != "0" else "1") + one["salt"][digit + 1 :]
    )
    with pytest.raises(Tampered):
        leaves.check(REPORT, json.dumps(said).encode(), root.hex(), count)
