"""Lists of people by file, uploaded in the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.programme import Role
from tests.talks.admin_world import NOW, ORG, World, aurora, aurora_and_borealis, play, rows

if TYPE_CHECKING:
    from core.ports import Tx

GOOD = """name,email,zone,role,mentor
Ida Roy,ida@example.org,Europe/Paris,mentor,
"Moor, Zed",zed@example.org,Europe/London,mentee,ida@example.org
Ben Hill,ben@example.org,America/New_York,mentee,alex.chen@example.org
"""
NO_PAIR = "The person was added without a pair."


async def names(world: World) -> dict[str, set[Role]]:
    """Everybody in Aurora with their roles."""

    def work(tx: Tx) -> dict[str, set[Role]]:
        found: dict[str, set[Role]] = {}
        for member in tx.programmes.members(world.programmes["aurora"].id):
            found.setdefault(tx.people.get(member.person_id).name, set()).add(member.role)
        return found

    return await world.store.read(work)


async def test_a_list_adds_people_and_pairs_and_again_changes_nothing() -> None:
    world = await aurora()
    await world.uploads("dana", GOOD)
    await play(
        world,
        "Tandem: Aurora: 3 rows read. 3 people added, 0 given a role, 0 here already, 2 pairs "
        "made. Every row was fine.",
    )
    assert (await names(world))["Moor, Zed"] == {Role.MENTEE}
    ben = await world.store.read(lambda tx: tx.people.by_email(ORG, "ben@example.org"))
    assert ben is not None
    (pair,) = await world.store.read(lambda tx: tx.programmes.pairs_of(ben.id))
    assert pair.mentor_id == world.people["alex"].id
    world.people["ben"] = ben
    assert await world.kinds("ben") == ["welcome"]
    before = await world.audit()
    assert [(e.action, e.detail) for e in reversed(before)] == [
        ("people.import", "rows 2-4: 3 people added, 0 known people given a role"),
        ("pairs.import", "rows 3-4: 2 pairs"),
    ]
    await world.uploads("dana", GOOD)
    await play(
        world,
        "Tandem: Aurora: 3 rows read. 0 people added, 0 given a role, 3 here already, 0 pairs "
        "made. Every row was fine.",
    )
    assert await world.audit() == before
    assert await world.kinds("ben") == ["welcome"]


async def test_people_of_a_list_are_told_later_and_each_of_them_once() -> None:
    world = await aurora()
    heads = "name,email,zone,role,mentor"
    lines = [
        f"Person {n},p{n}@example.org,Europe/London,mentee,alex.chen@example.org" for n in range(41)
    ]
    await world.uploads("dana", "\n".join([heads, *lines]))
    people = await world.store.read(lambda tx: tx.people.of(ORG))
    world.people |= {p.email.partition("@")[0]: p for p in people if p.name.startswith("Person")}
    (first,), (last,) = await world.notices("p0"), await world.notices("p40")
    assert (first.payload["kind"], first.due_at - NOW) == ("welcome", 30)
    assert (last.payload["kind"], last.due_at - NOW) == ("welcome", 32)
    (alex,) = await world.notices("alex")
    facts = {"partner": world.people["p0"].id, "more": "40"}
    assert alex.payload["kind"] == "paired"
    assert {k: alex.payload[k] for k in facts} == facts
    assert alex.due_at >= last.due_at


async def test_what_waits_for_its_time_holds_back_nothing_else() -> None:
    world = await aurora()
    await world.uploads("dana", GOOD)
    await world.says("dana", "admin remind Alex Chen to connect")

    def due(tx: Tx) -> list[str]:
        return [e.payload["kind"] for e in tx.effects.claim(NOW, 60, 10, "token")]

    assert await world.store.transact(due) == ["nudge_connect"]


async def test_a_welcome_that_has_been_told_names_no_later_partner() -> None:
    world = await aurora()
    await world.uploads("dana", GOOD.replace("alex.chen@example.org", ""))
    ben = await world.store.read(lambda tx: tx.people.by_email(ORG, "ben@example.org"))
    assert ben is not None
    world.people["ben"] = ben
    world.clock.at += 3600
    await world.uploads("dana", GOOD)
    assert await world.kinds("ben") == ["welcome", "paired"]


async def test_each_bad_row_is_reported_and_stops_no_other() -> None:
    world = await aurora()
    text = """name;e-mail;Time zone;Role;Mentor;Language
Ida Roy;ida@example.org;Europe/Paris;Mentors;;fr
Zed Moor;zed@example.org;Europe/Lundon;mentee;;
;nobody@example.org;Europe/London;mentee;;
Ben Hill;ben(at)example.org;Europe/London;mentee;;

Eve Long;eve@example.org;;mentee;;
Kim Low;kim@example.org;Europe/London;menter;;
Max Day;max@example.org;Europe/London;mentee;who@example.org;
Uma Ray;uma@example.org;Europe/London;mentee;sam.diaz@example.org;
Ida Roi;IDA@example.org;Europe/Paris;mentee;;
Tia Sun;tia@example.org;Europe/London;admin;;
Leo Fox;leo@example.org;Europe/London;mentee;leo@example.org;
Pia Kay;pia@example.org;Europe/London;mentor;ida@example.org;
Ann Orr;ann@example.org;Europe/London;mentee;ida@example.org;english please
Gus Orr;gus@example.org;Europe/London;mentee;ida@example.org;en_US
"""
    message = await world.uploads("dana", text)
    await play(
        world,
        "Tandem: Aurora: 14 rows read. 6 people added, 0 given a role, 0 here already, 1 pair "
        "made. 12 rows need your attention; the others are in. …",
    )
    assert rows(message) == [
        ("3", "“Europe/Lundon” is not a time zone.", "Did you mean Europe/London?"),
        ("4", "The name is missing or too long.", "Write a name of up to 100 characters."),
        ("5", "“ben(at)example.org” is not an e-mail address.", "Write it as name@example.org."),
        ("7", "The time zone is missing.", "Write one, such as Europe/London."),
        ("8", "“menter” is not a role.", "Did you mean mentor?"),
        (
            "9",
            "Nobody has the mentor's address who@example.org.",
            f"Correct it, or add the mentor as a row of the file. {NO_PAIR}",
        ),
        (
            "10",
            "sam.diaz@example.org is neither mentor nor coach here.",
            f"Give them the role, then import the row again. {NO_PAIR}",
        ),
        (
            "11",
            "The address IDA@example.org is in row 2 already.",
            "Remove this row, or give it the same name and another role or mentor.",
        ),
        (
            "12",
            "Administrators are not made by a file.",
            "Import the person with another role, then write: admin make … administrator.",
        ),
        (
            "13",
            "The row names the person as their own mentor.",
            f"Write the mentor's address. {NO_PAIR}",
        ),
        (
            "14",
            "A mentor's row names a mentor.",
            "Leave the cell empty, or give the row the role mentee. The person was added.",
        ),
        (
            "15",
            "“english please” is not a language.",
            "Write one such as en-GB, or leave it empty.",
        ),
    ]
    gus = await world.store.read(lambda tx: tx.people.by_email(ORG, "gus@example.org"))
    assert gus is not None
    assert gus.locale == "en-US"


async def test_what_is_no_list_is_refused_as_a_whole() -> None:
    world = await aurora()
    for text, answer in (
        ("", "The file is empty."),
        ("\ufeff \n\n", "The file is empty."),
        ("PK\x03\x04\x14\x00xl/workbook.xml", "This is not a CSV file …"),
        ("Dear Dana,\nplease find the list attached.\n", "This is not a CSV file …"),
        ("name,email,role\nIda,ida@example.org,mentor\n", "The file lacks the column zone. …"),
        (
            "name,email,time zon,role\nIda,ida@example.org,Europe/Paris,mentor\n",
            "The file lacks the column zone. … The column “time zon” may be the one; call it zone.",
        ),
        ("name,email,zone,role\n", "The file names its columns, but there are no people …"),
        ("name,email,mail,zone,role\n", "The column email comes twice in the first line. …"),
    ):
        await world.uploads("dana", text)
        await play(world, f"Tandem: {answer}")
    assert await world.audit() == ()


async def test_a_file_finds_its_programme() -> None:
    world = await aurora_and_borealis()
    await world.uploads("jo", GOOD)
    await play(world, "Tandem: I do not know which programme this list is for. …")
    await world.uploads("jo", GOOD.replace("alex.chen@example.org", ""), "Borealis people.csv")
    await play(world, "Tandem: Borealis: 3 rows read. 3 people added, …")
    await play(
        world,
        """
        Jo: admin aurora import
        Tandem: Upload a CSV file for Aurora here. …
        """,
    )
    await world.uploads("jo", GOOD)
    await play(world, "Tandem: Aurora: 3 rows read. 0 people added, 3 given a role, …")


async def test_only_administrators_import() -> None:
    world = await aurora_and_borealis()
    await world.uploads("maya", GOOD)
    await play(world, "Tandem: Only an administrator can do that. Please ask Dana Fox.")
    assert await world.audit() == ()
    await world.uploads("dana", GOOD, "borealis.csv")
    await play(world, "Tandem: Aurora: 3 rows read. …")


async def test_many_rows_show_progress_and_go_in_batches() -> None:
    world = await aurora()
    lines = ["name,email,zone,role,mentor"]
    lines += [
        f"Person {n},person{n}@example.org,Europe/London,mentee,alex.chen@example.org"
        for n in range(1, 451)
    ]
    await world.uploads("dana", "\n".join(lines))
    await play(world, "Tandem: Aurora: 450 rows read. 450 people added, … 450 pairs made. …")
    assert world.progress == [
        "Importing: 200 of 900…",
        "Importing: 400 of 900…",
        "Importing: 450 of 900…",
        "Importing: 650 of 900…",
        "Importing: 850 of 900…",
        "Importing: 900 of 900…",
    ]
    assert [e.action for e in await world.audit()] == ["pairs.import"] * 3 + ["people.import"] * 3


async def test_a_hundred_bad_rows_are_summed_up() -> None:
    world = await aurora()
    lines = ["name,email,zone,role"]
    lines += [f"Person {n},person{n}@example.org,Nowhere/{n},mentee" for n in range(1, 101)]
    message = await world.uploads("dana", "\n".join(lines))
    assert len(rows(message)) == 20
    assert message.card is not None
    assert message.card.as_json()["parts"][-1] == {
        "type": "note",
        "text": "80 more, by kind: zone (80).",
    }
