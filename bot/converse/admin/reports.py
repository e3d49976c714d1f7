"""Commands that report: status and its lists, reminders, deliveries, the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.card import Fields, Note, Style, Table
from bot.converse.admin.desk import Option, member_of, number_of
from bot.converse.turn import Reply
from bot.speak import admin_words as words
from bot.speak import doctor_words, times
from core.effects import EffectKind
from core.ids import EffectId, PersonId
from core.use_cases.administer import deliveries, log, reminders, status
from core.use_cases.administer.reminders import What
from core.use_cases.administer.status import Lack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.card import Part
    from bot.converse.admin.desk import Desk
    from bot.converse.admin.grammar import Parsed
    from core.ports import AuditEntry
    from core.programme import Programme
    from core.use_cases.administer.deliveries import Delivery
    from core.use_cases.administer.log import Log
    from core.use_cases.administer.status import Entry, Overview

PAGE = 10
ONES = 3
"""Buttons for single people under each list of the status card."""
PROGRAMMES = 10
DELIVERIES = 5
REMINDERS = {
    Lack.UNCONNECTED: What.CONNECT,
    Lack.BROKEN: What.CONNECT,
    Lack.UNBOOKED: What.BOOK,
    Lack.WAITING: What.ANSWER,
}
EVERYBODY = "all"


async def show_status(desk: Desk, _: Parsed) -> Reply:
    """Show how one programme stands, or several in a table."""
    own = desk.actor.own
    if desk.scope.programme is None and len(own) != 1:
        return await _several(desk, own)
    programme = desk.scope.programme or own[0]
    view = await status.overview(desk.ports, desk.me, programme.id)
    dead = await deliveries.given_up(desk.ports, desk.me, programme.id)
    counts = {lack: len(entries) for lack, entries in view.lists.items() if entries}
    sentences = [_sentence(view), *(f"{_lack(k, n)}." for k, n in counts.items())]
    if not counts:
        sentences.append(words.STATUS_WELL)
    if dead:
        sentences.append(words.GIVEN_UP.format(deliveries=_several_deliveries(len(dead))))
    parts: list[Part] = []
    options: list[Option] = []
    for lack in counts:
        shown = _listed(desk, view, lack, 0)
        parts += [Note(words.LACK_TITLES[lack]), shown]
        options += _reminders(desk, view, lack, 0, ONES)
        options += _more(desk, view, lack, PAGE)
    if dead:
        parts += [Note(words.GIVEN_UP_TITLE), deliveries_of(desk, dead)]
        options += retries_of(desk, dead)
    return desk.reply(" ".join(sentences), [_counts(view), *parts], options)


def _sentence(view: Overview) -> str:
    return words.STATUS.format(
        programme=view.programme.name,
        people=words.some(view.people, "person", "people"),
        pairs=words.some(view.pairs, "pair"),
        soon=f"{view.soon:,}",
        later=f"{view.later:,}",
    )


def _lack(lack: Lack, number: int) -> str:
    return words.some(number, *words.LACKS[lack])


def _counts(view: Overview) -> Fields:
    """Return the counts as a card shows them."""
    lists = [(words.LACK_TITLES[k], f"{len(entries):,}") for k, entries in view.lists.items()]
    return Fields((("People", f"{view.people:,}"), ("Pairs", f"{view.pairs:,}"), *lists))


async def _several(desk: Desk, own: Sequence[Programme]) -> Reply:
    """Show the programmes side by side; each has a button for its own status."""
    if not own:
        return desk.reply(words.NO_PROGRAMMES)
    rows: list[tuple[str, ...]] = []
    for programme in own[:PROGRAMMES]:
        view = await status.overview(desk.ports, desk.me, programme.id)
        lacks = (Lack.UNCONNECTED, Lack.UNBOOKED, Lack.WAITING)
        numbers = (view.people, *(len(view.lists[k]) for k in lacks), view.soon)
        rows.append((programme.name, *(f"{n:,}" for n in numbers)))
    dead = await deliveries.given_up(desk.ports, desk.me)
    text = words.STATUS_ALL.format(count=words.some(len(own), "programme"))
    parts: list[Part] = [Table(words.STATUS_HEADS, tuple(rows))]
    if len(own) > PROGRAMMES:
        parts.append(Note(words.MORE.format(count=len(own) - PROGRAMMES)))
    if dead:
        text = f"{text} {words.GIVEN_UP.format(deliveries=_several_deliveries(len(dead)))}"
        parts += [Note(words.GIVEN_UP_TITLE), deliveries_of(desk, dead)]
    options = [Option(p.name, desk.act("run", p.id, "status")) for p in own[:PROGRAMMES]]
    return desk.reply(text, parts, [*options, *retries_of(desk, dead)])


# --- lists ------------------------------------------------------------------------------------


async def show_list(desk: Desk, parsed: Parsed) -> Reply:
    """Show one list of the status: the verb of the command names it."""
    return await _page(desk, Lack(parsed.command.verb), 0)


async def page_of_list(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Show another page: args are programme, list, and the first entry."""
    return await _page(desk, member_of(Lack, args[1]), number_of(args[2]))


async def _page(desk: Desk, lack: Lack, first: int) -> Reply:
    view = await status.overview(desk.ports, desk.me, desk.programme.id)
    total = len(view.lists[lack])
    if not total:
        return desk.reply(words.LACK_NONE[lack].format(programme=view.programme.name))
    options = [
        *_reminders(desk, view, lack, first, PAGE),
        *_more(desk, view, lack, first + PAGE),
    ]
    text = f"{view.programme.name}: {_lack(lack, total)}."
    return desk.reply(text, [_listed(desk, view, lack, first)], options)


def _listed(desk: Desk, view: Overview, lack: Lack, first: int) -> Table:
    """Return ten entries of a list, and how many more there are."""
    entries = view.lists[lack]
    rows = [_row(desk, entry) for entry in entries[first : first + PAGE]]
    rest = len(entries) - first - PAGE
    if rest > 0:
        rows.append((words.MORE.format(count=f"{rest:,}"), "", "", ""))
    return Table(words.LIST_HEADS, tuple(rows))


def _row(desk: Desk, entry: Entry) -> tuple[str, str, str, str]:
    return (
        entry.person.name,
        times.city(entry.person.zone),
        entry.partner.name if entry.partner else "",
        times.day(entry.since, desk.zone, desk.turn.now) if entry.since else "",
    )


def _reminders(desk: Desk, view: Overview, lack: Lack, first: int, most: int) -> list[Option]:
    """Return buttons that remind everybody of a list, and the first of it one by one."""
    what = REMINDERS.get(lack)
    if what is None:
        return []
    entries = view.lists[lack]
    people = {e.person.id: e.person for e in entries[first : first + PAGE]}
    programme_id = view.programme.id
    ones = [
        Option(
            words.REMIND_ONE.format(name=person.name, what=what),
            desk.act("remind", programme_id, what, person.id),
        )
        for person in list(people.values())[:most]
    ]
    everybody = len({e.person.id for e in entries})
    if everybody < 2:
        return ones
    label = words.REMIND_ALL.format(count=f"{everybody:,}", what=what)
    return [Option(label, desk.act("remind", programme_id, what, EVERYBODY), Style.PRIMARY), *ones]


def _more(desk: Desk, view: Overview, lack: Lack, first: int) -> list[Option]:
    rest = len(view.lists[lack]) - first
    if rest <= 0:
        return []
    label = f"{words.LACK_TITLES[lack]}: {words.SHOW_MORE.lower()} ({rest:,})"
    return [Option(label, desk.act("list", view.programme.id, lack, str(first)))]


# --- reminders --------------------------------------------------------------------------------


async def remind(desk: Desk, parsed: Parsed) -> Reply:
    """Remind one person, or everybody who lacks it."""
    what = What(parsed.words["what"].casefold())
    if parsed.words["who"].casefold() in {"everyone", "everybody", "all", "all of them", "them"}:
        return await _remind(desk, what, None)
    person = await desk.person(parsed, "who")
    if isinstance(person, Reply):
        return person
    return await _remind(desk, what, person.id)


async def remind_now(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Carry out a reminder's button: args are programme, what, and a person or everybody."""
    person_id = None if args[2] == EVERYBODY else PersonId(args[2])
    return await _remind(desk, member_of(What, args[1]), person_id)


async def _remind(desk: Desk, what: What, person_id: PersonId | None) -> Reply:
    async def report(done: int, total: int) -> None:
        if total > reminders.BATCH:
            await desk.turn.progress(words.REMINDING.format(done=f"{done:,}", total=f"{total:,}"))

    result = await reminders.remind(desk.ports, desk.me, desk.programme.id, what, person_id, report)
    name = ""
    if person_id is not None:
        name = (await desk.people(person_id))[person_id].name
    return desk.reply(words.reminded(result, what, name))


async def connect_for(desk: Desk, parsed: Parsed) -> Reply:
    """Refuse to connect somebody else's calendar, and offer to send them the link (R34)."""
    person = await desk.person(parsed, "whose" if "whose" in parsed.words else "who")
    if isinstance(person, Reply):
        return person
    text = words.CONNECT_FOR.format(name=person.name, first=person.first_name)
    send = desk.act("remind", desk.programme.id, What.CONNECT, person.id)
    label = words.CONNECT_SEND.format(first=person.first_name)
    return desk.ask(text, [Option(label, send, Style.PRIMARY), desk.leave_it()])


# --- deliveries and the log -------------------------------------------------------------------


async def show_deliveries(desk: Desk, _: Parsed) -> Reply:
    """List what was given up, with a button to try each again."""
    dead = await deliveries.given_up(desk.ports, desk.me, desk.programme_id)
    if not dead:
        return desk.reply(words.GIVEN_UP_NONE)
    text = words.GIVEN_UP.format(deliveries=_several_deliveries(len(dead)))
    return desk.reply(text, [deliveries_of(desk, dead)], retries_of(desk, dead))


def _several_deliveries(count: int) -> str:
    return words.some(count, "delivery", "deliveries")


def deliveries_of(desk: Desk, dead: Sequence[Delivery]) -> Table:
    """Return what was given up as a table, the newest of it."""
    rows = [
        (
            words.DELIVERIES[delivery.effect.kind],
            delivery.person.name if delivery.person else "",
            desk.moment(delivery.meeting.start) if delivery.meeting else "",
            doctor_words.why(delivery.effect.last_error),
        )
        for delivery in dead[:PAGE]
    ]
    if len(dead) > PAGE:
        rows.append((words.MORE.format(count=len(dead) - PAGE), "", "", ""))
    return Table(words.DELIVERY_HEADS, tuple(rows))


def retries_of(desk: Desk, dead: Sequence[Delivery]) -> list[Option]:
    """Return a button for each of the newest that can be tried again.

    What opened an account is gone when giving it back was given up, so that cannot.
    """
    can = [delivery for delivery in dead if delivery.effect.kind is not EffectKind.REVOKE]
    return [
        Option(_delivery(words.RETRY, delivery), desk.act("retry", str(delivery.effect.id)))
        for delivery in can[:DELIVERIES]
    ]


def _delivery(pattern: str, delivery: Delivery) -> str:
    name = delivery.person.name if delivery.person else ""
    return pattern.format(what=words.DELIVERIES[delivery.effect.kind], name=name)


async def retry(desk: Desk, args: tuple[str, ...]) -> Reply:
    """Try a given-up delivery again: the only arg is its effect."""
    effect_id = EffectId(number_of(args[0]))
    delivery = await deliveries.retry(desk.ports, desk.me, effect_id)
    if delivery is None:
        return desk.reply(words.RETRY_LATE)
    return desk.reply(_delivery(words.RETRYING, delivery))


async def show_log(desk: Desk, _: Parsed) -> Reply:
    """List the last changes and who made them."""
    found = await log.latest(desk.ports, desk.me, desk.programme_id)
    if not found.entries:
        return desk.reply(words.LOG_NONE)
    rows = tuple(
        (
            desk.moment(entry.at),
            found.people[entry.actor].name if entry.actor in found.people else "",
            _place(found, entry),
            entry.action,
            entry.detail,
        )
        for entry in found.entries
    )
    text = words.LOG.format(count=words.some(len(found.entries), "change"))
    return desk.reply(text, [Table(words.LOG_HEADS, rows)])


def _place(found: Log, entry: AuditEntry) -> str:
    """Return the programme an entry is about, by its name of today."""
    if entry.programme_id is None:
        return words.LOG_ORG
    programme = found.programmes.get(entry.programme_id)
    return programme.name if programme else ""
