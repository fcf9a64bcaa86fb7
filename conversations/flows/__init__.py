"""Every flow and every version of it that a saved report may still stand on."""

from conversations.flow import Flow
from conversations.flows.follow_up import FOLLOW_UP
from conversations.flows.report import REPORT
from conversations.flows.report_1 import REPORT as REPORT_1

FLOWS: tuple[Flow, ...] = (REPORT, FOLLOW_UP, REPORT_1)


def flow_of(flow: str, version: int) -> Flow:
    """The flow on which a report was begun. Raises LookupError if it was removed too early."""
    for known in FLOWS:
        if (known.id, known.version) == (flow, version):
            return known
    raise LookupError(flow, version)
