"""Every flow and every version of it that a saved report may still stand on."""

from collections.abc import Mapping
from datetime import date

from conversations.flow import Flow
from conversations.flows.follow_up import FOLLOW_UP, FOLLOW_UP_1
from conversations.flows.report import REPORT, REPORT_2
from conversations.flows.report_1 import REPORT as REPORT_1
from conversations.flows.rules import APPEAL_SINCE, FIRST_DAY
from conversations.languages import offering
from conversations.state import VERSIONS, State
from conversations.way import start
from conversations.window import asking_about

FLOWS: tuple[Flow, ...] = (REPORT, FOLLOW_UP, REPORT_2, FOLLOW_UP_1, REPORT_1)


class Flows:
    """The flows as one installation offers them: its languages by their own names, and how a report
    begins on them.

    `keeps`: earlier versions of what a witness changes are kept. `since`: the day from which on the
    appeal asks for events. `first_day`: what the first day of the war means; None: no words do.
    `regions`: those of Ukraine are offered for where it happened.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        *,
        keeps: bool = False,
        since: date = APPEAL_SINCE,
        first_day: date | None = FIRST_DAY,
        regions: bool = True,
    ) -> None:
        self._marks = (VERSIONS,) if keeps else ()
        self.languages = tuple(names)
        asked = tuple(
            asking_about(flow, since=since, first_day=first_day, regions=regions) for flow in FLOWS
        )
        self.known = tuple(offering(flow, names) for flow in asked)
        self.report = self.known[0]
        """The one a new report begins on."""

    def begin(self, at: int, language: str = "") -> State:
        """A fresh state of a new report."""
        return start(self.report, at, language).flagged(*self._marks)

    def of(self, flow: str, version: int) -> Flow:
        """The flow on which a report was begun. Raises LookupError if it was removed too early."""
        for known in self.known:
            if (known.id, known.version) == (flow, version):
                return known
        raise LookupError(flow, version)
