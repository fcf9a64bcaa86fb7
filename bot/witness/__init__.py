"""From an update to a durable answer, a sealed file, a referral: everything that happens on a
witness's side.

Begin at `intake` (a batch comes), `converse` (what they did becomes an event, the event becomes
rows), `perform` (each effect a row of one transaction) and `deliver` (the outbox goes out); then
`fetch` for files and `submitting` for Send. It knows no channel by name: what Telegram calls a
thing stays in `channels`. Of the officers it knows to whom a report is sealed, and that whoever
has it is told of an addition.
"""
