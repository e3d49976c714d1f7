"""Programmes, people and pairs by chat, and what becomes of sessions when somebody leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.booking.meeting import MeetingState
from core.booking.proposal import ProposalState
from core.programme import Role
from tests.talks.admin_world import (
    DAY,
    HOUR,
    NOW,
    ORG,
    World,
    aurora,
    aurora_and_borealis,
    empty_world,
    play,
)

if TYPE_CHECKING:
    from core.ids import PersonId
    from core.ports import Tx

TUESDAY = NOW + 7 * DAY + 5 * HOUR


async def test_a_programme_is_created_filled_renamed_and_listed() -> None:
    world = empty_world()
    await world.organisation()
    await world.person("jo", "Jo Bell", "Europe/London")
    await world.alter("jo", is_admin=True)
    await play(
        world,
        """
        Jo: admin status
        Tandem: There is no programme yet. …
        Jo: create a programme called Borealis
        Tandem: Borealis is there. …
        Jo: admin create programme borealis
        Tandem: There is a programme called borealis already. Choose another.
        Jo: admin create programme settings
        Tandem: “settings” is a word of my commands, so a programme cannot be called that.
        Jo: add Tom Weber as a mentor tom@example.org Europe/Berlin
        Tandem: Tom Weber is a mentor in Borealis now and gets a welcome from me.
        Jo: admin add mentee Maya Lane, maya@example.org, Europe/London
        Tandem: Maya Lane is a mentee in Borealis now and gets a welcome from me.
        Jo: pair Maya with Tom
        Tandem: Tom Weber and Maya Lane are a pair in Borealis now. I am telling both.
        Jo: pair Maya with Tom
        Tandem: Tom Weber and Maya Lane are a pair in Borealis already.
        Jo: admin rename Borealis to Northern Lights
        Tandem: Borealis is called Northern Lights now.
        Jo: admin programmes
        Tandem: You administer 1 programme.
        Tandem shows: Northern Lights | 2 | running
        Jo: admin northern lights pairs
        Tandem: Northern Lights has 1 pair.
        Tandem shows: Tom Weber | Maya Lane
        """,
    )
    assert [e.action for e in reversed(await world.audit())] == [
        "programme.create",
        "person.add",
        "person.add",
        "pair.add",
        "programme.rename",
    ]


async def test_joining_brings_one_welcome_and_pairing_tells_both() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Dana: admin aurora add mentee Zoe Hart <zoe@example.org> Europe/Paris
        Tandem: Zoe Hart is a mentee in Aurora now and gets a welcome from me.
        Jo: admin borealis add mentor Zoe Hart <ZOE@example.org>
        Tandem: Zoe Hart was known here already (zone Europe/Paris) and is a mentor in Borealis now.
        Jo: admin borealis add mentor zoe@example.org
        Tandem: Zoe Hart is a mentor in Borealis already. Nothing has been changed.
        Dana: admin aurora pair Zoe with Tom
        """,
    )
    zoe = await world.store.read(lambda tx: tx.people.by_email(ORG, "zoe@example.org"))
    assert zoe is not None
    world.people["zoe"] = zoe
    assert zoe.welcomed
    assert await world.kinds("zoe") == ["welcome", "paired"]
    assert await world.kinds("tom") == ["paired"]
    (notice,) = await world.notices("tom")
    assert notice.payload["partner"] == zoe.id
    assert notice.payload["programme"] == world.programmes["aurora"].id
    assert notice.lane == f"chat:{world.people['tom'].id}"


async def test_what_is_missing_of_a_person_is_asked_for() -> None:
    world = await aurora()
    await play(
        world,
        """
        Dana: admin add Zed Moor zed@example.org Europe/Lundon
        Tandem: What is Zed Moor in Aurora?
        Tandem offers: mentor | mentee | coach | coachee
        Dana answers: mentee
        Tandem: “Europe/Lundon” is not a time zone. Did you mean Europe/London?
        Tandem offers: Use Europe/London
        Dana presses: Use Europe/London
        Tandem: Zed Moor is a mentee in Aurora now and gets a welcome from me.
        Dana: admin add mentor Bob Hill bob@example.org
        Tandem: Which time zone is Bob Hill in? …
        Tandem offers: Use Europe/London
        Dana: admin add mentor Bob Hill bob@example
        Tandem: “bob@example” is not an e-mail address. Write it as name@example.org.
        Dana: admin add mentor Bob Hill
        Tandem: I know nobody called “Bob Hill”. To add somebody new I need the address …
        Dana: admin add mentor Ida Roy ida@example.org London
        Tandem: “London” is not a time zone. Did you mean Europe/London?
        """,
    )


async def test_names_that_fit_two_people_are_asked_about() -> None:
    world = await aurora()
    await play(
        world,
        """
        Dana: admin pair Sam with Alex
        Tandem: Two people could be meant by “Alex”. Which one?
        Tandem offers: Alex Chen (New York, Maya's mentor) | Alex Romero (Madrid)
        Dana presses: Alex Romero (Madrid)
        Tandem: Alex Romero and Sam Diaz are a pair in Aurora now. I am telling both.
        Dana: admin pair sam.diaz@example.org priya.nair@example.org
        Tandem: Priya Nair and Sam Diaz are a pair in Aurora now. I am telling both.
        Dana: admin pair Sam with Pria
        Tandem: I know nobody called “Pria” in your organisation. Did you mean Priya Nair?
        Dana: admin pair Sam with Xanthippe
        Tandem: I know nobody called “Xanthippe” in your organisation. You can add them: …
        Dana: admin pair Sam with x@example.org
        Tandem: Nobody in your organisation has the address x@example.org. …
        Dana: admin unpair Maya from Alex
        Tandem: Alex Chen and Maya Lane are a pair in Aurora. No sessions are booked ahead.
        Tandem offers: Take the pair apart | Leave it as it is
        """,
    )


async def test_roles_decide_who_leads_a_pair() -> None:
    world = await aurora()
    await world.person("ida", "Ida Roy", "Europe/Paris", Role.COACH)
    await world.person("ben", "Ben Roy", "Europe/Paris", Role.COACHEE)
    await play(
        world,
        """
        Dana: admin pair Tom with Sam
        Tandem: Tom Weber and Sam Diaz are a pair in Aurora now. …
        Dana: admin pair Ben with Ida
        Tandem: Ida Roy and Ben Roy are a pair in Aurora now. …
        Dana: admin pair Tom with Priya
        Tandem: Neither Tom Weber nor Priya Nair is a mentee or coachee here. …
        Dana: admin pair Sam with Maya
        Tandem: Neither Sam Diaz nor Maya Lane is a mentor or coach here. …
        Dana: admin pair Sam with Sam
        Tandem: Sam Diaz cannot be paired with themselves. Name two people.
        Dana: admin pair Sam with Jo
        Tandem: Jo Bell is not in Aurora. Add them first: admin add …
        """,
    )
    pairs = await world.store.read(lambda tx: tx.programmes.pairs(world.programmes["aurora"].id))
    assert {p.coaching for p in pairs if p.mentor_id == world.people["ida"].id} == {True}
    assert {p.coaching for p in pairs if p.mentor_id == world.people["tom"].id} == {False}


async def test_roles_and_powers_are_given_and_taken() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Dana: admin make Priya coach
        Tandem: Priya Nair is a coach in Aurora now.
        Dana presses: Take it back
        Tandem: Priya Nair is no longer a coach in Aurora.
        Dana: admin remove mentor from Priya
        Tandem: Priya Nair has no other role here. To take them out of the programme write: …
        Dana: admin remove coach from Tom
        Tandem: Tom Weber is not a coach here. “admin people” lists the roles.
        Dana: admin make Priya administrator of Aurora
        Tandem: Priya Nair is an administrator in Aurora now.
        Priya: admin aurora notice 24 h
        Tandem: Saved for Aurora: notice 24 h (before: 4 h).
        Dana: admin remove administrator from Priya
        Tandem: Priya Nair is no longer an administrator in Aurora.
        Priya: admin aurora notice 4 h
        Tandem: Only an administrator can do that. …
        Jo: admin make Dana global administrator
        Tandem: Dana Fox is a global administrator now.
        Jo: admin remove global administrator from Dana
        Tandem: Dana Fox is no longer a global administrator.
        Jo: admin remove global administrator from Jo
        Tandem: Jo Bell is the only global administrator. Make somebody else one first: …
        Dana: admin make Alex Chen coach
        Dana: admin remove mentor from Alex Chen
        Tandem: Alex Chen is paired with Maya Lane as a mentor. Take the pair apart first: …
        """,
    )


async def remaining(world: World) -> list[str]:
    """The states of the sessions ahead, by start."""

    def work(tx: Tx) -> list[str]:
        programme = world.programmes["aurora"].id
        meetings = tx.meetings.in_programme(programme, (NOW, NOW + 400 * DAY))
        return [m.state.value for m in meetings]

    return await world.store.read(work)


async def mentors_of(world: World, key: str) -> list[PersonId]:
    """The mentors of somebody's pairs."""
    mentee = world.people[key].id
    pairs = await world.store.read(lambda tx: tx.programmes.pairs_of(mentee))
    return [p.mentor_id for p in pairs]


async def test_removing_somebody_shows_the_sessions_and_cancels_by_choice() -> None:
    world = await aurora()
    first = await world.meeting(TUESDAY, "alex", "maya")
    await world.meeting(TUESDAY + 7 * DAY, "alex", "maya")
    await world.meeting(TUESDAY + DAY, "tom", "sam")
    await world.proposal(TUESDAY + 2 * DAY, "maya", "alex")
    await play(
        world,
        """
        Dana: admin remove Maya
        Tandem: Maya Lane is a mentee in Aurora, paired with Alex Chen. 2 sessions are booked \
            ahead, the next on Tue 27 Oct 14:00 London. What shall become of them?
        Tandem offers: Cancel them | Keep them | Hand over to Sam Diaz | Leave it as it is
        Tandem shows: Tue 27 Oct 14:00-14:30 London | Alex Chen and Maya Lane
        Dana presses: Cancel them
        Tandem: Maya Lane has left Aurora. Cancelled: 2 sessions; everybody concerned is told.
        """,
    )
    assert await remaining(world) == ["cancelled", "booked", "cancelled"]
    assert await world.store.read(lambda tx: tx.programmes.pairs_of(world.people["alex"].id)) == ()
    assert await world.store.read(lambda tx: tx.programmes.roles(world.people["maya"].id)) == ()
    kinds = await world.kinds("alex")
    assert kinds.count("cancelled") == 2
    assert kinds.count("left") == 1
    assert kinds.count("proposal") == 1
    mails = await world.store.read(lambda tx: tx.effects.of_meeting(first.id))
    assert {e.kind.value for e in mails} >= {"mail_cancel"}
    claims = await world.store.read(
        lambda tx: tx.meetings.claims([world.people["alex"].id], (NOW, NOW + 400 * DAY))
    )
    assert claims[world.people["alex"].id] == []
    audit = await world.audit(1)
    assert (audit[0].action, audit[0].detail) == (
        "person.remove",
        "Maya Lane, 2 future sessions: cancel",
    )


async def test_kept_sessions_stay_as_they_are() -> None:
    world = await aurora()
    await world.meeting(TUESDAY, "alex", "maya")
    await play(
        world,
        """
        Dana: remove Maya from Aurora
        Tandem: … One session is booked ahead, on Tue 27 Oct 14:00 London. What shall become of it?
        Tandem offers: Cancel it | Keep it | Hand over to Sam Diaz | Leave it as it is
        Dana answers: keep it
        Tandem: Maya Lane has left Aurora. Kept as planned: 1 session.
        """,
    )
    assert await remaining(world) == ["booked"]
    assert "cancelled" not in await world.kinds("maya")


async def test_handing_over_asks_the_one_who_takes_over_for_the_same_time() -> None:
    world = await aurora()
    meeting = await world.meeting(TUESDAY, "alex", "maya")
    await play(
        world,
        """
        Dana: admin remove Alex Chen, hand over to Priya
        Tandem: Alex Chen is a mentor in Aurora, paired with Maya Lane. One session …
        Tandem offers: Cancel it | Keep it | Hand over to Priya Nair | Leave it as it is
        Dana presses: Hand over to Priya Nair
        Tandem: Alex Chen has left Aurora. Cancelled: 1 session; Priya Nair is asked to take over …
        """,
    )
    after = await world.store.read(lambda tx: tx.meetings.get(meeting.id))
    assert after.state is MeetingState.CANCELLED
    maya, priya = world.people["maya"].id, world.people["priya"].id
    (proposal,) = await world.store.read(lambda tx: tx.proposals.open_of(priya))
    assert proposal.state is ProposalState.OFFERED
    assert proposal.request.attendees == (maya, priya)
    assert [slot.start for slot in proposal.slots] == [TUESDAY]
    assert proposal.waiting_for() == (priya,)
    assert "proposal" in await world.kinds("priya")
    expiry = await world.store.read(lambda tx: tx.effects.by_key(f"expire:{proposal.id}"))
    assert expiry is not None
    assert expiry.due_at == proposal.expires_at
    (pair,) = await world.store.read(lambda tx: tx.programmes.pairs_of(maya))
    assert pair.mentor_id == priya
    assert await world.kinds("maya") == ["left", "paired", "cancelled", "proposal"]


async def test_re_pairing_settles_the_sessions_with_the_old_mentor() -> None:
    for label, states, after in (
        ("Cancel it", ["cancelled"], "Cancelled: 1 session with Alex Chen."),
        ("Keep it", ["booked"], "Kept as planned: 1 session with Alex Chen."),
        ("Hand over to Priya Nair", ["cancelled"], "Cancelled: 1 session with Alex Chen; …"),
    ):
        world = await aurora()
        await world.meeting(TUESDAY, "alex", "maya")
        await play(
            world,
            f"""
            Dana: re-pair Maya from Alex to Priya
            Tandem: Maya Lane would change from Alex Chen to Priya Nair in Aurora. One session …
            Dana presses: {label}
            Tandem: Maya Lane is paired with Priya Nair now. {after}
            """,
        )
        assert await remaining(world) == states
        assert await mentors_of(world, "maya") == [world.people["priya"].id]
        assert "paired" in await world.kinds("priya")
        assert "paired" in await world.kinds("maya")


async def test_re_pairing_without_saying_from_whom() -> None:
    world = await aurora()
    await play(
        world,
        """
        Dana: admin re-pair Sam with Priya
        Tandem: Sam Diaz has no mentor in Aurora. Write: admin pair Sam with …
        Dana: admin re-pair Maya with Priya
        Tandem: Maya Lane would change from Alex Chen to Priya Nair in Aurora. No sessions …
        Tandem offers: Change to Priya | Leave it as it is
        Dana: admin re-pair Maya from Tom to Priya
        Tandem: Maya Lane and Tom Weber are no pair. “admin pairs” lists the pairs.
        Dana: admin re-pair Maya from Alex to Alex Chen
        Tandem: Maya Lane is paired with Alex Chen already. Name another mentor.
        Dana: admin pair Maya with Tom
        Dana: admin re-pair Maya with Priya
        Tandem: Maya Lane has several partners. Which pair is it about?
        Tandem offers: Alex Chen (New York) | Tom Weber (Berlin)
        Dana presses: Tom Weber (Berlin)
        Tandem: Maya Lane would change from Tom Weber to Priya Nair in Aurora. …
        """,
    )


async def test_a_pair_is_taken_apart_only_once() -> None:
    world = await aurora()
    await world.meeting(TUESDAY, "alex", "maya")
    await play(
        world,
        """
        Dana: admin unpair alex.chen@example.org maya.lane@example.org
        Tandem: Alex Chen and Maya Lane are a pair in Aurora. One session is booked ahead, …
        Tandem offers: Cancel it | Keep it | Leave it as it is
        """,
    )
    assert world.last is not None
    cancel = dict(world.buttons(world.last))["Cancel it"]
    await world.acts("dana", cancel)
    await play(world, "Tandem: Alex Chen and Maya Lane are no longer a pair. Cancelled: 1 session.")
    await world.acts("dana", cancel)
    await play(world, "Tandem: I cannot find that any more: it may have been changed meanwhile.")
    assert len(await world.audit()) == 1


async def test_ending_a_programme_shows_what_it_means_and_cancels_by_choice() -> None:
    world = await aurora()
    await world.meeting(TUESDAY, "alex", "maya")
    await world.meeting(NOW - DAY, "alex", "maya")
    proposal = await world.proposal(TUESDAY + DAY, "sam", "tom")
    await play(
        world,
        """
        Dana: admin end Aurora
        Tandem: Ending Aurora concerns 6 people and 1 pair. Withdrawn with it: 1 proposal without \
            an answer yet. One session is booked ahead, on Tue 27 Oct 14:00 London. What shall \
            become of it?
        Tandem offers: Cancel it | Keep it | Leave it as it is
        Dana presses: Leave it as it is
        Tandem: Nothing has been changed.
        Dana: admin end
        Dana presses: Cancel it
        Tandem: Aurora has ended. Cancelled: 1 session; everybody concerned is being told.
        Jo: admin programmes
        Tandem shows: Aurora | ended
        Jo: admin aurora notice 24 h
        Tandem: I did not understand “aurora notice 24 h” …
        """,
    )
    states = await world.store.read(
        lambda tx: [
            m.state.value
            for m in tx.meetings.in_programme(
                world.programmes["aurora"].id, (NOW - 9 * DAY, NOW + 99 * DAY)
            )
        ]
    )
    assert states == ["booked", "cancelled"]  # what lies behind stays what it was
    closed = await world.store.read(lambda tx: tx.proposals.get(proposal.id))
    assert closed.state is ProposalState.WITHDRAWN


async def test_ending_can_keep_sessions_or_let_another_programme_take_them() -> None:
    world = await aurora_and_borealis()
    meeting = await world.meeting(TUESDAY, "alex", "maya")
    await play(
        world,
        """
        Jo: admin end Aurora
        Tandem offers: Cancel it | Keep it | Hand over to Borealis | Leave it as it is
        Jo presses: Hand over to Borealis
        Tandem: Aurora has ended. Going on under Borealis, which their people have joined: 1 \
            session.
        """,
    )
    borealis = world.programmes["borealis"].id
    after = await world.store.read(lambda tx: tx.meetings.get(meeting.id))
    assert (after.programme_id, after.state, after.sequence) == (borealis, MeetingState.BOOKED, 0)
    members = await world.store.read(lambda tx: tx.programmes.members(borealis))
    joined = {(m.person_id, m.role) for m in members if m.role is not Role.ADMIN}
    assert joined == {
        (world.people["alex"].id, Role.MENTOR),
        (world.people["maya"].id, Role.MENTEE),
    }
    pairs = await world.store.read(lambda tx: tx.programmes.pairs(borealis))
    assert [(p.mentor_id, p.mentee_id) for p in pairs] == [
        (world.people["alex"].id, world.people["maya"].id)
    ]


async def test_ending_with_sessions_kept() -> None:
    world = await aurora_and_borealis()
    await world.meeting(TUESDAY, "alex", "maya")
    await play(
        world,
        """
        Dana: admin end Aurora
        Tandem offers: Cancel it | Keep it | Leave it as it is
        Dana presses: Keep it
        Tandem: Aurora has ended. Kept as planned: 1 session.
        Dana: admin status
        Tandem: Only an administrator can do that. Please ask Jo Bell.
        """,
    )
    assert await remaining(world) == ["booked"]


async def test_nobody_connects_a_calendar_for_somebody_else() -> None:
    world = await aurora()
    await play(
        world,
        """
        Dana: connect Priya's calendar for her
        Tandem: Nobody can connect a calendar for somebody else: Priya Nair has to authorise it \
            personally. Shall I send Priya the link?
        Tandem offers: Send Priya the link | Leave it as it is
        Dana answers: yes
        Tandem: Priya Nair is reminded to connect.
        Dana: admin connect the calendar of Priya
        Tandem: Nobody can connect …
        Dana presses: Send Priya the link
        Tandem: Priya Nair had this reminder today already; I send it once a day.
        """,
    )
    assert await world.kinds("priya") == ["nudge_connect"]


async def test_with_several_programmes_the_one_that_is_meant_is_asked_for() -> None:
    world = await aurora_and_borealis()
    await play(
        world,
        """
        Jo: admin pairs
        Tandem: Which programme is this about?
        Tandem offers: Aurora | Borealis
        Jo answers: 1
        Tandem: Aurora has 1 pair.
        Jo: admin add mentor Zoe Hart <zoe@example.org> Europe/Paris
        Tandem: Which programme is this about?
        Jo answers: borealis
        Tandem: Zoe Hart is a mentor in Borealis now and gets a welcome from me.
        """,
    )
