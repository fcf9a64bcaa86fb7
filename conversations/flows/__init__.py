"""Every flow and every version of it that a saved report may still stand on."""

from conversations.flow import Flow
from conversations.flows.report import REPORT

FLOWS: tuple[Flow, ...] = (REPORT,)


def flow_of(flow: str, version: int) -> Flow:
    """The flow on which a report was begun. Raises LookupError if it was removed too early."""
    for known in FLOWS:
        if (known.id, known.version) == (flow, version):
            return known
    raise LookupError(flow, version)
