"""Who may do what on the officers' side, as a table. Who may open what is in recipients.py."""

from typing import Final, Literal

Role = Literal["officer", "specialist", "supervisor", "liaison", "auditor", "operator"]
Action = Literal[
    "see the queue", "claim", "hand back", "package", "confirm an enrolment", "lift a hold"
]

ROLES: Final[tuple[Role, ...]] = (
    "officer",
    "specialist",
    "supervisor",
    "liaison",
    "auditor",
    "operator",
)
MAY: Final[dict[Action, frozenset[Role]]] = {
    "see the queue": frozenset({"officer", "specialist", "supervisor", "liaison", "auditor"}),
    "claim": frozenset({"officer", "specialist", "supervisor"}),
    "hand back": frozenset({"officer", "specialist", "supervisor"}),
    "package": frozenset({"officer", "specialist", "supervisor"}),
    "confirm an enrolment": frozenset({"supervisor"}),
    "lift a hold": frozenset({"supervisor"}),
}


def may(role: str, action: Action) -> bool:
    """Whether somebody of this role may do this; an unknown role may do nothing."""
    return role in MAY[action]
