"""The report: what a witness is asked, from the first hello to the receipt (the script, row by
row).
"""

from conversations.flow import Flow, of_version
from conversations.flows.about_you import ABOUT_YOU
from conversations.flows.ending import LAST
from conversations.flows.entry import CHILD, CONSENT, ENTRY
from conversations.flows.incident import INCIDENTS
from conversations.steps import Step

STEPS: tuple[Step, ...] = (*ENTRY, *CONSENT, *CHILD, *INCIDENTS, *ABOUT_YOU, *LAST)
REPORT = Flow("report", version=3, steps=of_version(STEPS, 3))
REPORT_2 = Flow("report", version=2, steps=of_version(STEPS, 2))
