"""Zones and places as people write them, to IANA names."""

from __future__ import annotations

import re

# Abbreviations mean the civil time of their region, never a fixed offset (except UTC and GMT).
_ABBREVIATIONS = {
    "utc": "UTC", "gmt": "UTC", "bst": "Europe/London", "cet": "Europe/Paris",
    "cest": "Europe/Paris", "eet": "Europe/Athens", "eest": "Europe/Athens",
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles",
    "mst": "America/Denver", "mdt": "America/Denver", "mt": "America/Denver",
    "cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago",
    "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York",
    "ist": "Asia/Kolkata", "jst": "Asia/Tokyo", "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong",
    "aest": "Australia/Sydney", "aedt": "Australia/Sydney", "awst": "Australia/Perth",
    "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland", "msk": "Europe/Moscow",
    "wet": "Europe/Lisbon", "west": "Europe/Lisbon", "sast": "Africa/Johannesburg",
    "brt": "America/Sao_Paulo", "akst": "America/Anchorage", "hst": "Pacific/Honolulu",
}  # fmt: skip
_AREAS = {
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "central european": "Europe/Paris", "uk": "Europe/London",
    "indian": "Asia/Kolkata", "india": "Asia/Kolkata", "german": "Europe/Berlin",
    "japan": "Asia/Tokyo", "china": "Asia/Shanghai", "israel": "Asia/Jerusalem",
}  # fmt: skip
_CITIES = {
    "Europe/London": "london manchester edinburgh glasgow birmingham bristol leeds oxford "
    "cambridge "
    "cardiff belfast liverpool england scotland wales",
    "Europe/Dublin": "dublin cork ireland",
    "Europe/Lisbon": "lisbon porto portugal",
    "Europe/Madrid": "madrid barcelona valencia seville malaga spain",
    "Europe/Paris": "paris lyon marseille toulouse nice france",
    "Europe/Brussels": "brussels antwerp belgium",
    "Europe/Amsterdam": "amsterdam rotterdam utrecht netherlands",
    "Europe/Berlin": "berlin munich hamburg frankfurt cologne stuttgart dusseldorf leipzig germany",
    "Europe/Zurich": "zurich geneva basel bern switzerland",
    "Europe/Vienna": "vienna salzburg graz austria",
    "Europe/Rome": "rome milan turin naples florence venice bologna italy",
    "Europe/Copenhagen": "copenhagen aarhus denmark",
    "Europe/Stockholm": "stockholm gothenburg malmo sweden",
    "Europe/Oslo": "oslo bergen norway",
    "Europe/Helsinki": "helsinki tampere finland",
    "Europe/Warsaw": "warsaw krakow wroclaw gdansk poland",
    "Europe/Prague": "prague brno",
    "Europe/Budapest": "budapest hungary",
    "Europe/Bucharest": "bucharest romania",
    "Europe/Sofia": "sofia bulgaria",
    "Europe/Athens": "athens thessaloniki greece",
    "Europe/Istanbul": "istanbul ankara izmir",
    "Europe/Kyiv": "kyiv kiev lviv ukraine",
    "Europe/Moscow": "moscow",
    "Europe/Belgrade": "belgrade serbia",
    "Europe/Zagreb": "zagreb croatia",
    "Europe/Vilnius": "vilnius lithuania",
    "Europe/Riga": "riga latvia",
    "Europe/Tallinn": "tallinn estonia",
    "Atlantic/Reykjavik": "reykjavik iceland",
    "Africa/Cairo": "cairo alexandria egypt",
    "Africa/Lagos": "lagos abuja nigeria",
    "Africa/Nairobi": "nairobi mombasa kenya",
    "Africa/Johannesburg": "johannesburg durban pretoria",
    "Africa/Casablanca": "casablanca rabat marrakesh morocco",
    "Africa/Accra": "accra ghana",
    "Africa/Addis_Ababa": "ethiopia",
    "Asia/Jerusalem": "jerusalem haifa israel",
    "Asia/Dubai": "dubai uae",
    "Asia/Riyadh": "riyadh jeddah",
    "Asia/Qatar": "doha qatar",
    "Asia/Tehran": "tehran",
    "Asia/Karachi": "karachi lahore islamabad pakistan",
    "Asia/Kolkata": "mumbai delhi bangalore bengaluru chennai hyderabad kolkata pune india",
    "Asia/Dhaka": "dhaka bangladesh",
    "Asia/Colombo": "colombo",
    "Asia/Kathmandu": "kathmandu nepal",
    "Asia/Bangkok": "bangkok thailand",
    "Asia/Ho_Chi_Minh": "hanoi saigon vietnam",
    "Asia/Jakarta": "jakarta",
    "Asia/Kuala_Lumpur": "malaysia",
    "Asia/Singapore": "singapore",
    "Asia/Manila": "manila cebu philippines",
    "Asia/Hong_Kong": "hongkong",
    "Asia/Shanghai": "shanghai beijing shenzhen guangzhou",
    "Asia/Taipei": "taipei taiwan",
    "Asia/Seoul": "seoul busan korea",
    "Asia/Tokyo": "tokyo osaka kyoto yokohama",
    "Australia/Sydney": "sydney canberra",
    "Australia/Melbourne": "melbourne",
    "Australia/Brisbane": "brisbane",
    "Australia/Adelaide": "adelaide",
    "Australia/Perth": "perth",
    "Pacific/Auckland": "auckland wellington",
    "Pacific/Honolulu": "honolulu hawaii",
    "America/New_York": "boston philadelphia washington atlanta miami pittsburgh charlotte orlando",
    "America/Detroit": "detroit",
    "America/Toronto": "toronto ottawa montreal",
    "America/Chicago": "chicago houston dallas austin minneapolis nashville milwaukee",
    "America/Denver": "denver boulder",
    "America/Phoenix": "phoenix tucson arizona",
    "America/Los_Angeles": "seattle portland oakland sacramento california",
    "America/Vancouver": "vancouver",
    "America/Edmonton": "calgary edmonton",
    "America/Halifax": "halifax",
    "America/Mexico_City": "monterrey guadalajara",
    "America/Bogota": "bogota medellin colombia",
    "America/Lima": "lima peru",
    "America/Santiago": "santiago chile",
    "America/Sao_Paulo": "brasilia",
    "America/Argentina/Buenos_Aires": "argentina",
    "America/Caracas": "caracas venezuela",
}
_CITIES_OF_MORE_WORDS = {
    "new york": "America/New_York", "new york city": "America/New_York", "nyc": "America/New_York",
    "washington dc": "America/New_York", "san francisco": "America/Los_Angeles",
    "los angeles": "America/Los_Angeles", "la": "America/Los_Angeles", "sf": "America/Los_Angeles",
    "san diego": "America/Los_Angeles", "las vegas": "America/Los_Angeles",
    "san jose": "America/Los_Angeles", "salt lake city": "America/Denver",
    "hong kong": "Asia/Hong_Kong", "new delhi": "Asia/Kolkata", "kuala lumpur": "Asia/Kuala_Lumpur",
    "tel aviv": "Asia/Jerusalem", "abu dhabi": "Asia/Dubai", "cape town": "Africa/Johannesburg",
    "south africa": "Africa/Johannesburg", "addis ababa": "Africa/Addis_Ababa",
    "mexico city": "America/Mexico_City", "sao paulo": "America/Sao_Paulo",
    "são paulo": "America/Sao_Paulo", "rio de janeiro": "America/Sao_Paulo",
    "buenos aires": "America/Argentina/Buenos_Aires", "ho chi minh city": "Asia/Ho_Chi_Minh",
    "new zealand": "Pacific/Auckland", "saudi arabia": "Asia/Riyadh", "st louis": "America/Chicago",
    "new orleans": "America/Chicago", "south korea": "Asia/Seoul", "the hague": "Europe/Amsterdam",
    "the netherlands": "Europe/Amsterdam", "san antonio": "America/Chicago",
}  # fmt: skip
CITIES = {city: zone for zone, names in _CITIES.items() for city in names.split()} | (
    _CITIES_OF_MORE_WORDS
)

_ABBREVIATED = re.compile(
    r"(?<=[\d\w)] )\(? ?("
    + "|".join(sorted(_ABBREVIATIONS, key=len, reverse=True))
    + r")\b(?! time zone)"
)
_BEFORE = re.compile(r"(?:\d|[ap]\.?m\.?|noon|midnight|oclock|o'clock|h|\))\s*\(?\s*$")
_PLACES = "|".join(
    re.escape(name) for name in sorted({*CITIES, *_AREAS, *_ABBREVIATIONS}, key=len, reverse=True)
)
_PLACE_TIME = re.compile(
    rf"\b({_PLACES})(?:'s)? (?:standard |local |daylight )?(?:time|timezone|time zone)\b"
)
_IN_PLACE = re.compile(
    rf"\b(?:in|to|from|at|for) "
    rf"({'|'.join(re.escape(c) for c in sorted(CITIES, key=len, reverse=True))})\b"
)


def find_zone(small: str) -> tuple[str, tuple[int, int]] | None:
    """Give the zone that is named for the times of a sentence ("3pm PST", "London time")."""
    found = _PLACE_TIME.search(small)
    if found:
        name = found.group(1)
        zone = CITIES.get(name) or _AREAS.get(name) or _ABBREVIATIONS[name]
        return zone, found.span()
    for found in _ABBREVIATED.finditer(small):
        if _BEFORE.search(small[max(0, found.start() - 12) : found.start()]):
            return _ABBREVIATIONS[found.group(1)], found.span(1)
    return None


def find_place(small: str) -> tuple[str, str, tuple[int, int]] | None:
    """Give the place somebody says to be in, with its zone: ("lisbon", "Europe/Lisbon", span)."""
    found = _IN_PLACE.search(small)
    if found:
        return found.group(1), CITIES[found.group(1)], found.span(1)
    return None
