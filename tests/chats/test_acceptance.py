"""Each acceptance conversation of the product is played in all chats, and none is forgotten.

The conversations themselves are compared by `test_three_chats.py`, those that only show on a real
wire by `test_differences.py` and `test_private.py`. Here stands which of them play which.
"""

from __future__ import annotations

import importlib
import inspect

import pytest

from tests.chats.media import KINDS
from tests.chats.test_three_chats import LEFT_OUT, TALKS, cases, conversations

EVERYWHERE = frozenset(KINDS)
# They need events that come back from people's own calendars.
TWO_WAY = frozenset({"A20", "A21", "A22", "A23", "A32"})
# What one of the chats cannot do, and why.
ELSEWHERE = {
    "A30": ({"slack", "teams"}, "the local chat has private conversations only"),
    "A43": ({"slack", "teams"}, "nobody can block the assistant in the local chat"),
}
# "talk-title" is a conversation of tests/talks, "test_…:title" one of tests/chats.
PLAYED = {
    "A01": (
        "booking-a01_three_times_with_ones_own_mentor",
        "booking-a01_the_other_alex_was_meant",
    ),
    "A02": (
        "booking-a02_from_the_offer_to_the_session",
        "booking-a02_the_calendars_are_read_again_at_the_press",
    ),
    "A03": ("booking-a03_an_administrator_arranges_for_two_others",),
    "A04": (
        "booking-a04_partner_and_length_are_known",
        "booking-a04_one_question_when_the_partner_is_not_known",
    ),
    "A05": ("booking-a05_two_tuesdays_around_a_change_of_clocks",),
    "A06": ("booking-a06_no_weekend_says_the_rule_and_who_can_change_it",),
    "A07": ("booking-a07_too_early_for_both",),
    "A08": ("unchecked-a08_who_is_not_connected_is_asked_and_invited_by_mail",),
    "A09": (
        "unchecked-a09_why_somebody_is_never_free",
        "unchecked-a09_busy_times_have_no_titles",
    ),
    "A10": ("unchecked-a10_always_open_is_not_free",),
    "A11": (
        "connecting-a11_a_button_for_each_service_and_exactly_connected",
        "connecting-a11_a_service_that_was_named_comes_alone",
    ),
    "A12": ("connecting-a12_it_has_to_approve_and_that_is_somebody_else",),
    "A13": ("connecting-a13_the_form_for_apple_refuses_what_is_no_app_password",),
    "A14": ("calendars-a14_a_password_in_the_chat_is_not_kept",),
    "A15": ("calendars-a15_nobody_connects_for_somebody_else",),
    "A16": (
        "calendars-a16_a_second_account_blocks_and_sessions_still_go_to_the_first",
        "calendars-a16_a_wrong_password_leaves_the_form_open_and_nothing_behind",
        "calendars-a16_with_room_for_one_the_only_calendar_is_replaced_on_a_yes",
    ),
    "A17": ("calendars-a17_another_primary_and_what_is_booked_follows",),
    "A18": ("unchecked-a18_a_secondary_blocks_and_an_overlaid_calendar_does_not",),
    "A19": (
        "changing-a19_another_mentee_took_the_time",
        "changing-a19_two_presses_at_once_where_nobody_confirms",
    ),
    "A24": (
        "late-moved_by_ten_minutes_at_one_press",
        "late-the_end_stays_and_nothing_is_sent",
    ),
    "A25": (
        "calling_off-late_by_the_mentee_counts_and_is_said_before",
        "calling_off-late_by_the_mentor_never_counts",
    ),
    "A26": ("sessions-moved_by_another_proposal",),
    "A27": ("series-a27_every_other_tuesday_for_three_months",),
    "A28": ("series-a28_one_is_skipped_one_moved_and_the_tail_cut",),
    "A29": (
        "groups-a29_an_hour_for_the_whole_circle",
        "groups-times_for_most_are_shown_to_the_mentor_alone",
        "groups-a_mentee_does_not_book_for_the_whole_group",
        "groups-who_is_optional_is_asked_but_never_waited_for",
        "test_private:a29_a_circle_is_asked_for_in_a_channel",
    ),
    "A30": ("test_private:a30_a_channel_reads_that_the_answer_is_private",),
    "A31": ("test_differences:a31_a34_settings_are_shown_first_and_the_sender_is_none",),
    "A33": ("admin_connecting-a33_a_disabled_service_ends_in_14_days_and_its_people_are_told",),
    "A34": ("test_differences:a31_a34_settings_are_shown_first_and_the_sender_is_none",),
    "A35": (
        "admin_auto_connect-a35_people_on_two_services_are_listed_and_it_must_make_an_account",
    ),
    "A36": (
        "doctor-a36_a_broken_calendar_is_unknown_and_told_once",
        "doctor-a36_what_was_booked_stays",
    ),
    "A37": ("mail_answers-a37_the_mail_can_be_answered_in_any_program",),
    "A38": (
        "mail_answers-a38_and_a22_a_no_from_outlook_com_without_organizer",
        "mail_answers-a38_what_is_sent_in_anothers_name_is_ignored",
    ),
    "A39": (
        "people-a39_preferences_are_saved_echoed_used_listed_and_undone",
        "people-a39_what_cannot_be_saved_is_said",
    ),
    "A40": (
        "people-a40_another_clock_for_days_to_come",
        "people-a40_where_the_clock_differs_and_a_journey_that_is_off",
    ),
    "A41": ("unchecked-a41_whatever_is_said_rules_and_privacy_stay",),
    "A42": (
        "booking-a42_the_same_event_twice_is_one_session_and_one_answer",
        "test_differences:a42_a_press_that_is_sent_five_times",
    ),
    "A43": (
        "test_differences:a43_who_has_blocked_the_bot_in_teams_gets_a_mail",
        "test_differences:a43_whose_conversation_is_gone_in_slack_gets_a_mail",
    ),
    "A44": ("calendars-a44_without_sync_nothing_is_written_and_a_file_comes_by_mail",),
    "A45": ("calendars-a45_disconnecting_says_what_it_means_first",),
    "A46": (
        "calendars-a46_where_the_organisation_has_not_approved",
        "admin_connecting-a46_withdrawn_approval_stops_everything_at_once_and_tells_each_once",
    ),
}


def played() -> dict[str, set[str]]:
    """Return in which chats each conversation of tests/talks is played."""
    found: dict[str, set[str]] = {}
    for param in conversations():
        label, _, kind = str(param.id).rpartition("-")
        found.setdefault(label, set()).add(kind)
        name, _, case = label.rpartition("-")
        if case.isdigit():
            found.setdefault(name, set()).add(kind)
    return found


def on_the_wire(label: str) -> set[str]:
    """Return in which chats a test of tests/chats plays: its parameter, or by its name."""
    file, _, title = label.partition(":")
    talk = getattr(importlib.import_module(f"tests.chats.{file}"), f"test_{title}")
    kinds = {
        kind
        for mark in getattr(talk, "pytestmark", ())
        if mark.args[:1] == ("kind",)
        for kind in mark.args[1]
    }
    named = {k for k in KINDS if k in title.split("_")}
    assert inspect.iscoroutinefunction(talk)
    assert kinds or named, f"{label} names no chat"
    return kinds or named


def test_every_conversation_has_its_place() -> None:
    wanted = {f"A{number:02}" for number in range(1, 47)}
    assert wanted - TWO_WAY == PLAYED.keys()
    assert PLAYED.keys() >= ELSEWHERE.keys()


PLAYS = played()


@pytest.mark.parametrize("number", PLAYED)
def test_it_is_played_in_every_chat(number: str) -> None:
    """Together its conversations reach every chat; each of tests/talks does so alone."""
    reached: set[str] = set()
    must = ELSEWHERE[number][0] if number in ELSEWHERE else EVERYWHERE
    for label in PLAYED[number]:
        here = on_the_wire(label) if ":" in label else PLAYS.get(label, set())
        assert ":" in label or here == EVERYWHERE, f"{label} is played in {sorted(here)} only"
        reached |= here
    assert reached >= must, f"{number} is played in {sorted(reached)} only"


def test_nothing_is_left_out_that_is_not_there() -> None:
    """A conversation that was renamed is played again, unless that is decided anew."""
    there: set[str] = set()
    for file in TALKS.glob("test_*.py"):
        for title, talk in vars(importlib.import_module(f"tests.talks.{file.stem}")).items():
            if title.startswith("test_") and inspect.iscoroutinefunction(talk):
                label = f"{file.stem[5:]}-{title.removeprefix('test_')}"
                there |= {label, *(f"{label}{case}" for case, _ in cases(talk))}
    assert LEFT_OUT.keys() - there == set()
