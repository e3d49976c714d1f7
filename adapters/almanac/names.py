"""What people call countries and their parts besides the names that the package knows."""

from __future__ import annotations

# Holidays of the United Kingdom differ by country; who says "UK" mostly means England's.
ADJECTIVES = {
    "uk": "GB-ENG", "united kingdom": "GB-ENG", "great britain": "GB-ENG", "britain": "GB-ENG",
    "british": "GB-ENG", "english": "GB-ENG", "scottish": "GB-SCT", "welsh": "GB-WLS",
    "northern irish": "GB-NIR", "irish": "IE", "us": "US", "usa": "US", "american": "US",
    "united states": "US", "united states of america": "US", "us federal": "US", "canadian": "CA",
    "mexican": "MX", "brazilian": "BR", "argentinian": "AR", "chilean": "CL", "colombian": "CO",
    "peruvian": "PE", "german": "DE", "austrian": "AT", "swiss": "CH", "french": "FR",
    "belgian": "BE", "dutch": "NL", "netherlands": "NL", "holland": "NL", "luxembourgish": "LU",
    "spanish": "ES", "portuguese": "PT", "italian": "IT", "greek": "GR", "maltese": "MT",
    "danish": "DK", "swedish": "SE", "norwegian": "NO", "finnish": "FI", "icelandic": "IS",
    "estonian": "EE", "latvian": "LV", "lithuanian": "LT", "polish": "PL", "czech": "CZ",
    "czech republic": "CZ", "slovak": "SK", "slovenian": "SI", "croatian": "HR", "serbian": "RS",
    "hungarian": "HU", "romanian": "RO", "bulgarian": "BG", "turkish": "TR",
    "israeli": "IL", "egyptian": "EG", "moroccan": "MA", "kenyan": "KE", "nigerian": "NG",
    "ghanaian": "GH", "south african": "ZA", "indian": "IN", "pakistani": "PK", "chinese": "CN",
    "japanese": "JP", "korean": "KR", "south korean": "KR", "singaporean": "SG",
    "malaysian": "MY", "indonesian": "ID", "thai": "TH", "vietnamese": "VN", "filipino": "PH",
    "australian": "AU", "new zealand": "NZ", "kiwi": "NZ",
    "bavarian": "DE-BY", "saxon": "DE-SN", "hessian": "DE-HE", "catalan": "ES-CT",
    "basque": "ES-PV", "andalusian": "ES-AN", "californian": "US-CA", "texan": "US-TX",
    "quebecois": "CA-QC", "alsatian": "FR-6AE",
}  # fmt: skip

# Countries whose parts are found by name alone, with their English names where these differ.
PARTS: dict[str, dict[str, str]] = {
    "DE": {
        "BY": "Bavaria", "HE": "Hesse", "NI": "Lower Saxony", "NW": "North Rhine-Westphalia",
        "RP": "Rhineland-Palatinate", "SN": "Saxony", "ST": "Saxony-Anhalt", "TH": "Thuringia",
        "MV": "Mecklenburg-Western Pomerania",
    },
    "GB": {},
    "ES": {
        "AN": "Andalusia", "CT": "Catalonia", "PV": "Basque Country", "IB": "Balearic Islands",
        "CN": "Canary Islands", "VC": "Valencia", "NC": "Navarre", "CL": "Castile and Leon",
    },
    "CH": {"ZH": "Zurich", "GE": "Geneva", "LU": "Lucerne", "SG": "St Gallen"},
    "AT": {
        "1": "Burgenland", "2": "Carinthia", "3": "Lower Austria", "4": "Upper Austria",
        "5": "Salzburg", "6": "Styria", "7": "Tyrol", "8": "Vorarlberg", "9": "Vienna",
    },
    "AU": {},
    "CA": {},
    "US": {},
    "FR": {},
}  # fmt: skip
