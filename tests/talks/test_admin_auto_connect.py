"""Everybody is connected by a grant of IT, or is not and hears why: A35, R39, R40, X14."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import Unavailable
from core.ids import PersonId
from core.links import Provider, Tier, Use, is_delegated
from core.ports import Tx
from tests.talks.delegated import DelegatedCalendars
from tests.talks.script import play
from tests.talks.stage import ORG, Stage, aurora
from tests.talks.test_admin_connecting import on_google

EVERYBODY = ("maya", "alex", "romero", "priya", "sam", "lee", "tom")


async def without_calendars(
    *, accounts: tuple[str, ...] = EVERYBODY
) -> tuple[Stage, DelegatedCalendars]:
    """Return Aurora with nobody connected, and their organisation's accounts at Google."""
    stage = await aurora()
    google = await on_google(stage)
    for who in EVERYBODY:
        await stage.disconnect(who)
    for who in accounts:
        google.open_account(f"{who}@example.org", "pass")
        google.add_calendar(f"{who}@example.org", "Shared by all")
        google.add_calendar(f"{who}@example.org", "Mine", default=True)
    return stage, google


async def connected(stage: Stage) -> set[str]:
    """Return whom the organisation has connected."""
    ids = [PersonId(who) for who in EVERYBODY]
    grants = await stage.store.read(lambda tx: tx.links.grants_of(ids))
    return {grant.person_id for grant in grants.values() if is_delegated(grant)}


async def switched_on(stage: Stage) -> None:
    await play(
        stage,
        """
        jo: admin org-connect google example.org
        > Noted: Google, for addresses in example.org. Nothing speaks against it so far. “admin \
            org-connect on” tries IT's grant first.
          For IT, in the Google admin console under Security, API controls, domain-wide \
            delegation: client id client-of-it, with exactly these scopes: scope.busy,scope.write
        jo: admin org-connect on
        > IT's grant works. Shall I connect 7 people at Google? Each of them is told at once that \
            it was you, and how to opt out.
          [Connect everybody] [Leave it as it is]
        """,
    )
    await stage.presses("jo", "Connect everybody")


async def test_a35_people_on_two_services_are_listed_and_it_must_make_an_account() -> None:
    stage = await aurora()
    await on_google(stage, "maya", "sam", "romero")
    stage.ports.calendars[Provider.GOOGLE] = replace(
        stage.ports.calendars[Provider.GOOGLE], delegation=None
    )
    await play(
        stage,
        """
        jo: /schedule admin org-connect on
        > I cannot connect everybody yet. Name the service and the domains of your people's \
            addresses first: admin org-connect google example.org, or admin org-connect microsoft \
            example.org tenant <tenant id>. All participants must use one calendar service, with \
            addresses in the domains you named. Exceptions: 3 people. It needs an account \
            that your IT department makes for me. At Google that is a service account with \
            domain-wide delegation, whose key file the deployment's setting \
            TANDEM_GOOGLE_SERVICE_ACCOUNT_FILE names; at Microsoft the deployment's application, \
            approved for your tenant. Never send me a key in the chat. Connected now: Google 3 \
            and Apple or CalDAV 3.
          Who | Why not
          Alex Chen | uses Apple or CalDAV
          Lee Wong | uses Apple or CalDAV
          Priya Nair | uses Apple or CalDAV
        """,
    )
    assert await connected(stage) == set()


async def test_everybody_is_connected_told_and_followed_up() -> None:
    stage, google = await without_calendars(accounts=EVERYBODY[:-1])
    await switched_on(stage)
    for who in EVERYBODY[1:-1]:
        (seen,) = stage.chats.unread.pop(who)
        assert seen.message.text.startswith("Your Google calendar is connected. Jo Park")
    await play(
        stage,
        """
        jo sees > I am connecting 7 people at Google now, and report here how far it is.
        jo sees > Connected 6 of 7 at Google. That is everybody who can be. Not connected, because \
            something speaks against it: 1 person.
          Who | Why not
          Tom Becker | Google knows no such account, or IT's grant does not cover it
        maya sees > Your Google calendar is connected. Jo Park switched that on for everybody in \
            your organisation, with a grant of your IT department. I use it to see when you are \
            busy, never what your events are about, and to write the sessions that I book. If you \
            do not want that, opt out: by the button, or by writing “opt out of auto-connect” at \
            any time.
          [Opt out]
        """,
    )
    await play(
        stage,
        """
        jo: admin org-connect
        > Connecting everybody is on, at Google for example.org; new people are connected on \
            joining. Connected 6 of 7 at Google. That is everybody who can be. Not connected, …
          …
        """,
    )
    assert await connected(stage) == set(EVERYBODY[:-1])
    links = await stage.store.read(lambda tx: tx.links.of([PersonId("maya")]))
    (link,) = links[PersonId("maya")]
    assert (link.name, link.use, link.tier) == ("Mine", Use.PRIMARY, Tier.WRITE)
    assert {tier for _, _, tier in google.opened} == {Tier.WRITE}
    entries = await stage.store.read(lambda tx: tx.audit.latest(ORG, 5))
    assert [(e.action, e.detail) for e in entries] == [
        ("auto_connect.on", "google: 7 people"),
        ("auto_connect.name", "google: example.org"),
    ]


async def test_who_opts_out_is_never_connected_again() -> None:
    stage, _ = await without_calendars()
    await switched_on(stage)
    await stage.wait(60)
    stage.chats.unread.clear()
    await play(
        stage,
        """
        maya presses [Opt out]
        > Your calendar is disconnected and what I stored of it is deleted. Your organisation will \
            never connect it for you again; you can always connect one yourself. Sessions that are \
            already in your calendar stay there, and are not changed any more: later changes come \
            by mail.
        alex: Opt out of auto-connect.
        > Your calendar is disconnected …
        alex: opt out of auto-connect
        > Noted: your organisation will never connect a calendar for you. You can always connect \
            one yourself.
        jo: admin org-connect off
        > Everybody whom I connected by IT's grant would be disconnected and told: 5 people. Who \
            connected themselves stays connected.
          [Disconnect them] [Leave it as it is]
        jo presses [Disconnect them]
        > Connecting everybody is off. Disconnected and told: 5 people.
        priya sees > Your organisation no longer connects its people's calendars for them, so \
            yours is disconnected and what I stored of it is deleted. …
          [Google] [Apple]
        jo: admin org-connect off
        > Connecting everybody is not on. There is nothing to switch off.
        everybody has read on
        jo: admin org-connect on
        > … Shall I connect 5 people at Google? …
        jo presses [Connect everybody]
        > …
        everybody has read on
        """,
    )
    assert await connected(stage) == set(EVERYBODY) - {"maya", "alex"}
    outs = await stage.store.read(lambda tx: tx.audit.latest(ORG, 20))
    assert [e.actor for e in outs if e.action == "auto_connect.opt_out"] == ["alex", "maya"]


async def test_who_connected_themselves_stays_as_they_are() -> None:
    stage, google = await without_calendars()
    await on_google(stage)
    stage.ports.calendars[Provider.GOOGLE] = google.service()
    own = google.grant("sam@example.org", "sam", stage.ports.ids.new())
    calendar_id = (await google.calendars(own))[0].calendar_id
    await stage.connect("sam")

    def to_google(tx: Tx) -> None:
        (grant,) = tx.links.grants_of([PersonId("sam")]).values()
        tx.links.save_grant(replace(grant, provider=Provider.GOOGLE, secret=own.secret))
        (link,) = tx.links.of([PersonId("sam")])[PersonId("sam")]
        tx.links.save(replace(link, calendar_id=calendar_id))

    await stage.store.transact(to_google)
    await switched_on(stage)
    await stage.wait(60)
    assert "sam" not in stage.chats.unread or not stage.chats.unread["sam"]
    assert await connected(stage) == set(EVERYBODY) - {"sam"}
    stage.chats.unread.clear()
    await play(
        stage,
        """
        jo: admin org-connect off
        > … 6 people. …
        jo presses [Disconnect them]
        > …
        everybody has read on
        """,
    )
    assert len(await stage.store.read(lambda tx: tx.links.grants_of([PersonId("sam")]))) == 1


async def test_new_members_are_connected_on_joining() -> None:
    stage, google = await without_calendars()
    await switched_on(stage)
    await stage.wait(60)
    stage.chats.unread.clear()
    google.open_account("noor@example.org", "pass")
    google.add_calendar("noor@example.org", "Mine", default=True)
    await stage.says("dana", "admin add mentor Noor Khan <noor@example.org> Europe/Paris")
    await stage.says("dana", "admin add mentor Ola Berg <ola@elsewhere.org> Europe/Oslo")
    stage.chats.unread.clear()
    found = await stage.store.read(
        lambda tx: [tx.people.by_email(ORG, f"{who}") for who in ("noor@example.org",)]
    )
    assert found[0] is not None
    noor = found[0].id
    grants = await stage.store.read(lambda tx: tx.links.grants_of([noor]))
    assert [is_delegated(grant) for grant in grants.values()] == [True]
    await play(
        stage,
        """
        jo: admin org-connect status
        > … Connected 8 of 9 at Google. … 1 person.
          Who | Why not
          Ola Berg | has an address in another domain: ola@elsewhere.org
        """,
    )


async def test_without_its_grant_nothing_begins_and_it_is_told_what_to_do() -> None:
    stage, google = await without_calendars()
    google.granted = False
    await play(
        stage,
        """
        jo: admin org-connect google example.org
        > Noted: …
        jo: admin org-connect on
        > I cannot connect everybody yet. IT's grant does not hold yet: Google refuses me.
          For IT, in the Google admin console …
        """,
    )
    google.granted = True
    google.fail(Unavailable("down", provider="google"), times=9)
    await play(
        stage,
        """
        jo: admin org-connect on
        > I cannot connect everybody yet. I could not reach Google to try IT's grant. Please try \
            again later.
          …
        """,
    )
    google.heal()
    assert await connected(stage) == set()


async def test_a_service_that_is_down_is_asked_again() -> None:
    stage, google = await without_calendars()
    await play(
        stage,
        """
        jo: admin org-connect google example.org
        > …
        jo: admin org-connect on
        > …
        """,
    )
    await stage.presses("jo", "Connect everybody")
    stage.chats.unread.clear()
    await stage.says("jo", "admin org-connect off")
    await stage.presses("jo", "Disconnect them")
    await stage.says("jo", "admin org-connect on")
    stage.chats.unread.clear()
    google.slow = 4
    await stage.presses("jo", "Connect everybody")
    assert len(await connected(stage)) == 3
    await play(
        stage,
        """
        jo sees > I am connecting 7 people …
        jo sees > Connected 3 of 7 at Google so far.
        everybody has read on
        20 minutes later
        jo sees ~ Connected 7 of 7 at Google. That is everybody who can be.
        everybody has read on
        """,
    )
    assert await connected(stage) == set(EVERYBODY)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("org-connect google exa mple.org", "“exa” is not a domain of mail. …"),
        ("org-connect google", "The domain of your people's addresses is missing. …"),
        ("org-connect yahoo example.org", "“yahoo” is not a service where everybody …"),
        ("org-connect apple example.org", "“apple” is not a service where everybody …"),
        (
            "org-connect microsoft example.org tenant nobody",
            "“nobody” is not a tenant of Microsoft's. …",
        ),
        ("org-connect off", "Connecting everybody is not on. …"),
    ],
)
async def test_bad_words(said: str, answer: str) -> None:
    stage, _ = await without_calendars()
    await play(stage, f"jo: admin {said}\n> {answer}")
    assert await stage.store.read(lambda tx: tx.audit.latest(ORG, 9)) == ()


async def test_twice_on_and_others_than_global_administrators() -> None:
    stage, _ = await without_calendars()
    await switched_on(stage)
    await stage.wait(60)
    stage.chats.unread.clear()
    await play(
        stage,
        """
        jo: admin org-connect on
        > Connecting everybody is on already. “admin org-connect” shows how far it is; “admin \
            org-connect off” ends it.
        jo: admin org-connect microsoft example.org
        > Connecting everybody is on already. …
        dana: admin org-connect off
        > Only an administrator can do that. Please ask Jo Park.
        maya: admin org-connect on
        > Only an administrator can do that. Please ask Dana Brooks.
        """,
    )
    await stage.acts("dana", "admin:auto:any:off")
    await stage.acts("jo", "admin:auto:any:on")
    await play(
        stage,
        """
        dana sees > Only an administrator can do that. Please ask Jo Park.
        jo sees > Connecting everybody is on already. …
        """,
    )
    assert await connected(stage) == set(EVERYBODY)


async def test_two_way_is_then_only_missing_in_this_version() -> None:
    stage, _ = await without_calendars()
    await switched_on(stage)
    await stage.wait(60)
    stage.chats.unread.clear()
    await play(
        stage,
        """
        dana: admin aurora two-way on
        > Two-way sync is not part of this version. Sessions are changed here in the chat, and I \
            then update every calendar.
        """,
    )


async def test_without_approval_or_service_it_is_refused() -> None:
    stage, _ = await without_calendars()
    await stage.setting("services", "microsoft", ORG)
    await stage.setting("approved", "off", ORG)
    await play(
        stage,
        """
        jo: admin org-connect google example.org
        > Noted: … The organisation's approval is off: admin org approved on. Google is not among \
            the services you allow: admin org services.
          …
        """,
    )


async def test_at_microsoft_it_hears_which_application_to_approve_where() -> None:
    stage = await aurora()
    for who in EVERYBODY:
        await stage.disconnect(who)
    stage.ports.calendars[Provider.MICROSOFT] = DelegatedCalendars(Provider.MICROSOFT).service()
    tenant = "72f988bf-0000-4000-8000-00000000beef"
    await play(
        stage,
        f"""
        jo: admin org-connect microsoft example.org, example.com tenant {tenant.upper()}
        > Noted: Microsoft, for addresses in example.org and example.com. Nothing speaks against \
            it so far. …
          For IT: the application client-of-it needs the application permission scope.busy, \
            scope.write. An administrator of the tenant approves it at Microsoft's consent page \
            for administrators. Without further rules that covers every mailbox; Exchange RBAC \
            for Applications narrows it.
          IT's steps are written down in manifests/oauth.md of this installation.
        jo: admin org-connect on
        > I cannot connect everybody yet. I tried the first accounts, and Microsoft knows none of \
            them, or IT's grant does not cover them. Are their addresses right?
          …
        """,
    )
    stored = await stage.store.read(lambda tx: tx.settings.read(ORG)["auto_connect"])
    assert tenant in stored


async def test_addresses_elsewhere_are_listed() -> None:
    stage, _ = await without_calendars()
    await stage.change("lee", email="lee@elsewhere.example")
    await play(
        stage,
        """
        jo: admin org-connect google example.org
        > Noted: Google, for addresses in example.org. All participants must use one calendar \
            service, with addresses in the domains you named. Exceptions: 1 person.
          Who | Why not
          Lee Wong | has an address in another domain: lee@elsewhere.example
          For IT, in the Google admin console …
        """,
    )
