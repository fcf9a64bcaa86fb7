"""Questions beside the flow: erase? change? where did you stop? is this the place? They leave the
flow where it is.
"""

from dataclasses import replace

from conversations import controls, finishing, going_back, pinning, sending, texts
from conversations.asking import ask_question, repeat_question
from conversations.effects import Drop, Effects, Forget, Hide, Keep, SetAside, Show, Wait
from conversations.events import Chose, Happened, Other, SharedContact, Wrote
from conversations.flow import Flow
from conversations.kinds import review
from conversations.landmarks import (
    CONSENT,
    LANGUAGE,
    NOT_UKRAINE,
    OTHERS_CONTACT,
    current_incident,
    of_incident,
    sibling,
)
from conversations.model import Option, Path, Quote, Said, Text
from conversations.questions import Choice, Words
from conversations.state import Mark, State
from conversations.steps import Ask
from conversations.telling import answered
from conversations.turn import ask_beside

Stepped = tuple[State, Effects]
DAY = 24 * 3600
CARD = "~card"
CARD_ANSWERS = (("yes", texts.CARD_YES), ("no", texts.CARD_NO))


def press_beside(flow: Flow, state: State, event: Chose) -> Stepped:
    """A button of a question beside the flow."""
    if event.prompt != state.asked and not _only_counted_since(state, event):
        return repeat_question(flow, state, Text(texts.OLD_BUTTON))
    what, _, where = event.option.partition(":")
    match event.step, what:
        case "~erase", "yes":
            return erase_answered(state, yes=True)
        case "~language", _:
            return ask_question(flow, replace(state, language=event.option))
        case "~change", "change":
            return going_back.back_to(flow, state, tuple(where.split(".")))
        case "~remind", "yes":
            state, shown = repeat_question(flow, state, Text(texts.REMINDER_SET))
            return state, (Wait("remind", DAY), *shown)
        case "~resume", _:
            return _resumed(flow, state, event)
        case "~pin", answer:
            return pinning.answer_point(flow, state, event, yes=answer == "yes")
        case "~card", answer:
            return _card_answered(flow, state, event, where, yes=answer == "yes")
        case _:
            return ask_question(flow, state)


def _only_counted_since(state: State, event: Chose) -> bool:
    """Whether nothing was put since but the same question with what is kept, as a file that comes
    has it put again.
    """
    since = [prompt for prompt in state.prompts if prompt.number > (event.prompt or 0)]
    return (
        event.step in ("~erase", "~language")
        and bool(since)
        and all(prompt.path == state.at for prompt in since)
    )


def language(flow: Flow, state: State) -> Stepped:
    here = flow.ask(LANGUAGE)
    if not state.language or here is None or not isinstance(here.question, Choice):
        return repeat_question(flow, state)
    options = tuple(
        Option(i, Text(label), verbatim=True) for i, label in here.question.options.items()
    )
    return ask_beside(state, ("~language",), Text(texts.LANGUAGE_ASK), options)


def ask_to_erase(state: State) -> Stepped:
    """Ask once more before everything is erased."""
    sure = (
        Option("yes", Text(texts.ERASE_YES)),
        Option("no", Text(texts.ERASE_NO)),
        controls.button(state, "hide"),
    )
    return ask_beside(state, ("~erase",), Text(texts.ERASE_ASK), sure)


def erase_answered(state: State, *, yes: bool) -> Stepped:
    """Erased also where it was about to be sent, as long as it is not."""
    if yes:
        return replace(state, stage="gone"), (Hide(), Forget(), Show(Text(texts.ERASED)))
    return (
        sending.tell_sent_soon(state)
        if state.stage == "waiting"
        else (state, (Show(Text(texts.SENDING)),))
    )


def ask_to_change(state: State, path: Path) -> Stepped:
    """A button of an earlier question was pressed."""
    options = (
        Option("change:" + ".".join(path), Text(texts.CHANGE)),
        Option("leave", Text(texts.LEAVE)),
        controls.button(state, "hide"),
    )
    return ask_beside(state, ("~change",), Text(texts.CHANGE_IT, {"answer": Quote(path)}), options)


# ── after a silence ──────────────────────────────────────────────────────────


def tell_where_they_stopped(flow: Flow, state: State, lead: tuple[Text, ...] = ()) -> Stepped:
    """Where the witness stopped, and what they can do now."""
    here = flow.ask(state.at, state)
    heading = here.heading if isinstance(here, Ask) and here.heading else texts.RESUME_QUESTIONS
    options = (
        Option("go", Text(texts.GO_ON)),
        Option("read", Text(texts.RESUME_READ)),
        Option("send", Text(texts.RESUME_SEND)),
        Option("erase", Text(texts.RESUME_ERASE)),
        Option("another", Text(texts.RESUME_ANOTHER)),
        controls.button(state, "hide"),
    )
    asked = Text(texts.RESUME, {"heading": Text(heading)})
    return ask_beside(state, ("~resume",), asked, options, lead)


def _resumed(flow: Flow, state: State, event: Chose) -> Stepped:
    match event.option:
        case "read" if state.locked:
            return repeat_question(flow, state, Text(texts.LOCKED))
        case "read":
            state, again = ask_question(flow, state)
            return state, (*review.in_full(flow, state), *again)
        case "send":
            return finishing.to_send(flow, state, event)
        case "another" if state.return_words:
            return replace(state, hidden=True, locked=True), (Hide(anew=True),)
        case "erase" | "another":  # without return words hiding erases, and that is asked twice
            return ask_to_erase(state)
        case _:
            return ask_question(flow, state)


# ── other people's contacts ──────────────────────────────────────────────────


def take_contact_card(flow: Flow, state: State, event: SharedContact) -> Stepped:
    """Another person's number is kept only if they agreed; where a number is asked for, a card is
    the answer.
    """
    here = flow.ask(state.at, state)
    if here is not None and here.private and isinstance(here.question, Words):
        wrote = Wrote(
            id=event.id, at=event.at, received=event.received, prompt=event.prompt, text=event.card
        )
        return answered(flow, state, wrote) or repeat_question(flow, state)
    path = of_incident(current_incident(state), CARD + event.id)
    if not state.settled(CONSENT) or flow.ask(sibling(path, OTHERS_CONTACT)) is None:
        return repeat_question(flow, state, Text(texts.NO_CONTACTS))
    yes, no = (Option(f"{answer}:{event.id}", Text(label)) for answer, label in CARD_ANSWERS)
    options = (yes, no, controls.button(state, "hide"))
    state, shown = ask_beside(state, ("~card",), Text(texts.CARD_ASK), options)
    return state, (Keep(path, Said(event.card), event.id), *shown)


def set_aside_strange(flow: Flow, state: State, event: Other) -> Stepped:
    """What cannot be read is kept as it came, where it says anything, and the witness is told which
    kind it is.
    """
    if "minor" in state.flags:
        return repeat_question(flow, state, Text(texts.NOT_HERE))
    if not event.raw:
        told = Text(texts.NOT_KEPT)
        return (
            (state, (Show(told),)) if state.stage != "open" else repeat_question(flow, state, told)
        )
    told = Text(
        texts.KEPT_UNREAD,
        {"kind": Text(texts.UNREAD_KINDS.get(event.kind, texts.UNREAD_KINDS["unknown"]))},
    )
    state = replace(state, aside=state.aside + 1)
    kept = SetAside(event.kind, event.raw)
    if state.stage != "open":
        return state, (kept, Show(told))
    state, shown = repeat_question(flow, state, told)
    return state, (kept, *shown)


def _card_answered(flow: Flow, state: State, event: Happened, card: str, *, yes: bool) -> Stepped:
    path = of_incident(current_incident(state), CARD + card)
    if yes:
        state = state.marked(path, Mark("said", parts=(event.id,), prompt=state.asked, at=event.at))
        return ask_question(flow, state, (Text(texts.CARD_KEPT),))
    state, shown = ask_question(flow, state)
    return state, (Drop(path), *shown)


def end_of_wait(state: State, key: str) -> Stepped:
    """A wait is over: the reminder that was asked for; a day without consent."""
    match key:
        case "remind" if state.stage == "open" and not state.hidden:
            return state, (Show(Text(texts.REMINDER)),)
        case "elsewhere" if (
            state.stage == "open" and state.at == NOT_UKRAINE and not state.settled(state.at)
        ):
            return replace(state, stage="gone"), (Forget(), Show(Text(texts.NOT_KEPT_AFTER_ALL)))
        case "consent" if state.stage == "open" and not state.settled(CONSENT):
            said: Effects = (
                (Show(Text(texts.NOT_KEPT_AFTER_ALL)),) if state.something_kept() else ()
            )
            return replace(state, stage="gone"), (Forget(), *said)
        case _:
            return state, ()
