"""Whom a name may mean: those close to the speaker first, then everybody else."""

from bot.understand.context import KnownPerson
from bot.understand.intent import Relation
from bot.understand.naming import names_of

CLOSE = (KnownPerson("a", "Alex Romero", relation=Relation.MENTEE),)
ALL = (
    KnownPerson("z", "Alex Zimmer"),
    KnownPerson("a", "Alex Romero"),
    KnownPerson("s", "Samira Alexander", mentions=("U7",)),
)
NAMES = names_of(CLOSE, ALL)


def test_close_people_come_first_and_nobody_twice() -> None:
    assert NAMES.exact("alex") == ("a", "z")
    assert NAMES.by_relation(Relation.GROUP) == ("a", "z", "s")


def test_a_whole_name_is_nobody_elses() -> None:
    assert NAMES.exact("alex romero") == ("a",)
    assert NAMES.exact("alex zimmer") == ("z",)
    assert NAMES.is_full("samira alexander")
    assert not NAMES.is_full("alex")


def test_the_fewest_slips_of_the_pen_count() -> None:
    assert NAMES.near("alxe") == ("a", "z")
    assert NAMES.near("alexandre") == ("s",)
    assert NAMES.near("bo") == ()
    assert names_of((), ()).near("samira") == ()


def test_relation_and_mention() -> None:
    assert NAMES.by_relation(Relation.MENTEE) == ("a",)
    assert NAMES.mentioned("U7") == "s"
    assert NAMES.mentioned("U8") == ""


def test_the_index_of_a_large_group_is_kept_by_the_object() -> None:
    first = names_of((), ALL)
    assert names_of(CLOSE, ALL)._both[1] is first._both[1]
    assert names_of((), (*ALL,))._both[1] is not first._both[1]
