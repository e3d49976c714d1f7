"""Settings: what is understood, what is refused and how, and where a value comes from."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.links import Provider
from core.policy import (
    FIELDS,
    SETTINGS,
    Confirm,
    Connect,
    Level,
    OwnerRule,
    Policy,
    Source,
    WhoRule,
    resolve,
)
from core.setting_text import parse_clock, spoken
from core.timing.hours import weekly

# One good text per setting that is not its default, at each level.
OTHER = {key: setting.example.removeprefix(key).strip() for key, setting in SETTINGS.items()}


@pytest.mark.parametrize("key", SETTINGS)
def test_the_example_of_each_setting_works_and_differs_from_the_default(key: str) -> None:
    setting = SETTINGS[key]
    assert setting.example.startswith(f"{key} ")
    assert setting.parse(OTHER[key]) != setting.parse(setting.default)


@pytest.mark.parametrize("key", SETTINGS)
def test_each_setting_says_what_it_is(key: str) -> None:
    assert SETTINGS[key].key == key
    assert len(SETTINGS[key].help) > 10


def value(policy: Policy, key: str) -> object:
    """Return a policy's value of a setting."""
    return getattr(policy, FIELDS.get(key, key))


# --- what is understood and what is refused ---------------------------------------------------

GOOD = [
    ("hours", "8-18", (480, 1080)),
    ("hours", "8am to 6pm", (480, 1080)),
    ("hours", " 08:30 – 17.15 ", (510, 1035)),
    ("hours", "00:00-24:00", (0, 1440)),
    ("hours", "12am-12pm", (0, 720)),
    ("weekends", " ON ", True),
    ("weekends", "no", False),
    ("duration", "45", 45),
    ("duration", "1 h", 60),
    ("duration", "8 hours", 480),
    ("notice", "0", 0),
    ("notice", "4", 240),
    ("notice", "30 minutes", 30),
    ("notice", "2 weeks", 20160),
    ("horizon", "60", 86400),
    ("horizon", "1 d", 1440),
    ("booking.confirm", "None", Confirm.NONE),
    ("booking.who", "pairs", WhoRule.PAIRS),
    ("meeting.owner", "ASKER", OwnerRule.ASKER),
    ("connect", "required", Connect.REQUIRED),
    ("services", "none", ()),
    ("services", "apple", (Provider.CALDAV,)),
    ("services", "icloud, caldav", (Provider.CALDAV,)),
    ("services", "google and outlook", (Provider.GOOGLE, Provider.MICROSOFT)),
    ("services", "Google+M365", (Provider.GOOGLE, Provider.MICROSOFT)),
    ("calendars.max", "0", 0),
    ("calendars.max", "50", 50),
    ("closures", "2026-12-25, 2026-12-24 2026-12-25", (date(2026, 12, 24), date(2026, 12, 25))),
    ("closures", "none", ()),
    ("reminders", "1h, 24 h", (1440, 60)),
    ("reminders", "30 min and 2 hours", (120, 30)),
    ("reminders", "none", ()),
    ("sessions", "6", 6),
    ("series.max", "12", 12),
    ("cancel.notice", "24", 1440),
    ("cancel.move", "off", False),
    ("link", "<https://meet.example.org/a>", "https://meet.example.org/a"),
    ("link", "None", ""),
    ("contacts", "  Ask\n Ada ", "Ask Ada"),
    ("contacts", "none", ""),
    ("meeting.notes", " https://notes.example.org/a ", "https://notes.example.org/a"),
    ("meeting.notes", "none", ""),
]


@pytest.mark.parametrize(("key", "text", "expected"), GOOD)
def test_what_people_write_is_understood(key: str, text: str, expected: object) -> None:
    assert SETTINGS[key].parse(text) == expected


BAD = [
    ("hours", "morning"),
    ("hours", "18:00-08:00"),
    ("hours", "08:00-08:00"),
    ("hours", "08:00-25:00"),
    ("hours", "08:00-24:30"),
    ("hours", "08:60-10:00"),
    ("hours", "13pm-15pm"),
    ("hours", "0am-5pm"),
    ("hours", "2am-14am"),
    ("hours", "8-12-18"),
    ("hours", ""),
    ("weekends", "maybe"),
    ("weekends", ""),
    ("duration", "4 min"),
    ("duration", "9 h"),
    ("duration", "-30"),
    ("duration", "half an hour"),
    ("duration.max", "481"),
    ("notice", "15 d"),
    ("horizon", "1 h"),
    ("horizon", "366 d"),
    ("buffer", "5 h"),
    ("step", "2 h"),
    ("expiry", "5 min"),
    ("expiry", "31 d"),
    ("booking.confirm", "nobody"),
    ("booking.who", "friends"),
    ("meeting.owner", "me"),
    ("services", "google, myspace"),
    ("connect", "never"),
    ("calendars.max", "51"),
    ("calendars.max", "-1"),
    ("calendars.max", "one"),
    ("reminders", "often"),
    ("reminders", "1 h, 2 h, 3 h, 4 h, 5 h, 6 h"),
    ("reminders", "1 min"),
    ("sessions", "501"),
    ("cancel.notice", "15 d"),
    ("closures", "Christmas"),
    ("closures", "2026-02-30"),
    ("link", "http://meet.example.org/a"),
    ("link", "javascript:alert(1)"),
    ("link", "https://meet.example.org/a b"),
    ("link", 'https://meet.example.org/"'),
]


@pytest.mark.parametrize(("key", "text"), BAD)
def test_what_is_wrong_is_refused_with_a_sentence(key: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"is not|is neither|is no ") as caught:
        SETTINGS[key].parse(text)
    quoted = re.findall(r"'([^']*)'", str(caught.value))
    assert any(part in text for part in quoted)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(SETTINGS)), st.text(max_size=20))
def test_no_text_breaks_a_reader(key: str, text: str) -> None:
    try:
        SETTINGS[key].parse(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017  # most texts are refused, some are not


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1440))
def test_clocks_are_read_in_either_form(minute: int) -> None:
    hour, rest = divmod(minute, 60)
    assert parse_clock(f"{hour:02}:{rest:02}") == minute
    if hour < 24:
        half = f"{hour % 12 or 12}:{rest:02}{'am' if hour < 12 else 'pm'}"
        assert parse_clock(half) == minute


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (90, "90 min"), (1440, "24 h"), (86400, "60 days")],
)
def test_lengths_are_said_as_people_say_them(minutes: int, text: str) -> None:
    assert spoken(minutes) == text


# --- where a value comes from -----------------------------------------------------------------


def test_nothing_stored_gives_the_defaults() -> None:
    policy = resolve({}, {})
    assert set(policy.sources) == set(SETTINGS)
    assert set(policy.sources.values()) == {Source.DEFAULT}
    assert (policy.hours, policy.weekends, policy.duration) == ((480, 1080), False, 30)
    assert (policy.notice, policy.horizon, policy.buffer) == (240, 86400, 0)
    assert (policy.step, policy.expiry, policy.confirm) == (15, 72 * 60, Confirm.INVITEE)
    assert (policy.owner, policy.who, policy.sync) == (OwnerRule.MENTOR, WhoRule.PROGRAMME, True)
    assert set(policy.services) == set(Provider)
    assert (policy.calendars_max, policy.approved, policy.delegate) == (0, True, False)
    assert policy.llm is False
    assert policy.weekly == weekly((480, 1080))


@pytest.mark.parametrize("key", SETTINGS)
def test_programme_before_organisation_before_default(key: str) -> None:
    setting = SETTINGS[key]
    own, other = setting.parse(OTHER[key]), setting.parse(setting.default)
    inherited = resolve({key: OTHER[key]}, {})
    assert (value(inherited, key), inherited.sources[key]) == (own, Source.ORGANISATION)
    overridden = resolve({key: OTHER[key]}, {key: setting.default})
    if setting.level is Level.GLOBAL:
        assert (value(overridden, key), overridden.sources[key]) == (own, Source.ORGANISATION)
    else:
        assert (value(overridden, key), overridden.sources[key]) == (other, Source.PROGRAMME)
    only_here = resolve({}, {key: OTHER[key]})
    if setting.level is Level.GLOBAL:
        assert (value(only_here, key), only_here.sources[key]) == (other, Source.DEFAULT)
    else:
        assert (value(only_here, key), only_here.sources[key]) == (own, Source.PROGRAMME)


@pytest.mark.parametrize("key", SETTINGS)
def test_a_setting_changes_nothing_but_itself(key: str) -> None:
    before, after = resolve({}, {}), resolve({key: OTHER[key]}, {})
    assert [k for k in SETTINGS if value(before, k) != value(after, k)] == [key]


def test_only_the_organisation_approves_delegates_and_lets_a_model_read() -> None:
    keys = {key for key, setting in SETTINGS.items() if setting.level is Level.GLOBAL}
    assert keys == {"approved", "delegate", "llm", "microsoft.attendee_copy"}
    assert {k for k, s in SETTINGS.items() if s.level is Level.GUARDED} == {
        "hours",
        "weekends",
        "services",
        "assistant",
        "connecting",
        "accounts.personal",
    }


@pytest.mark.parametrize("stored", ["", "nonsense", "25:00-26:00"])
def test_what_no_longer_parses_falls_back_to_the_next_level(stored: str) -> None:
    policy = resolve({"hours": "07:00-20:00"}, {"hours": stored})
    assert (policy.hours, policy.sources["hours"]) == ((420, 1200), Source.ORGANISATION)
    policy = resolve({"hours": stored}, {"hours": stored})
    assert (policy.hours, policy.sources["hours"]) == ((480, 1080), Source.DEFAULT)


def test_weekends_open_all_days() -> None:
    policy = resolve({"weekends": "on"}, {"hours": "9-10"})
    assert policy.weekly == weekly((540, 600), range(7))


def test_no_setting_names_the_sender() -> None:
    words = {word for key in SETTINGS for word in key.split(".")}
    assert not words & {"sender", "from", "name", "address", "email", "organizer", "reply"}
