"""What a session is about: said with the request, or later; and the programme's line for notes."""

from __future__ import annotations

from tests.talks.script import play
from tests.talks.stage import aurora

NOTES = "https://notes.example.org/aurora"
BOOKED = """
    maya: book with Alex on Tuesday 27 October at 2pm
    > I took Alex Chen, your mentor. That time suits you both:
    maya presses [Offer Tue 27 Oct 14:00 London]
    ~ Offered to Alex Chen. I will tell you when they answer.
    alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
    alex presses [Tue 27 Oct 10:00 New York]
    everybody has read on
"""


async def test_said_with_the_request_it_stands_on_the_card_and_in_every_calendar() -> None:
    stage = await aurora()
    await stage.setting("meeting.notes", NOTES)
    await play(
        stage,
        """
        maya: book with Alex about her promotion & <next> steps on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
          30 minutes with Alex Chen
          Tue 27 Oct 14:00-14:30 London | 10:00 New York
          About: her promotion & <next> steps
          Offer it, and Alex Chen will be asked.
          [Offer Tue 27 Oct 14:00 London] [None of these] [Someone else]
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
          30 minutes with Maya Patel
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          About: her promotion & <next> steps
          [Tue 27 Oct 10:00 New York] [None of these]
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        """,
    )
    for who in ("maya", "alex"):
        lines = stage.events(who)[0].description.splitlines()
        assert "Agenda: her promotion & <next> steps" in lines
        assert f"Notes: {NOTES}" in lines


async def test_of_a_booked_session_it_is_one_update_for_everybody() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        alex: add to the agenda with Maya: career plan
        > Saved: the agenda of your session with Maya Patel on Tue 27 Oct 10:00 New York is \
            “career plan”. The others and everybody's calendar get it as an update.
        calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 1
        calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Maya Patel, 1
        mail to alex: Updated: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        mail to maya: Updated: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        maya: put the talk in May on the agenda
        > Saved: the agenda of your session with Alex Chen on Tue 27 Oct 14:00 London is “career \
            plan; the talk in May”. The others and everybody's calendar get it as an update.
        everybody has read on
        maya: add to the agenda: career plan
        > That is what the agenda says already: “career plan; the talk in May”.
        maya: clear the agenda
        > The agenda of your session with Alex Chen on Tue 27 Oct 14:00 London is empty now.
        calendar of maya: Tue 27 Oct 14:00-14:30 London, Session with Alex Chen, 3
        everybody has read on
        """,
    )
    assert "Agenda" not in stage.events("maya")[0].description


async def test_of_what_is_proposed_it_is_shown_to_who_is_asked() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        maya: agenda: my first talk
        > Noted: the session is about “my first talk”. It stands in the invitation once it is \
            booked.
        alex sees ~ Maya Patel would like to meet you for 30 minutes. Does it suit you?
          30 minutes with Maya Patel
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          About: my first talk
          [Tue 27 Oct 10:00 New York] [None of these]
        alex presses [Tue 27 Oct 10:00 New York]
        everybody has read on
        """,
    )
    assert "Agenda: my first talk" in stage.events("alex")[0].description


async def test_of_several_sessions_it_is_asked_which() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        maya: book with Alex on Thursday 29 October at 2pm
        everybody has read on
        maya presses [Offer Thu 29 Oct 14:00 London]
        everybody has read on
        alex presses [Thu 29 Oct 10:00 New York]
        everybody has read on
        alex: agenda: the report
        > For which session is the agenda “the report”?
          [Maya Patel, Tue 27 Oct 10:00 New York] [Maya Patel, Thu 29 Oct 10:00 New York]
        alex: the second one
        > Saved: the agenda of your session with Maya Patel on Thu 29 Oct 10:00 New York is “the \
            report”. The others and everybody's calendar get it as an update.
        everybody has read on
        sam: agenda: mine
        > You have no session to come that I could write an agenda for. Book one first.
        """,
    )


async def test_of_a_series_it_is_for_all_that_is_to_come() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: every Tuesday at 2pm with Alex for 3 weeks about the thesis, starting 27 October
        everybody has read on
        maya presses [Offer the series]
        everybody has read on
        alex presses [Accept the series]
        everybody has read on
        """,
    )
    assert {m.agenda for m in await stage.meetings("maya")} == {"the thesis"}
    await stage.says("alex", "agenda: chapter two")
    await stage.drain()
    mails = stage.new_mails()
    assert sorted(m.to_name for m in mails) == ["Alex Chen", "Maya Patel"]
    assert all("Agenda: chapter two" in m.text for m in mails)
    for who in ("maya", "alex"):
        assert [e.description.count("Agenda: chapter two") for e in stage.events(who)] == [1]
    assert {m.agenda for m in await stage.meetings("maya")} == {"chapter two"}


async def test_an_administrator_sets_the_line_for_notes() -> None:
    stage = await aurora()
    await play(
        stage,
        f"""
        dana: admin aurora notes {NOTES}
        everybody has read on
        """,
    )
    await play(stage, BOOKED)
    assert f"Notes: {NOTES}" in stage.events("maya")[0].description.splitlines()


async def test_the_programmes_link_is_where_a_session_is_without_one_of_its_owners() -> None:
    stage = await aurora()
    await stage.change("alex", meeting_link=None)
    await play(
        stage,
        """
        dana: admin aurora link https://meet.example.org/aurora
        everybody has read on
        """,
        BOOKED,
    )
    assert stage.events("maya")[0].place == "https://meet.example.org/aurora"
    (meeting,) = await stage.meetings("alex")
    assert meeting.place == "https://meet.example.org/aurora"


async def test_undo_puts_the_former_text_back_and_everybodys_copy_with_it() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        maya: agenda: career plan
        everybody has read on
        maya: agenda: the talk in May
        > Saved: the agenda of your session with Alex Chen on Tue 27 Oct 14:00 London is “the \
            talk in May”. The others and everybody's calendar get it as an update.
          [Undo]
        everybody has read on
        maya presses [Undo]
        > The agenda of your session with Alex Chen on Tue 27 Oct 14:00 London is “career plan” \
            again.
        calendar of alex: Tue 27 Oct 10:00-10:30 New York, Session with Maya Patel, 3
        mail to maya: Updated: Session with Alex Chen: Tue 27 Oct 14:00 London [details]
        mail to alex: Updated: Session with Maya Patel: Tue 27 Oct 10:00 New York [details]
        maya: clear the agenda
        everybody has read on
        maya: undo
        > The agenda of your session with Alex Chen on Tue 27 Oct 14:00 London is “career plan” \
            again.
        everybody has read on
        """,
    )
    for who in ("maya", "alex"):
        assert "Agenda: career plan" in stage.events(who)[0].description.splitlines()


async def test_undo_leaves_what_the_other_has_written_since_and_what_was_long_ago() -> None:
    stage = await aurora()
    await play(
        stage,
        BOOKED,
        """
        maya: agenda: career plan
        everybody has read on
        alex: add to the agenda: the report
        everybody has read on
        maya: undo
        > That agenda was written to since, so I leave it as it is.
        alex: agenda: the report
        everybody has read on
        11 minutes later
        everybody has read on
        alex: undo
        > That was more than ten minutes ago, so I leave it as it is. …
        """,
    )
    assert {m.agenda for m in await stage.meetings("maya")} == {"the report"}


async def test_undo_of_what_was_noted_for_a_proposal_leaves_the_offer() -> None:
    await play(
        await aurora(),
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        everybody has read on
        maya presses [Offer Tue 27 Oct 14:00 London]
        everybody has read on
        maya: agenda: my first talk
        everybody has read on
        maya: undo
        > The session has no agenda any more.
        alex sees ~ Maya Patel would like to meet you for 30 minutes. Does it suit you?
          30 minutes with Maya Patel
          Tue 27 Oct 10:00-10:30 New York | 14:00 London
          [Tue 27 Oct 10:00 New York] [None of these]
        """,
    )


THESIS = """
    maya: every Tuesday at 2pm with Alex for 3 weeks, starting 27 October
    everybody has read on
    maya presses [Offer the series]
    everybody has read on
    alex presses [Accept the series]
    everybody has read on
    maya: agenda: the thesis
    everybody has read on
"""


async def test_one_session_of_a_series_has_an_agenda_of_its_own() -> None:
    stage = await aurora()
    await play(
        stage,
        THESIS,
        """
        alex: agenda for 3 November: chapter two
        > Saved: the agenda of your session with Maya Patel on Tue 3 Nov 09:00 New York is \
            “chapter two”. The others and everybody's calendar get it as an update. The other \
            sessions of the series keep theirs.
          [Undo]
        mail to alex: Updated: Session with Maya Patel: Tue 3 Nov 09:00 New York [details]
        mail to maya: Updated: Session with Alex Chen: Tue 3 Nov 14:00 London [details]
        """,
    )
    assert [m.agenda for m in await stage.meetings("maya")] == [
        "the thesis",
        "chapter two",
        "the thesis",
    ]
    for who in ("maya", "alex"):
        (copy,) = stage.events(who)
        assert "Agenda: the thesis" in copy.description.splitlines()
        assert "Agenda of Tue 3 Nov: chapter two" in copy.description.splitlines()
    await play(
        stage,
        """
        alex presses [Undo]
        > The agenda of your session with Maya Patel on Tue 3 Nov 09:00 New York is “the thesis” \
            again.
        everybody has read on
        """,
    )
    assert {m.agenda for m in await stage.meetings("maya")} == {"the thesis"}
    assert all("chapter two" not in e.description for e in stage.events("maya"))


async def test_undo_for_a_whole_series_brings_each_sessions_own_back() -> None:
    stage = await aurora()
    await play(
        stage,
        THESIS,
        """
        alex: agenda for 3 November: chapter two
        everybody has read on
        alex: agenda: only news
        > Saved: the agenda of your series with Maya Patel is “only news”, for every session to \
            come. …
          [Undo]
        everybody has read on
        alex presses [Undo]
        > The agenda of your series with Maya Patel is as it was before, for every session to come.
        everybody has read on
        """,
    )
    assert [m.agenda for m in await stage.meetings("maya")] == [
        "the thesis",
        "chapter two",
        "the thesis",
    ]
    (copy,) = stage.events("maya")
    assert "Agenda of Tue 3 Nov: chapter two" in copy.description.splitlines()
