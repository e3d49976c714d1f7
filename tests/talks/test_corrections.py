"""Sentences that go on with what was said, and those that only seem to answer."""

from __future__ import annotations

import pytest

from tests.talks.script import play
from tests.talks.stage import aurora


async def test_naming_an_offered_day_is_no_yes() -> None:
    """A leave that covers an offered day must be kept as leave, not taken for an answer."""
    await play(
        await aurora(),
        """
        maya: book with Alex next week
        > I took Alex Chen, your mentor. …
        maya presses [Offer all three]
        ~ Offered to Alex Chen. I will tell you when they answer.
        alex sees > Maya Patel would like to meet you for 30 minutes. Which time suits you?
        alex: I'm away until 28 October
        > Saved: away Tue 20 Oct to Wed 28 Oct (you get no reminders meanwhile), for all programmes.
          [Undo]
        maya: I'm away until 25 October
        > Saved: away Tue 20 Oct to Sun 25 Oct (you get no reminders meanwhile), for all programmes.
          [Undo]
        """,
    )


async def test_corrections_go_on_with_what_was_said() -> None:
    await play(
        await aurora(),
        """
        maya: book with Alex next Friday
        > I took Alex Chen, your mentor. On Fri 30 Oct, three times suit you both:
        maya: no, the other Alex
        ~ Newer times have replaced these.
        > On Fri 30 Oct, three times suit you both:
          30 minutes with Alex Romero
          …
        maya: make it 45
        ~ Newer times have replaced these.
        > On Fri 30 Oct, three times suit you both:
          45 minutes with Alex Romero
          …
        everybody has read on
        """,
    )


async def test_the_other_reading_is_one_button_away() -> None:
    """Said on a Tuesday, "next Tuesday" is that of next week; "at 3" is in the afternoon."""
    await play(
        await aurora(),
        """
        maya: book with Alex next Thursday
        > I took Alex Chen, your mentor. On Thu 29 Oct, three times suit you both:
          …
          … [I meant Thu 22 Oct 2026] …
        maya presses [I meant Thu 22 Oct 2026]
        ~ Newer times have replaced these.
        > On Thu 22 Oct, three times suit you both:
        """,
    )


CORRECTED = {
    "make it 5pm": "Fri 23 Oct 17:00-17:30 London | 12:00 New York",
    "rather at 5": "Fri 23 Oct 17:00-17:30 London | 12:00 New York",
    "no, thursday": "Thu 22 Oct 16:00-16:30 London | 11:00 New York",
    "no, not at 4": "Fri 23 Oct 13:00-13:30 London | 08:00 New York",
    "no not before 5pm": "Fri 23 Oct 17:00-17:30 London | 12:00 New York",
    "actually not on friday": "Tue 20 Oct 16:00-16:30 London | 11:00 New York",
    "make it next week": "Mon 26 Oct 16:00-16:30 London | 12:00 New York",
    "wait, no more than 20 minutes": "Fri 23 Oct 16:00-16:20 London | 11:00 New York",
    "wait, half an hour later": "Fri 23 Oct 16:30-17:00 London | 11:30 New York",
    "20 minutes earlier": "Fri 23 Oct 15:40-16:10 London | 10:40 New York",
    "let's make it an hour earlier": "Fri 23 Oct 15:00-15:30 London | 10:00 New York",
}


@pytest.mark.parametrize("said", CORRECTED)
async def test_a_correction_changes_only_what_it_says(said: str) -> None:
    await play(
        await aurora(),
        f"""
        maya: book with Alex on friday at 4pm
        > …
        maya: {said}
        ~ Newer times have replaced these.
        > …
          …
          {CORRECTED[said]}
          …
        """,
    )


@pytest.mark.parametrize(
    ("said", "saved"),
    [
        ("no more than 2 sessions a week", "at most 2 sessions a week"),
        ("wait, at most one session per day", "at most 1 session a day"),
        ("no meetings on fridays", "hours Mon-Thu 08:00-18:00"),
    ],
)
async def test_what_is_to_last_is_no_correction(said: str, saved: str) -> None:
    await play(
        await aurora(),
        f"""
        maya: book with Alex on friday at 4pm
        > …
        maya: {said}
        > Saved: {saved}, for all programmes.
          [Undo]
        """,
    )


PARTS = {
    "any time after 3": "Mon 26 Oct 15:00-15:30 London | 11:00 New York",
    "mornings don't work for me": "Mon 26 Oct 14:00-14:30 London | 10:00 New York",
    "only 20 minutes please": "Mon 26 Oct 14:00-14:20 London | 10:00 New York",
    "works for me but can we do 45 min": "Mon 26 Oct 14:00-14:45 London | 10:00 New York",
    "fine, but not Monday": "Tue 27 Oct 14:00-14:30 London | 10:00 New York",
}


@pytest.mark.parametrize("said", PARTS)
async def test_an_hour_or_a_length_alone_is_about_the_times_just_found(said: str) -> None:
    await play(
        await aurora(),
        f"""
        maya: book with Alex Chen next week
        > …
        maya: {said}
        ~ Newer times have replaced these.
        > …
          …
          {PARTS[said]}
          …
        """,
    )


async def test_a_bare_cancel_means_the_times_just_found() -> None:
    await play(
        await aurora(),
        """
        maya: book with Alex Chen next week
        > …
        maya: can you make it longer?
        > How long should it be? For example: make it 45 minutes.
        maya: let's do the second one
        ~ Offered to Alex Chen. I will tell you when they answer.
        everybody has read on
        maya: book with Alex Romero next week
        > …
        maya: cancel it
        ~ None of these times.
        > All right, none of these. …
        maya: sorry I'm running late 10 min
        > You have no session now or in the next two hours, so I told nobody.
        """,
    )


ON_MONDAY = """
    maya: book with Alex Chen next week
    > …
    maya presses [Offer Mon 26 Oct 14:00 London]
    ~ …
    alex sees > …
    alex presses [Mon 26 Oct 10:00 New York]
    ~ …
    everybody has read on
"""
MOVED = {
    "no, Thursday": "Thu 22 Oct 13:00-13:30 London | 08:00 New York",
    "make it 5pm": "Mon 26 Oct 17:00-17:30 London | 13:00 New York",
    "make it 45": "Mon 26 Oct 14:00-14:45 London | 10:00 New York",
    "next month instead": "Mon 2 Nov 15:00-15:30 London | 10:00 New York",
}


@pytest.mark.parametrize("said", MOVED)
async def test_once_it_is_booked_a_correction_moves_it_and_books_no_second_one(said: str) -> None:
    stage = await aurora()
    await play(
        stage,
        ON_MONDAY,
        f"""
        maya: {said}
        > Your session of Mon 26 Oct 14:00-14:30 London (10:00 New York) stays where it is until a \
            new time is accepted. …
          …
          {MOVED[said]}
          …
        """,
    )
    (proposal,) = [p for p in await stage.proposals("maya") if p.is_open]
    assert proposal.request.moves is not None


SERIES = {
    "make it weekly": "Every Tuesday at 15:00 London: all 14 sessions suit you both, Tue 27 Oct to "
    "Tue 26 Jan 2027.",
    "make it 4pm": "Every other Tuesday at 16:00 London: all 7 sessions suit you both, Tue 27 Oct "
    "to Tue 19 Jan 2027.",
    "until the end of November": "Every other Tuesday at 15:00 London: all 3 sessions suit you "
    "both, Tue 27 Oct to Tue 24 Nov.",
    "only 4 sessions": "Every other Tuesday at 15:00 London: all 4 sessions suit you both, Tue 27 "
    "Oct to Tue 8 Dec.",
    "skip 24 November": "Every other Tuesday at 15:00 London: all 6 sessions suit you "
    "both, Tue 27 Oct to Tue 19 Jan 2027.",
    "not in December": "Every other Tuesday at 15:00 London: all 5 sessions suit you both, Tue 27 "
    "Oct to Tue 19 Jan 2027.",
    "start in November": "Every other Tuesday at 15:00 London: all 7 sessions suit you both, Tue "
    "3 Nov to Tue 26 Jan 2027.",
    "20 minutes earlier": "Every other Tuesday at 14:40 London: all 7 sessions suit you both, Tue "
    "27 Oct to Tue 19 Jan 2027.",
}


@pytest.mark.parametrize("said", SERIES)
async def test_a_series_just_found_is_corrected_piece_by_piece(said: str) -> None:
    await play(
        await aurora(),
        f"""
        maya: every other Tuesday at 3pm with Alex Chen for 3 months
        > …
        maya: {said}
        ~ Newer times have replaced these.
        > {SERIES[said]}
        """,
    )


async def test_corrections_of_a_series_add_up() -> None:
    await play(
        await aurora(),
        """
        maya: every other Tuesday at 3pm with Alex Chen for 3 months
        > …
        maya: not in December
        ~ …
        > …
        maya: half an hour later
        ~ …
        > …
        maya: make it 45 minutes
        ~ Newer times have replaced these.
        > Every other Tuesday at 15:30 London: all 5 sessions suit you both, Tue 27 Oct to Tue 19 \
            Jan 2027.
          A series with Alex Chen
          Tue 27 Oct 15:30-16:15 London | 11:30 New York
          …
        """,
    )


async def test_two_of_three_times_are_offered_in_one_sentence() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex Chen next week
        > …
        maya: the first two are fine
        ~ Offered to Alex Chen. I will tell you when they answer.
        everybody has read on
        """,
    )
    (proposal,) = await stage.proposals("maya")
    assert len(proposal.slots) == 2


REMOVED = {
    "after 3": "Thu 22 Oct 15:00-15:30 London | 10:00 New York",
    "Friday instead": "Fri 23 Oct 13:00-13:30 London | 08:00 New York",
    "make it 45": "Thu 22 Oct 13:00-13:45 London | 08:00 New York",
    "next week instead": "Mon 26 Oct 15:00-15:30 London | 11:00 New York",
}


@pytest.mark.parametrize("said", REMOVED)
async def test_a_move_under_way_is_corrected_and_stays_a_move(said: str) -> None:
    stage = await aurora()
    await play(
        stage,
        ON_MONDAY,
        f"""
        maya: move it to Thursday
        > …
        maya: {said}
        ~ Newer times have replaced these.
        > Your session of Mon 26 Oct 14:00-14:30 London (10:00 New York) stays where it is until a \
            new time is accepted. …
          …
          {REMOVED[said]}
          …
        """,
    )
    (proposal,) = [p for p in await stage.proposals("maya") if p.is_open]
    assert proposal.request.moves is not None


async def test_what_was_booked_at_other_times_than_first_proposed_is_moved_too() -> None:
    stage = await aurora()
    await play(
        stage,
        """
        maya: book with Alex Chen on Friday at 3pm
        > …
        maya presses [Offer Fri 23 Oct 15:00 London]
        ~ …
        alex sees > …
        alex: an hour later
        ~ …
        > …
        maya sees ~ …
        maya sees > Alex Chen proposes another time instead, for 30 minutes. Does it suit you?
        maya presses [Fri 23 Oct 16:00 London]
        ~ …
        everybody has read on
        maya: no, Thursday afternoon
        > Your session of Fri 23 Oct 16:00-16:30 London (11:00 New York) stays where it is until a \
            new time is accepted. …
        """,
    )
    (proposal,) = [p for p in await stage.proposals("maya") if p.is_open]
    assert proposal.request.moves is not None
