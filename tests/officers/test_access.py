"""Who may do what on the officers' side: every role, every action, written out a second time."""

import pytest

from bot.officers.access import MAY, ROLES, may

TABLE = """
                       officer  specialist  supervisor  liaison  auditor  operator
see the queue             +         +           +          +        +        -
claim                     +         +           +          -        -        -
hand back                 +         +           +          -        -        -
package                   +         +           +          -        -        -
confirm an enrolment      -         -           +          -        -        -
lift a hold               -         -           +          -        -        -
"""
HEAD, *LINES = TABLE.strip("\n").splitlines()
SAID = {
    line[:22].strip(): dict(zip(HEAD.split(), line[22:].split(), strict=True)) for line in LINES
}


def test_the_table_has_every_role_and_every_action() -> None:
    assert set(SAID) == set(MAY) and HEAD.split() == list(ROLES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", MAY)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: str, action: str) -> None:
    assert may(role, action) is (SAID[action][role] == "+")  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ["", "Officer", "admin", "supervisor "])
@pytest.mark.parametrize("action", MAY)
def test_a_role_that_nobody_has_may_do_nothing(role: str, action: str) -> None:
    assert may(role, action) is False  # type: ignore[arg-type]
