"""Whatever people type or press gets a clear answer, and nothing is lost or done by it.

The chat of the stage refuses every message that says that something went wrong.
"""

from __future__ import annotations

import pytest

from bot.converse.buttons import VERBS
from bot.speak import words
from core.ids import OrgId, PersonId
from core.people import ChatIdentity, Organisation, Person
from core.ports import Tx
from core.programme import Role
from tests.talks.script import play
from tests.talks.stage import Stage, aurora, person

DO_NOT_KNOW = (
    "I did not get that. Try for example “book with Alex next week”, “what have I got?” or “help”."
)
ENGLISH_ONLY = "I read English only so far. Try for example “book with Alex next week” or “help”."
NO_DAY = "I find no such day in the calendar. Which day would suit you?"
OVER = "That time is over. Which day would suit you?"
LENGTH = "A session in Aurora lasts from 5 minutes to 4 hours."
OLD = "That button is from an earlier version. Please tell me again what you need."
UNSURE = (
    "I am not sure what you answer: no proposal waits for you right now. “what have I got?” shows "
    "what there is."
)

ANSWERS = (
    ("", "Your message was empty. Write for example “book with Alex next week” or “help”."),
    (" \n\t ", "Your message was empty. Write for example “book with Alex next week” or “help”."),
    ("\x00\x07", "Your message was empty. Write for example “book with Alex next week” or “help”."),
    (
        "book " * 2000,
        "That is a lot of text: I read up to 4000 characters at once. Could you say it shorter?",
    ),
    ("забронируй встречу на среду", ENGLISH_ONLY),
    ("来週アレックスと予約して", ENGLISH_ONLY),
    ("احجز مع أليكس الأسبوع القادم", ENGLISH_ONLY),
    ("😀🎉🥳", DO_NOT_KNOW),
    ("???", DO_NOT_KNOW),
    ("qwertz asdf", DO_NOT_KNOW),
    ("yes", UNSURE),
    ("no", UNSURE),
    ("the second one", UNSURE),
    (
        "book with Zebedee next week",
        "I do not know anybody called “Zebedee” in Aurora. Whom would you like to meet?",
    ),
    (
        "book with Maya tomorrow",
        "A session needs at least one other person. Whom would you like to meet?",
    ),
    (
        "book with myself tomorrow",
        "A session needs at least one other person. Whom would you like to meet?",
    ),
    ("book with Alex yesterday", OVER),
    ("book with Alex today at 8am", OVER),
    ("book with Alex on 30 February", NO_DAY),
    ("book with Alex for 0 minutes tomorrow", LENGTH),
    ("book with Alex for 3 days", LENGTH),
    ("book with Alex for 10 hours tomorrow", LENGTH),
    ("cancel my session", words.NO_SUCH_MEETING),
    ("move it to Friday", words.NO_SUCH_MEETING),
    ("undo", "There is nothing to undo."),
    ("weekends on", "Only an administrator can do that. Please ask Dana Brooks."),
)


@pytest.mark.parametrize(("said", "answer"), ANSWERS, ids=[repr(said)[:40] for said, _ in ANSWERS])
async def test_a_clear_answer(said: str, answer: str) -> None:
    stage = await aurora()
    before = stage.everything_stored()
    await stage.says("maya", said)
    (seen,) = stage.chats.unread["maya"]
    assert seen.message.text == answer
    assert await stage.proposals("maya") == ()
    assert len(stage.everything_stored()) <= len(before) + 1000  # at most a few words are kept


async def test_control_characters_do_not_hide_the_words() -> None:
    stage = await aurora()
    await stage.says("maya", "\x00\x1b[31mbook\x00 with alex\x07 tomorrow")
    (seen,) = stage.chats.unread["maya"]
    assert seen.message.text == (
        "I took Alex Chen, your mentor. On Wed 21 Oct, three times suit you both:"
    )
    assert "\x00" not in stage.everything_stored()


async def test_markup_and_code_are_words_like_any_others() -> None:
    stage = await aurora()
    for text in ("<b>book</b> with Alex tomorrow", "'; DROP TABLE people; --", "{name} %s {0!r}"):
        await stage.says("maya", text)
    first, *others = stage.chats.unread["maya"]
    assert first.message.text.startswith("I took Alex Chen, your mentor. On Wed 21 Oct")
    answers = {seen.message.text for seen in others}
    assert answers <= {
        DO_NOT_KNOW,
        "I only schedule sessions, so I have done nothing. “help” shows what I can do.",
    }


async def test_outside_hours_weekends_and_far_away() -> None:
    await play(
        await aurora(),
        """
        maya: book Alex at 3am tomorrow
        > I took Alex Chen, your mentor. Wed 21 Oct 03:00-03:30 London (Tue 20 Oct 22:00 New \
            York) does not work: it is outside the hours of Aurora (08:00-18:00) for you and \
            Alex. The nearest times that work:
        maya: book Alex on Sunday
        > I took Alex Chen, your mentor. On Sun 25 Oct nothing fits: Aurora has no weekend \
            sessions (a programme setting; an administrator can change it). The nearest times \
            that work:
        maya: book Alex in January 2031
        > I took Alex Chen, your mentor. Between Wed 1 Jan 2031 and Fri 31 Jan 2031 nothing fits: \
            Aurora books at most 60 days ahead. I found nothing in the days around it either.
        """,
    )


async def test_two_of_one_name_and_any_way_to_say_which() -> None:
    await play(
        await aurora(),
        """
        lee: book with alex tomorrow
        > There are two people called Alex. Whom do you mean?
          [Alex Chen (New York, Maya's mentor)] [Alex Romero (Madrid)]
        lee: the New York one
        > On Wed 21 Oct, three times suit you both:
          30 minutes with Alex Chen
          …
        lee: book with alex tomorrow
        > There are two people called Alex. Whom do you mean?
        lee: the second one
        > On Wed 21 Oct, three times suit you both:
          30 minutes with Alex Romero
          …
        lee: book with alex tomorrow
        > There are two people called Alex. Whom do you mean?
        lee: romero
        > On Wed 21 Oct, three times suit you both:
          30 minutes with Alex Romero
          …
        lee: book with alex tomorrow
        > There are two people called Alex. Whom do you mean?
        lee: never mind
        > All right.
        """,
    )


async def test_who_takes_part_in_nothing() -> None:
    stage = await aurora()
    await stage.join(person("uma", "Uma Sen", "Europe/London"), role=Role.MENTEE)

    def leave(tx: Tx) -> None:
        for membership in tx.programmes.roles(PersonId("uma")):
            tx.programmes.leave(membership)

    await stage.store.transact(leave)
    await play(
        stage,
        """
        uma: book with Alex
        > You are in no programme, so I can book nobody for you. Administrators can add you.
        jo: book with Maya tomorrow
        > You take part in no programme with Maya Patel. To arrange a session for others, write \
            for example: set up 30 min for Ann with Ben.
        """,
    )


async def test_an_unknown_chat_identity_and_a_person_switched_off() -> None:
    stage = await aurora()
    await stage.change("tom", active=False)
    before = stage.everything_stored()
    await play(
        stage,
        """
        stranger: book with Alex tomorrow
        > I do not know you yet, so I cannot schedule for you. Please ask the administrator of \
            your programme to add you.
        tom: book with Maya tomorrow
        > Your access to Tandem has been switched off, so I cannot do anything for you here. \
            Please ask the administrator of your programme.
        tom: what have I got?
        > Your access to Tandem has been switched off, …
        """,
    )
    assert stage.everything_stored() == before
    await stage.acts("stranger", "book:maya")
    (seen,) = stage.chats.unread["stranger"]
    assert seen.message.text.startswith("I do not know you yet")


# --- buttons ------------------------------------------------------------------------------------


async def with_a_session_and_a_proposal() -> tuple[Stage, str, str, str]:
    """Maya has a session with Alex, and Alex has been offered further times."""
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Tue 27 Oct 14:00 London]
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        maya: book with Alex on Thursday 29 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Thu 29 Oct 14:00 London]
        everybody has read on
        """,
    )
    (meeting,) = await stage.meetings("maya")
    (proposal,) = await stage.proposals("maya")
    return stage, meeting.id, proposal.id, str(proposal.slots[0].start)


GARBLED = (
    "", ":", "::", ":x", ":a:b:c", ":x:1", ":x:zzz", ":9:zzz", ":x,y", ":yes", ":form:google",
    ":verify", ":verify:caldav", ":verify:caldav:replace", ":choose", ":choose:x", ":again",
    ":again:x", ":replace", ":\x00", ":\u0661\u0662:\u0663", f":x:{'9' * 30}", ":" + "x" * 250,
)  # fmt: skip


@pytest.mark.parametrize("verb", [*VERBS, "bogus"])
async def test_old_and_garbled_buttons_do_nothing(verb: str) -> None:
    """By somebody who has no part in anything that the buttons name."""
    stage, meeting, proposal, start = await with_a_session_and_a_proposal()
    held = await stage.meetings("maya"), await stage.proposals("maya")
    theirs = [f":{meeting}{tail}" for tail in ("", ":yes", ":no")]
    theirs += [f":{proposal}{tail}" for tail in ("", ":1", f":{start}", ":all", f",{proposal}")]
    for tail in (*GARBLED, *theirs):
        await stage.acts("sam", f"{verb}{tail}")
        assert stage.chats.unread.pop("sam"), f"no answer to {verb}{tail}"
    assert (await stage.meetings("maya"), await stage.proposals("maya")) == held
    others = {who for who, unread in stage.chats.unread.items() if unread}
    assert others <= {"sam"}
    assert stage.new_mails() == []


async def test_a_message_without_words_or_button_is_an_empty_one() -> None:
    stage = await aurora()
    await stage.acts("maya", "")
    (seen,) = stage.chats.unread["maya"]
    assert seen.message.text.startswith("Your message was empty.")


async def test_buttons_of_others() -> None:
    """Each answer says whose it is; the session and the proposal stand as they were."""
    stage, meeting, proposal, start = await with_a_session_and_a_proposal()
    held = await stage.meetings("maya"), await stage.proposals("maya")
    not_addressed = "This proposal is not addressed to you, so I have changed nothing."
    not_the_asker = "These are times of Maya Patel, who alone can do that with them."
    not_yours = "That is not a session of yours, so I have changed nothing."
    for who, action, answer in (
        ("sam", f"accept:{proposal}:{start}", not_addressed),
        ("sam", f"decline:{proposal}", not_addressed),
        ("sam", f"withdraw:{proposal}", not_addressed),
        ("sam", f"offer:{proposal}:all", not_addressed),
        ("sam", f"offers:{proposal}", not_addressed),
        ("sam", f"more:{proposal}", not_addressed),
        ("sam", f"none:{proposal}", not_addressed),
        ("alex", f"withdraw:{proposal}", not_the_asker),
        ("alex", f"offer:{proposal}:all", not_the_asker),
        ("alex", f"more:{proposal}", not_the_asker),
        ("alex", f"none:{proposal}", not_the_asker),
        ("maya", f"decline:{proposal}", not_addressed),
        ("sam", f"cancel:{meeting}", not_yours),
        ("sam", f"cancel:{meeting}:yes", not_yours),
        ("sam", f"move:{meeting}", not_yours),
        ("sam", f"show:{meeting}", words.NO_SUCH_MEETING),
    ):
        await stage.acts(who, action)
        (seen,) = stage.chats.unread.pop(who)
        assert (action, seen.message.text) == (action, answer)
    assert (await stage.meetings("maya"), await stage.proposals("maya")) == held


async def test_answered_twice_after_the_end_and_after_it_was_taken() -> None:
    """A press on a card that is no longer right shows what holds now."""
    stage, _, proposal, start = await with_a_session_and_a_proposal()
    accept, decline = f"accept:{proposal}:{start}", f"decline:{proposal}"
    await stage.acts("alex", accept)
    await play(stage, "everybody has read on")
    for action in (accept, decline):
        await stage.acts("alex", action)
    for action in (f"withdraw:{proposal}", f"offer:{proposal}:all"):
        await stage.acts("maya", action)
    await play(stage, "alex sees nothing\nmaya sees nothing")
    assert len(await stage.meetings("alex")) == 2


@pytest.mark.parametrize("end", ["maya presses [Take it back]", "72 hours later"])
async def test_accepted_after_it_was_taken_back_or_has_lapsed(end: str) -> None:
    stage, _, proposal, start = await with_a_session_and_a_proposal()
    await play(stage, f"{end}\neverybody has read on")
    await stage.acts("alex", f"accept:{proposal}:{start}")
    await stage.acts("alex", f"decline:{proposal}")
    await stage.acts("maya", f"withdraw:{proposal}")
    assert len(await stage.meetings("alex")) == 1
    assert stage.new_mails() == []
    (shown,) = [
        m.text for m in stage.chats.standing["alex"].values() if m.subject == f"proposal:{proposal}"
    ]
    assert "taken back" in shown or "lapsed" in shown


async def test_accepted_at_the_moment_of_its_end_before_the_worker_came_by() -> None:
    stage, _, proposal, start = await with_a_session_and_a_proposal()
    stage.clock.at += 72 * 3600
    await stage.acts("alex", f"accept:{proposal}:{start}")
    assert len(await stage.meetings("alex")) == 1
    await play(
        stage,
        """
        alex sees ~ The times that Maya Patel offered have lapsed.
        maya sees ~ These times have lapsed.
        maya sees > No answer in time from Alex Chen, so these times have lapsed. Shall I look \
            for others?
        dana sees > Alex Chen never answered the times that Maya Patel offered in Aurora on Tue 20 \
            Oct. They have lapsed; perhaps a word from you helps.
        """,
    )


async def test_people_of_another_organisation_are_out_of_reach() -> None:
    stage = await aurora()
    other = OrgId("f" * 32)
    guest = Person(PersonId("guest"), other, "Gus Vale", "gus@else.example", "Europe/London")

    def work(tx: Tx) -> None:
        tx.organisations.save(Organisation(other, "Elsewhere"))
        tx.people.save(guest)
        tx.people.identify(ChatIdentity("local", "local", "guest"), guest.id)

    await stage.store.transact(work)
    for action in ("book:guest", "nudge:guest", "book:nobody", "nudge:nobody"):
        await stage.acts("maya", action)
        (seen,) = stage.chats.unread.pop("maya")
        assert seen.message.text == OLD
    await stage.acts("guest", "book:maya")
    (seen,) = stage.chats.unread.pop("guest")
    assert seen.message.text == OLD


async def test_a_turn_that_waits_for_calendars_says_so() -> None:
    stage = await aurora()
    stage.calendars.delay = 0.8
    await stage.says("maya", "book with Alex tomorrow")
    assert stage.chats.progressed == ["Reading 2 calendars…"]
