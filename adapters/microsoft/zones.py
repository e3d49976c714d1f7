"""Windows names of time zones and IANA's, both ways.

Outlook names zones as Windows does ("Romance Standard Time"). The table pairs each Windows name
with the IANA zone of its main city, as Unicode's CLDR does (windowsZones, territory 001). Every
other IANA zone is paired with the Windows zone whose clocks change at the same instants.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from core.timing.zones import DAY, offset_minutes, zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIX = " Standard Time"
WEEK = 7 * DAY
SINCE = 1_735_689_600  # 2025-01-01T00:00:00Z
UNTIL = SINCE + 104 * WEEK

# West to east; "*" takes the place of " Standard Time".
_TABLE = """
Dateline*=Etc/GMT+12 | UTC-11=Etc/GMT+11 | Aleutian*=America/Adak | Hawaiian*=Pacific/Honolulu
Marquesas*=Pacific/Marquesas | Alaskan*=America/Anchorage | UTC-09=Etc/GMT+9
Pacific* (Mexico)=America/Tijuana | UTC-08=Etc/GMT+8 | Pacific*=America/Los_Angeles
US Mountain*=America/Phoenix | Mountain* (Mexico)=America/Mazatlan | Mountain*=America/Denver
Yukon*=America/Whitehorse | Central America*=America/Guatemala | Central*=America/Chicago
Easter Island*=Pacific/Easter | Central* (Mexico)=America/Mexico_City
Canada Central*=America/Regina | SA Pacific*=America/Bogota | Eastern* (Mexico)=America/Cancun
Eastern*=America/New_York | Haiti*=America/Port-au-Prince | Cuba*=America/Havana
US Eastern*=America/Indiana/Indianapolis | Turks And Caicos*=America/Grand_Turk
Paraguay*=America/Asuncion | Atlantic*=America/Halifax | Venezuela*=America/Caracas
Central Brazilian*=America/Cuiaba | SA Western*=America/La_Paz | Pacific SA*=America/Santiago
Newfoundland*=America/St_Johns | Tocantins*=America/Araguaina
E. South America*=America/Sao_Paulo | SA Eastern*=America/Cayenne
Argentina*=America/Argentina/Buenos_Aires | Greenland*=America/Nuuk
Montevideo*=America/Montevideo | Magallanes*=America/Punta_Arenas
Saint Pierre*=America/Miquelon | Bahia*=America/Bahia | UTC-02=Etc/GMT+2
Mid-Atlantic*=Etc/GMT+2 | Azores*=Atlantic/Azores | Cape Verde*=Atlantic/Cape_Verde | UTC=Etc/UTC
GMT*=Europe/London | Greenwich*=Atlantic/Reykjavik | Sao Tome*=Africa/Sao_Tome
Morocco*=Africa/Casablanca | W. Europe*=Europe/Berlin | Central Europe*=Europe/Budapest
Romance*=Europe/Paris | Central European*=Europe/Warsaw | W. Central Africa*=Africa/Lagos
Jordan*=Asia/Amman | GTB*=Europe/Bucharest | Middle East*=Asia/Beirut | Egypt*=Africa/Cairo
E. Europe*=Europe/Chisinau | Syria*=Asia/Damascus | West Bank*=Asia/Hebron
South Africa*=Africa/Johannesburg | FLE*=Europe/Kyiv | Israel*=Asia/Jerusalem
South Sudan*=Africa/Juba | Kaliningrad*=Europe/Kaliningrad | Sudan*=Africa/Khartoum
Libya*=Africa/Tripoli | Namibia*=Africa/Windhoek | Arabic*=Asia/Baghdad | Turkey*=Europe/Istanbul
Arab*=Asia/Riyadh | Belarus*=Europe/Minsk | Russian*=Europe/Moscow | E. Africa*=Africa/Nairobi
Volgograd*=Europe/Volgograd | Iran*=Asia/Tehran | Arabian*=Asia/Dubai
Astrakhan*=Europe/Astrakhan | Azerbaijan*=Asia/Baku | Russia Time Zone 3=Europe/Samara
Mauritius*=Indian/Mauritius | Saratov*=Europe/Saratov | Georgian*=Asia/Tbilisi
Caucasus*=Asia/Yerevan | Afghanistan*=Asia/Kabul | West Asia*=Asia/Tashkent
Ekaterinburg*=Asia/Yekaterinburg | Pakistan*=Asia/Karachi | Qyzylorda*=Asia/Qyzylorda
India*=Asia/Kolkata | Sri Lanka*=Asia/Colombo | Nepal*=Asia/Kathmandu | Central Asia*=Asia/Bishkek
Bangladesh*=Asia/Dhaka | Omsk*=Asia/Omsk | Myanmar*=Asia/Yangon | SE Asia*=Asia/Bangkok
Altai*=Asia/Barnaul | W. Mongolia*=Asia/Hovd | North Asia*=Asia/Krasnoyarsk
N. Central Asia*=Asia/Novosibirsk | Tomsk*=Asia/Tomsk | China*=Asia/Shanghai
North Asia East*=Asia/Irkutsk | Singapore*=Asia/Singapore | W. Australia*=Australia/Perth
Taipei*=Asia/Taipei | Ulaanbaatar*=Asia/Ulaanbaatar | Aus Central W.*=Australia/Eucla
Transbaikal*=Asia/Chita | Tokyo*=Asia/Tokyo | North Korea*=Asia/Pyongyang | Korea*=Asia/Seoul
Yakutsk*=Asia/Yakutsk | Cen. Australia*=Australia/Adelaide | AUS Central*=Australia/Darwin
E. Australia*=Australia/Brisbane | AUS Eastern*=Australia/Sydney
West Pacific*=Pacific/Port_Moresby | Tasmania*=Australia/Hobart | Vladivostok*=Asia/Vladivostok
Lord Howe*=Australia/Lord_Howe | Bougainville*=Pacific/Bougainville
Russia Time Zone 10=Asia/Srednekolymsk | Magadan*=Asia/Magadan | Norfolk*=Pacific/Norfolk
Sakhalin*=Asia/Sakhalin | Central Pacific*=Pacific/Guadalcanal
Russia Time Zone 11=Asia/Kamchatka | Kamchatka*=Asia/Kamchatka | New Zealand*=Pacific/Auckland
UTC+12=Etc/GMT-12 | Fiji*=Pacific/Fiji | Chatham Islands*=Pacific/Chatham | UTC+13=Etc/GMT-13
Tonga*=Pacific/Tongatapu | Samoa*=Pacific/Apia | Line Islands*=Pacific/Kiritimati
"""


def _read(table: str) -> dict[str, str]:
    pairs = (pair.strip().split("=") for pair in table.strip().replace("\n", "|").split("|"))
    return {windows.replace("*", SUFFIX): iana for windows, iana in pairs}


WINDOWS: Mapping[str, str] = _read(_TABLE)
_FOLDED = {name.casefold(): iana for name, iana in WINDOWS.items()}
# The first name of a zone counts; the second ones (Mid-Atlantic, Kamchatka) are no longer given.
_DIRECT = {iana: windows for windows, iana in reversed(list(WINDOWS.items()))}


def iana_of(name: str) -> str | None:
    """Return the IANA zone for a Windows or IANA name; None for anything else, such as
    "Customized Time Zone" and "tzone://Microsoft/Custom".
    """
    found = _FOLDED.get(name.strip().casefold())
    if found is not None:
        return found
    if name.casefold() == "tzone://microsoft/utc":
        return "Etc/UTC"
    return name if _is_zone(name) else None


@lru_cache(maxsize=1024)
def windows_of(iana: str) -> str | None:
    """Return the Windows name for an IANA zone; None when no Windows zone keeps its time.

    Among Windows zones with the same clock changes one of the same continent is preferred.
    """
    if iana in _DIRECT:
        return _DIRECT[iana]
    if not _is_zone(iana):
        return None
    clock = _changes(iana)
    same = [windows for windows, zone in WINDOWS.items() if _changes(zone) == clock]
    area = iana.partition("/")[0]
    near = [windows for windows in same if WINDOWS[windows].partition("/")[0] == area]
    found = [*near, *same]
    return found[0] if found else None


def _is_zone(name: str) -> bool:
    try:
        zone_of(name)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1024)
def _changes(zone: str) -> tuple[tuple[int, int], ...]:
    """Return (instant, minutes ahead of UTC from then on) of two years, changes to the minute."""
    before = offset_minutes(SINCE, zone)
    found = [(SINCE, before)]
    for at in range(SINCE + WEEK, UNTIL, WEEK):
        after = offset_minutes(at, zone)
        if after != before:
            found.append((_change(at - WEEK, at, zone), after))
            before = after
    return tuple(found)


def _change(low: int, high: int, zone: str) -> int:
    """Return when the offset of `low` ends, by bisection; both ends differ."""
    before = offset_minutes(low, zone)
    while high - low > 60:
        middle = (low + high) // 2
        if offset_minutes(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high // 60
