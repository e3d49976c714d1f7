"""The doctor for administrators, and what went to one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Note, Style, Table
from bot.converse.admin import reports
from bot.converse.admin.desk import Option
from bot.converse.turn import Reply
from bot.speak import admin_words, doctor_words, times, words
from bot.speak.calendar_views import SERVICES
from core.effects import EffectKind, EffectState
from core.links import Provider
from core.use_cases.administer import deliveries, health
from core.use_cases.administer.reminders import What

if TYPE_CHECKING:
    from bot.card import Part
    from bot.converse.admin.desk import Desk
    from bot.converse.admin.grammar import Parsed
    from core.use_cases.administer.deliveries import Delivery
    from core.use_cases.administer.health import Approval, Case, Report, Ward

ONES = 3
"""Buttons for single people under each programme."""


async def show_doctor(desk: Desk, _: Parsed) -> Reply:
    """Show whose calendars are broken, what was given up, what the installation lacks."""
    found = await health.report(desk.ports, desk.me, desk.programme_id)
    dead = await deliveries.given_up(desk.ports, desk.me, desk.programme_id)
    sentences = [_tally(ward) for ward in found.wards] or [admin_words.NO_PROGRAMMES]
    parts: list[Part] = []
    options: list[Option] = []
    for ward in found.wards:
        parts += [*_cases(desk, ward), *_addresses(desk, ward)]
        options += _remind(desk, ward)
    if found.more:
        parts.append(Note(doctor_words.MORE_PROGRAMMES.format(count=found.more)))
    if found.mailbox:
        why = doctor_words.MAILBOX_REFUSED if found.mailbox.refused else doctor_words.MAILBOX_LOST
        parts.append(Note(why.format(time=desk.moment(found.mailbox.since))))
    parts += [Note(_absent(service)) for service in found.absent]
    parts += [Note(_approval(desk, approval)) for approval in found.approvals]
    options += _letters(found)
    if dead:
        count = admin_words.some(len(dead), "delivery", "deliveries")
        sentences.append(admin_words.GIVEN_UP.format(deliveries=count))
        parts += [Note(admin_words.GIVEN_UP_TITLE), reports.deliveries_of(desk, dead)]
        options += reports.retries_of(desk, dead)
    if not parts:
        sentences.append(doctor_words.ALL_WELL)
    return desk.reply(" ".join(sentences), parts, options)


def _tally(ward: Ward) -> str:
    tally = ward.tally
    ill = doctor_words.TALLY_ILL.format(count=f"{tally.amiss:,}")
    return doctor_words.TALLY.format(
        programme=ward.programme.name,
        people=admin_words.some(tally.people, "person", "people"),
        connected=f"{tally.connected:,}",
        amiss=ill if tally.amiss else doctor_words.TALLY_WELL,
    )


def _cases(desk: Desk, ward: Ward) -> list[Part]:
    """Return the people concerned: who, why, since when, what it means, when they were told."""
    if not ward.cases:
        return []
    rows = [_row(desk, case) for case in ward.cases]
    rest = ward.tally.amiss - len({case.amiss.person_id for case in ward.cases})
    if rest > 0:
        rows.append((admin_words.MORE.format(count=f"{rest:,}"), "", "", "", ""))
    title = doctor_words.AMISS_TITLE.format(programme=ward.programme.name)
    table = Table(doctor_words.AMISS_HEADS, tuple(rows))
    return [Note(title), table, Note(doctor_words.AMISS_FIX)]


def _addresses(desk: Desk, ward: Ward) -> list[Part]:
    """Return the addresses from which mails come back."""
    if not ward.addresses:
        return []
    rows = [(b.person.name, b.address, desk.moment(b.since)) for b in ward.addresses[: health.PAGE]]
    rest = len(ward.addresses) - len(rows)
    if rest:
        rows.append((admin_words.MORE.format(count=f"{rest:,}"), "", ""))
    title = doctor_words.BOUNCED_TITLE.format(programme=ward.programme.name)
    return [
        Note(title),
        Table(doctor_words.BOUNCED_HEADS, tuple(rows)),
        Note(doctor_words.BOUNCED_FIX),
    ]


def _row(desk: Desk, case: Case) -> tuple[str, str, str, str, str]:
    service = SERVICES[case.amiss.provider]
    causes = [doctor_words.CAUSES[c] for c in dict.fromkeys(t.cause for t in case.troubles)]
    why = words.listed(causes or [doctor_words.CAUSES[""]]).format(service=service)
    since = min((trouble.since for trouble in case.troubles), default=0)
    return (
        case.amiss.name,
        why,
        desk.moment(since) if since else "",
        doctor_words.AMISS_EFFECT,
        desk.moment(case.told_at) if case.told_at else doctor_words.TOLD_NEVER,
    )


def _remind(desk: Desk, ward: Ward) -> list[Option]:
    """Return buttons that remind the first people of a programme to connect again."""
    people = {case.amiss.person_id: case.amiss.name for case in ward.cases}
    return [
        Option(
            admin_words.REMIND_ONE.format(name=name, what=What.CONNECT),
            desk.act("remind", ward.programme.id, What.CONNECT, person_id),
        )
        for person_id, name in list(people.items())[:ONES]
    ]


def _absent(service: Provider) -> str:
    return doctor_words.SERVICE_OFF.format(
        service=SERVICES[service], settings=doctor_words.SERVICE_SETTINGS[service]
    )


def _approval(desk: Desk, approval: Approval) -> str:
    pattern = doctor_words.APPROVAL_SOME if approval.connected else doctor_words.APPROVAL_NONE
    count = admin_words.some(approval.connected, "person is", "people are")
    when = times.moment(approval.since, desk.zone, desk.turn.now)
    return pattern.format(service=SERVICES[approval.provider], time=when, count=count)


def _letters(found: Report) -> list[Option]:
    """Return the text for IT for each service of which nobody is connected yet."""
    return [
        Option(f"{doctor_words.TEXT_FOR_IT}: {SERVICES[a.provider]}",
               f"connect:letter:{a.provider}", Style.PRIMARY)
        for a in found.approvals
        if not a.connected
    ]  # fmt: skip


# --- the delivery log ---------------------------------------------------------------------------


async def show_delivery_log(desk: Desk, parsed: Parsed) -> Reply:
    """Show each mail, copy and message that was to reach one person, and how it ended."""
    person = await desk.person(parsed, "who")
    if isinstance(person, Reply):
        return person
    found = await deliveries.log_of(desk.ports, desk.me, person.id, desk.programme_id)
    if not found:
        return desk.reply(doctor_words.LOG_NONE.format(name=person.name))
    rows = tuple(_line(desk, delivery) for delivery in found)
    dead = [d for d in found if d.effect.state is EffectState.DEAD]
    text = doctor_words.LOG.format(name=person.name)
    table = Table(doctor_words.LOG_HEADS, rows)
    return desk.reply(text, [table], reports.retries_of(desk, dead))


def _line(desk: Desk, delivery: Delivery) -> tuple[str, str, str, str]:
    effect, meeting = delivery.effect, delivery.meeting
    what = doctor_words.KINDS.get(effect.kind, effect.kind.replace("_", " "))
    if effect.kind is EffectKind.NOTIFY:
        kind = effect.payload.get("kind", "")
        what = f"{what}: {doctor_words.NOTICES.get(kind, kind.replace('_', ' '))}"
    about = desk.moment(meeting.start) if meeting else ""
    return what, about, desk.moment(effect.due_at), _ending(desk, delivery)


def _ending(desk: Desk, delivery: Delivery) -> str:
    """Return how a delivery ended, and why; or what it waits for."""
    effect = delivery.effect
    why = doctor_words.why(effect.last_error)
    if effect.state is EffectState.DONE:
        return effect.last_error or doctor_words.DONE
    if effect.state is EffectState.DEAD:
        return doctor_words.DEAD.format(why=why)
    if effect.state is EffectState.CANCELLED:
        return doctor_words.TAKEN_BACK
    when = desk.moment(effect.due_at)
    if not effect.last_error:
        return doctor_words.WAITING.format(time=when)
    tries = admin_words.some(effect.attempts, "time")
    return doctor_words.RETRYING.format(count=tries, why=why, time=when)
