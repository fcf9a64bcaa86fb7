"""What officers can do with a referral: plain functions within one transaction, each leaving a line
in the ledger.
"""

from dataclasses import dataclass

from bot.officers import cards, hand_out, notes
from bot.officers.access import Action, may
from bot.officers.enrolment import decide
from bot.officers.lifting import AGREED, ASKED, lifting
from bot.officers.message import Message
from bot.officers.recipients import opens_for
from bot.referral import reference as references
from bot.referral.times import iso_time
from storage import officers, posts, referrals
from storage.connection import Connection
from storage.keys import Box
from storage.ledger import INSTALLATION, Entry, append, lines
from storage.officers import Officer
from storage.records import Referral


@dataclass(frozen=True, slots=True)
class Desk:
    """One transaction at the desk. `now` in seconds since 1970."""

    connection: Connection
    facts: Box
    now: int

    async def claim(self, officer: Officer, reference: str) -> None:
        """Take a referral from the queue; the card shows it, the officer is told."""
        referral = await self._referral(officer, "claim", reference)
        if referral is None:
            return
        if not await referrals.claim(self.connection, reference, officer.id):
            await self._tell(officer, notes.too_late(reference))
            return
        await self._enter(referral, officer, "claimed")
        await self._card(reference)
        await self._tell(officer, await self._claimed(officer, referral))

    async def hand_back(self, officer: Officer, reference: str) -> None:
        """Give a referral back to the queue."""
        referral = await self._referral(officer, "hand back", reference)
        if referral is None:
            return
        if not await referrals.hand_back(self.connection, reference, officer.id):
            await self._tell(officer, notes.not_yours(reference))
            return
        await self._enter(referral, officer, "handed back")
        await self._card(reference)
        await self._tell(officer, notes.handed_back(reference))

    async def package(self, officer: Officer, reference: str) -> None:
        """Hand out the sealed package to the officer who has the referral; they are told where
        their key opens none.
        """
        referral = await self._referral(officer, "package", reference)
        if referral is None:
            return
        if referral.officer != officer.id:
            await self._tell(officer, notes.not_yours(reference))
            return
        who = await opens_for(self.connection, reference, "keys")
        if officer.call_sign not in who:
            await self._tell(officer, notes.sealed_to_others(reference, who))
        details = self._details(officer, opens="yes" if officer.call_sign in who else "no")
        line, pieces = await hand_out.enter(
            self.connection, referral, _actor(officer), details, hour=self.now // 3600
        )
        await posts.ask_for_post(
            self.connection,
            self.facts,
            "package",
            referral=reference,
            officer=officer.id,
            body={"line": line, "pieces": pieces, "asked": self.now},
        )

    async def ask_to_lift(self, officer: Officer, reference: str) -> None:
        """A supervisor asks that the files of a referral be no longer held; every other one is
        asked to agree.
        """
        referral = await self._referral(officer, "lift a hold", reference)
        if referral is None:
            return
        everyone = await officers.every(self.connection, self.facts)
        others = [
            o
            for o in everyone
            if o.id != officer.id and o.state == "active" and may(o.role, "lift a hold")
        ]
        if others:
            await self._enter(referral, officer, ASKED)
            for other in others:
                await self._tell(other, notes.agree_to_lift(reference, officer.call_sign))
        await self._tell(officer, notes.lifting_asked(reference, [o.call_sign for o in others]))

    async def agree_to_lift(self, officer: Officer, reference: str) -> None:
        """A second supervisor agrees; whoever asked cannot."""
        referral = await self._referral(officer, "lift a hold", reference)
        if referral is None:
            return
        stands = lifting(await lines(self.connection, reference), self.now)
        if not stands.asked or stands.agreed or stands.asked == _actor(officer):
            await self._tell(officer, notes.nothing_to_lift(reference))
            return
        await self._enter(referral, officer, AGREED)
        for one in await officers.every(self.connection, self.facts):
            if _actor(one) in (_actor(officer), stands.asked):
                await self._tell(one, notes.lifting_agreed(reference))

    async def _claimed(self, officer: Officer, referral: Referral) -> Message:
        """What whoever claimed must know before they open it."""
        who = await opens_for(self.connection, referral.reference, "keys")
        call = None
        facts = referral.facts
        if facts.get("urgent", facts.get("danger")) or facts.get("child"):
            known = await opens_for(self.connection, referral.reference, "identity-keys")
            call = None if officer.call_sign in known else known
        child = bool(facts.get("child"))
        return notes.claimed(
            referral.reference, opens=officer.call_sign in who, others=who, call=call, child=child
        )

    async def which(self, officer: Officer, command: str) -> None:
        await self._tell(officer, notes.ask_which(command))

    async def enrol(self, account: str, code: str) -> bool:
        """Use an invite; a code that is not one gets silence. Returns whether it was one."""
        officer = await officers.enrol(
            self.connection, self.facts, code, account, hour=self.now // 3600
        )
        if officer is None:
            return False
        await self._tell(officer, notes.tell_your_number(officer.check))
        for supervisor in await officers.every(self.connection, self.facts):
            if supervisor.state == "active" and may(supervisor.role, "confirm an enrolment"):
                question = notes.confirm(officer.call_sign, officer.role, officer.check, officer.id)
                await self._tell(supervisor, question)
        return True

    async def decide(self, by: Officer, officer: str, check: str, *, confirmed: bool) -> None:
        """A supervisor confirms or refuses an enrolment: the one that had this number, and no later
        one.
        """
        if not may(by.role, "confirm an enrolment") or not officer.isdecimal():
            return
        found = await officers.get(self.connection, self.facts, int(officer))
        if found is not None and found.check in ("", check):
            await decide(
                self.connection,
                self.facts,
                found.id,
                by.call_sign,
                now=self.now,
                confirmed=confirmed,
            )
            found = await officers.get(self.connection, self.facts, found.id)
        if found is not None:
            await self._tell(by, notes.decided(found.call_sign, confirmed=found.state == "active"))

    async def help(self, officer: Officer) -> None:
        await self._tell(officer, Message(notes.HELP))

    async def queue(self, officer: Officer, start: int = 0) -> None:
        """What waits, most pressing first."""
        if may(officer.role, "see the queue"):
            waiting = await referrals.every(self.connection, self.facts, status="new")
            await self._tell(officer, cards.queue(waiting, start))

    async def mine(self, officer: Officer, start: int = 0) -> None:
        """What this officer has claimed."""
        if may(officer.role, "see the queue"):
            await self._tell(
                officer,
                cards.mine(await referrals.held_by(self.connection, self.facts, officer.id), start),
            )

    async def find(self, officer: Officer, asked: str) -> None:
        """One referral as it stands; a number that is none is said to be none."""
        if not may(officer.role, "see the queue"):
            return
        reference = references.read(asked)
        referral = (
            await referrals.get(self.connection, reference, self.facts) if reference else None
        )
        if referral is None:
            await self._tell(officer, cards.not_found(asked[:40]))
            return
        holder = (
            await officers.get(self.connection, self.facts, referral.officer)
            if referral.officer
            else None
        )
        call_sign = holder.call_sign if holder else ""
        await self._tell(
            officer, cards.found(referral, call_sign, own=referral.officer == officer.id)
        )

    async def refused(self, what: str) -> None:
        """Somebody who is no officer tried something: silence, and once an hour a line in the
        ledger.
        """
        hour = self.now // 3600
        if await posts.note_seen(self.connection, self.facts, f"refused {what} {hour}", hour=hour):
            entry = Entry(f"{what} refused", "somebody who is no officer", "the officers' bot")
            await append(self.connection, INSTALLATION, [entry], hour=hour, recipient=None)

    async def _referral(self, officer: Officer, action: Action, reference: str) -> Referral | None:
        """The referral, if there is one and the officer may do this with it; otherwise silence."""
        if not may(officer.role, action):
            return None
        return await referrals.get(self.connection, reference, self.facts)

    def _details(self, officer: Officer, **more: str) -> dict[str, str | int]:
        """What is behind a line of this officer's."""
        return {
            "at": iso_time(self.now),
            "call_sign": officer.call_sign,
            "role": officer.role,
            **more,
        }

    async def _enter(self, referral: Referral, officer: Officer, kind: str) -> None:
        entry = Entry(kind, _actor(officer), referral.reference, self._details(officer))
        log, recipient = referral.reference, referral.account_recipient
        await append(self.connection, log, [entry], hour=self.now // 3600, recipient=recipient)

    async def _card(self, reference: str) -> None:
        await posts.ask_for_post(self.connection, self.facts, "card", referral=reference)

    async def _tell(self, officer: Officer, message: Message) -> None:
        body = {"text": message.text, "buttons": message.buttons}
        await posts.ask_for_post(self.connection, self.facts, "note", officer=officer.id, body=body)


def _actor(officer: Officer) -> str:
    return f"officer {officer.id}"
