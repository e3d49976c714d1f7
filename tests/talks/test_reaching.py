"""Who is who in the chats, what others may read along, and where people are reached."""

from __future__ import annotations

import asyncio

import pytest

from bot.channel import ChatPerson, Standing
from core.errors import RateLimited
from core.ids import PersonId
from core.people import ChatIdentity
from core.talk import Workspace
from tests.talks.script import play
from tests.talks.stage import CHAT, ORG, Stage, at, aurora

HOME, TENANT = "T1", "tenant-1"


async def in_slack(*people: str, linked: bool = True) -> Stage:
    """Return the stage with Slack and Teams of the organisation, and people in Slack.

    Maya is `mayaslack` there, and so on; in the local chat they are gone.
    """
    stage = await aurora()
    org = ORG if linked else None
    places = (("slack", HOME, "Lantern Slack"), ("teams", TENANT, "Lantern Teams"))
    for kind, external_id, name in places:
        await save_workspace(stage, Workspace(kind, external_id, name, org, {}))
    for who in people:
        stage.chats.joins("slack", HOME, f"{who}slack", f"{who}@example.org")
    return stage


async def save_workspace(stage: Stage, space: Workspace) -> None:
    await stage.store.transact(lambda tx: tx.workspaces.save(space))


def read_by(stage: Stage, who: str) -> list[str]:
    """Return what somebody has not read, and count it as read."""
    return [seen.message.text for seen in stage.chats.unread.pop(who, [])]


async def identities(stage: Stage, who: str) -> set[ChatIdentity]:
    found = await stage.store.read(lambda tx: tx.people.identities(PersonId(who)))
    return {identity for identity in found if identity.kind != CHAT[0]}


# --- in front of others -----------------------------------------------------------------------


async def test_a29_a_group_is_asked_for_in_a_channel_and_availability_stays_private() -> None:
    stage = await in_slack("romero", "maya", "sam")
    await stage.pair("romero", "maya")
    await stage.pair("romero", "sam")
    await stage.busy("sam", "2026-10-26 00:00", "2026-10-31 00:00")
    sentence = "find an hour for the whole circle next week"
    await stage.says("romeroslack", sentence, channel="circle")
    assert read_by(stage, "circle") == ["Alex Romero, I have answered you in our private chat."]
    (text,) = read_by(stage, "romeroslack")
    assert "Sam is busy" in text
    await stage.presses("romeroslack", "Ask Maya: Mon 26 Oct 10:00 Madrid")
    for who in ("maya", "sam"):
        told = [*read_by(stage, f"{who}slack"), *read_by(stage, who)]
        assert any("would like to meet you" in one for one in told), told
    assert not read_by(stage, "circle")
    assert not stage.chats.asides


async def test_a30_what_is_asked_in_a_channel_is_answered_in_private() -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", "book with Alex next week", channel="general")
    assert read_by(stage, "general") == ["Maya Patel, I have answered you in our private chat."]
    (text,) = read_by(stage, "mayaslack")
    assert text.startswith("I took Alex Chen, your mentor.")
    assert not stage.chats.asides
    await stage.says("mayaslack", "the second one")
    (edited,) = read_by(stage, "mayaslack")
    assert edited.startswith("Offered to Alex Chen.")


@pytest.mark.parametrize("text", ["what have I got?", "my calendars", "is Alex free on Tuesday?"])
async def test_nothing_personal_stands_in_a_channel(text: str) -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", text, channel="general")
    assert read_by(stage, "general") == ["Maya Patel, I have answered you in our private chat."]
    assert read_by(stage, "mayaslack")


async def test_what_tells_nothing_of_anybody_may_stand_in_a_channel() -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", "thanks", channel="general")
    assert read_by(stage, "general") == ["With pleasure!"]
    assert read_by(stage, "mayaslack") == []


async def test_who_cannot_be_written_to_is_asked_to_open_a_chat() -> None:
    stage = await in_slack("maya")
    stage.chats.shut.add("mayaslack")
    await stage.says("mayaslack", "book with Alex next week", channel="general")
    (text,) = read_by(stage, "general")
    assert text.startswith("I answer that in private only, and I cannot write to you there yet.")


async def test_a14_a_password_is_neither_kept_nor_logged(caplog: pytest.LogCaptureFixture) -> None:
    stage = await in_slack("maya")
    for channel in ("", "general"):
        incoming = "my password is abcd-efgh-ijkl-mnop"
        await stage.says("mayaslack", incoming, channel=channel)
        (text,) = read_by(stage, "mayaslack")
        assert text.startswith("That looks like a password. I did not keep it.")
        assert "abcd-efgh" not in stage.everything_stored()
        assert "abcd-efgh" not in caplog.text


async def test_a_password_is_gone_before_it_is_stored() -> None:
    stage = await in_slack("maya")
    incoming = stage.incoming("mayaslack", text="abcd-\x00efgh-ijkl-mnop is my password: hunter2x")
    await stage.reception.receive(incoming)
    assert "inbound" in stage.everything_stored()
    assert "hunter2x" not in stage.everything_stored()
    await stage.drain()
    (text,) = read_by(stage, "mayaslack")
    assert text.startswith("That looks like a password.")


# --- once -------------------------------------------------------------------------------------


async def test_a42_an_event_that_comes_five_times_at_once_is_answered_once() -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", "book with Alex on Tuesday 27 October at 2pm")
    action = stage.chats.button("mayaslack", "Offer Tue 27 Oct 14:00 London")
    await stage.acts("mayaslack", action)
    read_by(stage, "mayaslack")
    accept = stage.chats.button("alex", "Tue 27 Oct 10:00 New York")
    incoming = stage.incoming("alex", action=accept, event_id="E1")
    kept = await asyncio.gather(*(stage.reception.receive(incoming) for _ in range(5)))
    assert sorted(kept) == [False] * 4 + [True]
    await asyncio.gather(*(stage.inbox.drain() for _ in range(5)))
    await stage.drain()
    assert len(await stage.meetings("maya")) == 1
    booked = [text for text in read_by(stage, "alex") if text.startswith("Booked: ")]
    assert len(booked) == 2  # the card that changes in place, and the news of it
    assert not await stage.reception.receive(incoming)


async def test_two_presses_with_events_of_their_own_book_once() -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", "book with Alex on Tuesday 27 October at 2pm")
    action = stage.chats.button("mayaslack", "Offer Tue 27 Oct 14:00 London")
    for event in ("E1", "E2"):
        await stage.reception.receive(stage.incoming("mayaslack", action=action, event_id=event))
    await stage.drain()
    assert len(await stage.proposals("alex")) == 1


async def test_a_chat_that_is_in_a_hurry_is_waited_for_and_nothing_is_decided_twice() -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", "hello")
    read_by(stage, "mayaslack")
    stage.chats.errors.append(RateLimited(retry_after=30))
    await stage.says("mayaslack", "book with Alex on Tuesday 27 October at 2pm")
    assert read_by(stage, "mayaslack") == []
    await stage.wait(29)
    assert read_by(stage, "mayaslack") == []
    await stage.wait(10)
    assert len(read_by(stage, "mayaslack")) == 1
    assert len(await stage.proposals("maya")) == 1


# --- who is who -------------------------------------------------------------------------------


async def test_somebody_is_known_by_the_address_that_their_chat_has_verified() -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", "what have I got?")
    assert read_by(stage, "mayaslack")[0].startswith("You have no sessions coming up.")
    assert await identities(stage, "maya") == {ChatIdentity("slack", HOME, "mayaslack")}


async def test_an_unknown_person_is_told_whom_to_ask_and_no_more() -> None:
    stage = await in_slack()
    stage.chats.joins("slack", HOME, "eve", "eve@elsewhere.example")
    await stage.says("eve", "book with Maya tomorrow")
    unknown = "I do not know you yet, so I cannot schedule for you. Please ask Jo Park."
    assert read_by(stage, "eve") == [unknown]
    await stage.says("eve", "book with Maya tomorrow", channel="general")
    assert read_by(stage, "general") == []
    assert stage.chats.asides == [("general", "eve", unknown)]
    await stage.setting("contacts", "Support: help@example.org")
    await stage.says("eve", "hello")
    (text,) = read_by(stage, "eve")
    assert text.endswith("Please ask Support: help@example.org.")


@pytest.mark.parametrize("standing", [Standing.STRANGER, Standing.GONE])
async def test_nothing_is_scheduled_for_strangers(standing: Standing) -> None:
    stage = await in_slack()
    stage.chats.joins("slack", HOME, "spy", "maya@example.org", standing=standing)
    await stage.says("spy", "what have I got?")
    (text,) = read_by(stage, "spy")
    assert text.startswith("I schedule for the people of this workspace only")
    assert await identities(stage, "maya") == set()


async def test_other_bots_are_not_answered() -> None:
    stage = await in_slack()
    stage.chats.joins("slack", HOME, "poll", "maya@example.org", standing=Standing.BOT)
    await stage.says("poll", "what have I got?")
    assert read_by(stage, "poll") == []


async def test_a_guest_with_a_known_address_is_let_in() -> None:
    stage = await in_slack()
    stage.chats.joins("slack", HOME, "guest", "sam@example.org", standing=Standing.GUEST)
    await stage.says("guest", "what have I got?")
    assert read_by(stage, "guest")[0].startswith("You have no sessions coming up.")


async def test_a_person_in_two_workspaces_of_one_kind_is_known_in_both() -> None:
    stage = await in_slack("maya")
    await save_workspace(stage, Workspace("slack", "T2", "Lantern Labs", ORG, {}))
    stage.chats.joins("slack", "T2", "mayalabs", "MAYA@example.org")
    await stage.says("mayaslack", "hello")
    await stage.says("mayalabs", "hello")
    assert read_by(stage, "mayalabs")[0].startswith("Hello Maya")
    assert len(await identities(stage, "maya")) == 2


async def test_both_chats_are_asked_before_they_are_one_person() -> None:
    stage = await in_slack("maya")
    stage.chats.joins("teams", TENANT, "mayateams", "maya@example.org")
    await stage.says("mayaslack", "hello")
    read_by(stage, "mayaslack")
    await play(
        stage,
        """
        mayateams: book with Alex tomorrow
        > Are you the Maya Patel who talks to me in Slack?
          I have asked in Slack as well. When you have said yes in both, I know you here.
          [Yes, that is me] [No]
        mayaslack sees > Somebody with your address wrote to me in Teams. Was it you?
          [Yes, that is me] [No]
        mayateams: what have I got?
        > Are you the Maya Patel who talks to me in Slack?
        mayateams: yes
        > Thank you. Please answer my question in Slack too: then I know you in both.
        mayaslack presses [Yes, that is me]
        ~ Thank you, Maya. Now you can talk to me in Teams and in Slack.
        mayateams sees ~ Thank you, Maya. Now you can talk to me in Teams and in Slack.
        mayateams: what have I got?
        > You have no sessions coming up. Shall I find a time with Alex?
        """,
    )


async def test_who_was_asked_first_sees_when_the_other_chat_has_answered() -> None:
    stage = await in_slack("maya")
    stage.chats.joins("teams", TENANT, "mayateams", "maya@example.org")
    await stage.says("mayaslack", "hello")
    read_by(stage, "mayaslack")
    await play(
        stage,
        """
        mayateams: book with Alex tomorrow
        > Are you the Maya Patel who talks to me in Slack?
        mayaslack sees > Somebody with your address wrote to me in Teams. Was it you?
        mayaslack presses [Yes, that is me]
        ~ Thank you. Please answer my question in Teams too: then I know you in both.
        mayateams presses [Yes, that is me]
        > Thank you, Maya. Now you can talk to me in Teams and in Slack.
        mayaslack sees ~ Thank you, Maya. Now you can talk to me in Teams and in Slack.
        mayateams sees nothing
        """,
    )


async def test_a_no_ends_it_and_tells_the_administrator() -> None:
    stage = await in_slack("maya")
    stage.chats.joins("teams", TENANT, "spy", "maya@example.org")
    await stage.says("mayaslack", "hello")
    read_by(stage, "mayaslack")
    await play(
        stage,
        """
        spy: what have I got?
        > Are you the Maya Patel who talks to me in Slack?
        spy presses [Yes, that is me]
        > Thank you. Please answer my question in Slack too: then I know you in both.
        mayaslack sees > Somebody with your address wrote to me in Teams. Was it you?
        mayaslack presses [No]
        ~ Thank you. I do nothing for whoever wrote in Teams, and I have told your administrator.
        jo sees > Somebody in Teams has the address of Maya Patel, but one of the two says that \
            they are not the same person. I do nothing for whoever wrote in Teams. Please check \
            the address there.
        spy: what have I got?
        > I do not take you for Maya Patel then. Please ask Jo Park.
        mayaslack presses [No] again
        mayaslack sees nothing
        """,
    )
    assert len(await identities(stage, "maya")) == 1


async def test_nobody_answers_for_another() -> None:
    stage = await in_slack("maya", "alex")
    stage.chats.joins("teams", TENANT, "mayateams", "maya@example.org")
    for who in ("mayaslack", "alexslack", "mayateams"):
        await stage.says(who, "hello")
    yes = stage.chats.button("mayaslack", "Yes, that is me")
    read_by(stage, "alexslack")
    await stage.acts("alexslack", yes)
    (text,) = read_by(stage, "alexslack")
    assert text.startswith("That button is from an earlier version.")
    await stage.acts("mayateams", yes)
    await stage.acts("mayateams", yes)
    assert len(await identities(stage, "maya")) == 1


async def test_a_closed_account_is_looked_up_anew() -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", "hello")
    read_by(stage, "mayaslack")
    who = stage.chats.homes["mayaslack"]
    left = stage.chats.people[who]
    gone = stage.chats.joins("slack", HOME, "mayaslack", "", standing=Standing.GONE)
    await stage.reception.changed(stage.chats.people[gone])
    await stage.says("mayaslack", "what have I got?")
    assert read_by(stage, "mayaslack")[0].startswith("I schedule for the people of")
    stage.chats.people[who] = left
    await stage.says("mayaslack", "what have I got?")
    assert read_by(stage, "mayaslack")[0].startswith("You have no sessions coming up.")


# --- workspaces -------------------------------------------------------------------------------


async def test_an_unlinked_workspace_says_only_whom_to_ask_until_it_is_linked() -> None:
    stage = await in_slack("maya", linked=False)
    await play(
        stage,
        """
        mayaslack: book with Alex tomorrow
        > I cannot do anything in this workspace yet, because no administrator has linked it to \
            an organisation. Please ask the administrator of your programme.
        maya: workspaces
        > Only a global administrator can do that, for example Jo Park.
        maya: link workspace Lantern Slack
        > Only a global administrator can do that, for example Jo Park.
        jo: link workspace Nowhere
        > I know no workspace “Nowhere” that waits to be linked. “workspaces” shows them.
        jo: workspaces
        > The workspaces I am in:
          Workspace | Chat | State
          Lantern Slack | Slack | not linked
          Lantern Teams | Teams | not linked
          [Link Lantern Slack] [Link Lantern Teams]
        jo: link workspace lantern slack
        > Linked: Lantern Slack. People whose address I know are let in there now.
        mayaslack: what have I got?
        > You have no sessions coming up. Shall I find a time with Alex?
        """,
    )


async def test_a_workspace_links_itself_when_an_administrator_writes_there() -> None:
    """Else nobody could link the first one: there may be no other chat to say it in."""
    stage = await in_slack("maya", "jo", linked=False)
    await play(
        stage,
        """
        mayaslack: what have I got?
        > I cannot do anything in this workspace yet, because no administrator has linked it to \
            an organisation. …
        joslack: hello
        > …
        joslack sees > The Slack workspace “Lantern Slack” is linked now, because Jo Park is in …
        mayaslack: what have I got?
        > You have no sessions coming up. Shall I find a time with Alex?
        """,
    )


async def test_a_workspace_of_the_settings_is_the_only_organisations() -> None:
    stage = await in_slack("maya", linked=False)
    nobody = ChatPerson(ChatIdentity("slack", HOME, ""), "")
    await stage.reception.installed("slack", HOME, "", nobody, named=True)
    await play(
        stage,
        """
        mayaslack: what have I got?
        > You have no sessions coming up. Shall I find a time with Alex?
        """,
    )


async def test_a_workspace_links_itself_when_an_administrator_has_installed_it() -> None:
    stage = await in_slack()
    for user, email in (("sam_x", "sam@example.org"), ("jo_x", "jo@example.org")):
        who = stage.chats.joins("slack", f"T-{user}", user, email)
        person = stage.chats.people[who]
        await stage.reception.installed("slack", who.workspace, f"Space of {user}", person)
    await stage.drain()
    (text,) = read_by(stage, "jo")
    assert text.startswith(
        "The Slack workspace “Space of jo_x” is linked now, because Jo Park is in"
    )
    await stage.says("sam_x", "hello")
    assert read_by(stage, "sam_x")[0].endswith("Please ask Sam_X, who installed me.")


async def test_who_removed_the_assistant_is_reached_elsewhere() -> None:
    stage = await in_slack("alex")
    await stage.says("alexslack", "hello")
    read_by(stage, "alexslack")
    await stage.reception.removed("slack", HOME)
    await stage.says("maya", "book with Alex on Tuesday 27 October at 2pm")
    await stage.presses("maya", "Offer Tue 27 Oct 14:00 London")
    assert read_by(stage, "alexslack") == []
    assert read_by(stage, "alex")[0].startswith("Maya Patel would like to meet you")


async def test_administrators_hear_once_that_a_workspace_is_gone() -> None:
    stage = await in_slack("jo")
    await stage.says("joslack", "hello")
    read_by(stage, "joslack")
    page = "https://tandem.example.org/slack/install"
    for _ in range(3):
        await stage.reception.removed("slack", HOME, page)
        await stage.drain()
    (told,) = read_by(stage, "jo")
    assert told == (
        "The Slack workspace “Lantern Slack” has removed me, or its key for me no longer works. I "
        f"reach nobody there now and write mails instead. To bring me back, install me once more: "
        f"{page}"
    )
    await stage.reception.removed("teams", TENANT)
    await stage.drain()
    (told,) = read_by(stage, "jo")
    assert told.endswith("To bring me back, somebody has to install me there once more.")
    assert read_by(stage, "joslack") == []


# --- reaching people --------------------------------------------------------------------------


async def test_people_are_reached_where_they_spoke_last_or_where_they_want() -> None:
    stage = await in_slack("alex")
    for who, told in (("alexslack", "alexslack"), ("alex", "alex")):
        await stage.says(who, "hello")
        read_by(stage, who)
        await stage.says("sam", "talk to a person: hello there")
        await stage.says("maya", "book with Alex on Tuesday 27 October at 2pm")
        await stage.presses("maya", "Offer Tue 27 Oct 14:00 London")
        assert len(read_by(stage, told)) == 1
        await stage.presses("maya", "Take it back")
    await play(
        stage,
        """
        everybody has read on
        alex: reach me in Teams
        > I do not know you in Teams yet, so I cannot reach you there. Write to me there once first.
        alex: reach me in Slack
        > Saved: I reach you in Slack, for all programmes.
          [Undo]
        alex: what are my preferences?
        > Your preferences:
          …
          Reached: in Slack
          …
        maya: book with Alex on Wednesday 28 October at 2pm
        > I took Alex Chen, your mentor. …
        maya presses [Offer Wed 28 Oct 14:00 London]
        ~ Offered to Alex Chen. …
        alexslack sees > Maya Patel would like to meet you for 30 minutes. Does it suit you?
        alex sees nothing
        """,
    )


async def test_a43_who_has_blocked_us_gets_the_same_choices_by_mail() -> None:
    stage = await in_slack("alex")
    await stage.says("alexslack", "hello")
    stage.chats.shut |= {"alexslack", "alex"}
    read_by(stage, "alexslack")
    await play(
        stage,
        """
        maya: book with Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        > I do not reach Alex Chen in chat right now, so your times were sent by mail.
        mail to alex: Maya Patel offers you times: Tue 27 Oct 10:00 New York [details]
        alex sees nothing
        """,
    )
    mail = stage.mail.sent[-1]
    assert mail.to_email == "alex@example.org"
    assert "Tue 27 Oct 10:00-10:30 New York (14:00 London)" in mail.text
    assert mail.text.count("https://tandem.example.org/answer/") == 2
    assert f"?time={at('2026-10-27 14:00')}" in mail.text
    assert "?time=none" in mail.text
    stage.chats.shut.clear()
    await stage.says("alexslack", "what have I got?")
    read_by(stage, "alexslack")
    await stage.presses("maya", "Take it back")
    assert stage.new_mails() == []


async def test_who_wants_mail_gets_mail_and_no_message() -> None:
    stage = await in_slack("alex")
    await play(
        stage,
        """
        alex: reach me by mail
        > Saved: I reach you by mail, for all programmes.
        maya: book with Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. That time suits you both:
        maya presses [Offer Tue 27 Oct 14:00 London]
        ~ Offered to Alex Chen. I will tell you when they answer.
        > Alex Chen wants to be reached by mail, so your times were sent by mail.
        mail to alex: Maya Patel offers you times: Tue 27 Oct 10:00 New York [details]
        alex sees nothing
        maya presses [Take it back]
        ~ Taken back; Alex Chen can see that it needs no answer any more.
        mail to alex: This proposal was taken back; it needs no answer any more. [details]
        """,
    )


# --- the clock --------------------------------------------------------------------------------


async def test_another_clock_is_asked_about_once() -> None:
    stage = await in_slack("maya")
    zone = "America/New_York"
    await stage.says("mayaslack", "thanks", zone=zone)
    thanks, asked = read_by(stage, "mayaslack")
    assert thanks == "With pleasure!"
    assert asked.startswith("You seem to be in New York now, but I give you times of London.")
    await stage.says("mayaslack", "thanks", zone=zone)
    assert read_by(stage, "mayaslack") == ["With pleasure!"]
    await stage.presses("mayaslack", "Use New York times")
    assert (await stage.person("maya")).zone == zone


async def test_a_zone_with_the_same_time_is_no_other_clock() -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", "thanks", zone="Europe/Lisbon")
    assert read_by(stage, "mayaslack") == ["With pleasure!"]


async def test_a_zone_that_is_none_is_passed_over() -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", "thanks", zone="Mars/Olympus")
    assert read_by(stage, "mayaslack") == ["With pleasure!"]


async def test_another_clock_for_some_days_ends_by_itself() -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", "thanks", zone="America/New_York")
    read_by(stage, "mayaslack")
    await play(
        stage,
        """
        mayaslack: only until Friday
        > Until Fri 23 Oct, that day included, I give you New York times; then London again.
        mayaslack: book with Alex on Tuesday 27 October at 2pm
        > I took Alex Chen, your mentor. …
          …
        """,
    )
    assert (await stage.person("maya")).zone == "America/New_York"
    await stage.set_clock(at("2026-10-23 23:59", "America/New_York"))
    assert (await stage.person("maya")).zone == "America/New_York"
    read_by(stage, "mayaslack")
    await stage.set_clock(at("2026-10-24 00:01", "America/New_York"))
    assert (await stage.person("maya")).zone == "Europe/London"
    (text,) = read_by(stage, "mayaslack")
    assert text.startswith("You have London times again.")


async def test_a_no_keeps_the_clock() -> None:
    stage = await in_slack("maya")
    await stage.says("mayaslack", "thanks", zone="America/New_York")
    read_by(stage, "mayaslack")
    await stage.says("mayaslack", "no", zone="America/New_York")
    assert read_by(stage, "mayaslack") == ["All right, I keep London times."]
    assert (await stage.person("maya")).zone == "Europe/London"
