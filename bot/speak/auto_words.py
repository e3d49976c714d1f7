"""Every sentence about connecting everybody of an organisation by its IT's grant (A35, X14)."""

from __future__ import annotations

NAMES = {"google": "Google", "microsoft": "Microsoft", "caldav": "Apple or CalDAV"}
HOW = (
    "Name the service and the domains of your people's addresses first: admin org-connect google "
    "example.org, or admin org-connect microsoft example.org tenant <tenant id>."
)
NOT_YET = "I cannot connect everybody yet."
LACKS = {
    "unnamed": HOW,
    "not_approved": "The organisation's approval is off: admin org approved on.",
    "switched_off": "The Scheduling Assistant is off: admin org assistant on.",
    "service_off": "{service} is not among the services you allow: admin org services.",
    "exceptions": (
        "All participants must use one calendar service, with addresses in the domains you named. "
        "Exceptions: {people}."
    ),
    "account": (
        "It needs an account that your IT department makes for me. At Google that is a service "
        "account with domain-wide delegation, whose key file the deployment's setting "
        "TANDEM_GOOGLE_SERVICE_ACCOUNT_FILE names; at Microsoft the deployment's application, "
        "approved for your tenant. Never send me a key in the chat."
    ),
    "grant": "IT's grant does not hold yet: {service} refuses me.",
    "mailboxes": (
        "I tried the first accounts, and {service} knows none of them, or IT's grant does not "
        "cover them. Are their addresses right?"
    ),
    "unreachable": "I could not reach {service} to try IT's grant. Please try again later.",
    "nobody": "Nobody takes part in a programme yet.",
}
USES = "Connected now: {counts}."
GRANT_GOOGLE = (
    "For IT, in the Google admin console under Security, API controls, domain-wide delegation: "
    "client id {client}, with exactly these scopes: {scopes}"
)
GRANT_MICROSOFT = (
    "For IT: the application {client} needs the application permission {scopes}. An administrator "
    "of the tenant approves it at {url}. Without further rules that covers every mailbox; Exchange "
    "RBAC for Applications narrows it."
)
GRANT_NOTE = "IT's steps are written down in manifests/oauth.md of this installation."
NO_PAGE = "Microsoft's consent page for administrators"
TRYING = "Trying IT's grant…"
ODD_HEADS = ("Who", "Why not")
OBSTACLES = {
    "other_service": "uses {detail}",
    "other_domain": "has an address in another domain: {address}",
    "no_mailbox": "{service} knows no such account, or IT's grant does not cover it",
    "not_granted": "IT's grant does not hold for this account",
    "not_allowed": "is in programmes that do not allow {service}",
    "no_room": "has as many calendars as the programme allows",
    "empty": "the account holds no calendar for events",
    "unreachable": "{service} did not answer for two days",
    "left": "was connected and is not any more",
}
NAMED = "Noted: {service}, for addresses in {domains}."
NAMED_READY = "Nothing speaks against it so far. “admin org-connect on” tries IT's grant first."
ASK = (
    "IT's grant works. Shall I connect {people} at {service}? Each of them is told at once that it "
    "was you, and how to opt out."
)
ASK_BUTTON = "Connect everybody"
BEGUN = "I am connecting {people} at {service} now, and report here how far it is."
ON = "Connecting everybody is on, at {service} for {domains}; new people are connected on joining."
OFF = "Connecting everybody is off."
OFF_ASK = (
    "Everybody whom I connected by IT's grant would be disconnected and told: {people}. Who "
    "connected themselves stays connected."
)
OFF_BUTTON = "Disconnect them"
OFF_DONE = "Connecting everybody is off. Disconnected and told: {people}."
PROGRESS = "Connected {connected} of {total} at {service} so far."
PROGRESS_DONE = "Connected {connected} of {total} at {service}. That is everybody who can be."
PROGRESS_ODD = "Not connected, because something speaks against it: {people}."
CONNECTED = (
    "Your {service} calendar is connected. {by} switched that on for everybody in your "
    "organisation, with a grant of your IT department. I use it to see when you are busy, never "
    "what your events are about, and to write the sessions that I book. If you do not want that, "
    "opt out: by the button, or by writing “opt out of auto-connect” at any time."
)
OPT_OUT_BUTTON = "Opt out"
OPTED_OUT = (
    "Your calendar is disconnected and what I stored of it is deleted. Your organisation will "
    "never connect it for you again; you can always connect one yourself. Sessions that are "
    "already in your calendar stay there, and are not changed any more: later changes come by mail."
)
OPTED_OUT_AHEAD = (
    "Noted: your organisation will never connect a calendar for you. You can always connect one "
    "yourself."
)
