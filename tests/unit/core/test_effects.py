"""When an effect is tried again, when it is given up, and notices on their way through one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.effects import CAP, Effect, EffectKind, is_hopeless, retry_at
from core.ids import PersonId
from core.notices import Notice, NoticeKind, as_effect, from_effect

NOW = 1_800_000_000
TO = PersonId("person")


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 200), st.integers(0, 100_000))
def test_patience_is_bounded_and_never_shorter_than_asked(attempts: int, retry_after: int) -> None:
    wait = retry_at(NOW, attempts, retry_after) - NOW
    assert wait >= max(1, retry_after)
    assert wait <= max(CAP + 1, retry_after)


def test_patience_grows() -> None:
    longest = [max(retry_at(NOW, n) - NOW for _ in range(60)) for n in (0, 4, 8, 30)]
    assert longest == sorted(longest)
    assert longest[0] <= 2
    assert longest[-1] > CAP / 2


def test_waits_are_spread() -> None:
    assert len({retry_at(NOW, 12) for _ in range(50)}) > 25


@pytest.mark.parametrize(
    ("give_up_at", "hopeless"), [(0, False), (NOW + 1, False), (NOW, True), (NOW - 1, True)]
)
def test_an_effect_whose_time_is_over_is_hopeless(
    give_up_at: int, hopeless: bool
) -> None:  # a column of the table
    effect = Effect("key", EffectKind.NOTIFY, NOW, give_up_at=give_up_at)
    assert is_hopeless(effect, NOW) is hopeless


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_comes_out_as_it_went_in(kind: NoticeKind) -> None:
    notice = Notice(TO, kind, "meeting:one", {"meeting": "one", "by": ""})
    effect = as_effect(notice, "one:0", NOW)
    assert from_effect(effect) == notice
    assert (effect.kind, effect.person_id, effect.due_at) == (EffectKind.NOTIFY, TO, NOW)
    assert effect.give_up_at > NOW


def test_notices_to_one_person_keep_their_order_and_have_keys_of_their_own() -> None:
    first = as_effect(Notice(TO, NoticeKind.BOOKED), "one:0", NOW)
    second = as_effect(Notice(TO, NoticeKind.MOVED), "one:0", NOW)
    other = as_effect(Notice(PersonId("other"), NoticeKind.BOOKED), "one:0", NOW)
    assert first.lane == second.lane != other.lane
    assert len({first.key, second.key, other.key}) == 3


def test_an_effect_that_is_no_notice_is_not_read_as_one() -> None:
    with pytest.raises(KeyError):
        from_effect(Effect("key", EffectKind.TEND, NOW))
    with pytest.raises(KeyError):
        from_effect(Effect("key", EffectKind.NOTIFY, NOW, payload={"kind": "booked"}))
