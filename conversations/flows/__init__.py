"""Every flow and every version of it that a saved report may still stand on."""

from collections.abc import Mapping

from conversations.flow import Flow
from conversations.flows.follow_up import FOLLOW_UP
from conversations.flows.report import REPORT
from conversations.flows.report_1 import REPORT as REPORT_1
from conversations.languages import offering

FLOWS: tuple[Flow, ...] = (REPORT, FOLLOW_UP, REPORT_1)


class Flows:
    """The flows as one installation offers them: with its own languages."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.languages = frozenset(names)
        self.known = tuple(offering(flow, names) for flow in FLOWS)
        self.report = self.known[0]
        """The one a new report begins on."""

    def of(self, flow: str, version: int) -> Flow:
        """The flow on which a report was begun. Raises LookupError if it was removed too early."""
        for known in self.known:
            if (known.id, known.version) == (flow, version):
                return known
        raise LookupError(flow, version)
