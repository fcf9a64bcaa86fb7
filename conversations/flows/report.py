"""The report: what a witness is asked, from the first hello to the receipt (the script, row by row)."""

from conversations.flow import Flow
from conversations.flows.about_you import ABOUT_YOU, LAST
from conversations.flows.entry import CHILD, CONSENT, ENTRY
from conversations.flows.incident import INCIDENT

REPORT = Flow("report", version=2, steps=(*ENTRY, *CONSENT, *CHILD, INCIDENT, *ABOUT_YOU, *LAST))
