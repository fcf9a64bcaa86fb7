"""`make docs`: write what is drawn from the code into docs/, so that nobody keeps it by hand."""

from conversations.course import course
from conversations.draw import mermaid
from conversations.flows.follow_up import FOLLOW_UP
from conversations.flows.report import REPORT
from tests.installation import ROOT

PAGE = ROOT / "docs" / "flow.md"
HEAD = """# The course of a report

Every question, in order, and when it is asked: for who trains officers or checks the wording, and reads no code. It is
written by `make docs` from the flow itself, and a test fails when it is not the flow any more. A question is known by its
name in the first column; "fits is tortured" means that this option was chosen at the question of that name. Whoever skips
a question is asked the next. Hide is there at each, Back and Skip where there is something to go back to or to skip,
Finish once something was told; /pause works anywhere.

"""


def flow_page() -> str:
    """docs/flow.md as it should be."""
    drawn = f"## Drawn\n\n```mermaid\n{mermaid(REPORT)}```\n"
    return HEAD + course(REPORT) + "\n" + course(FOLLOW_UP) + "\n" + drawn


def main() -> None:
    PAGE.write_text(flow_page(), "utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written.")


if __name__ == "__main__":
    main()
