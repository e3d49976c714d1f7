"""What goes wrong around a proposal in Slack and Teams, on the whole product: cards that were
deleted, a workspace that removes the assistant meanwhile, buttons in the hands of others.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

from tests.e2e.test_bad_chats import JSON, activity, event, in_teams
from tests.e2e.test_both_chats import Town, offered, opened
from tests.servers.teams.server import TENANT

if TYPE_CHECKING:
    from pathlib import Path

ODD_NAME = "Spy \u202e<at>all</at>\u200b"


async def asked(town: Town) -> tuple[str, str, str]:
    """Let Maya offer times to Alex; return her message, his, and the button of his first time."""
    await town.in_teams(text="hello")
    await town.shown(lambda m: "Hello Alex" in m)
    hers = await offered(town)
    his, card = await town.shown(lambda m: "accept:" in m)
    found = re.search(r"accept:\w+:\d+", json.dumps(card))
    assert found is not None
    return hers, his, found[0]


async def presses(
    town: Town, verb: str, ref: str, subject: str = "", **more: Any
) -> tuple[int, str]:
    data = {"_subject": subject} if subject else {}
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": data}}
    invoke = {"type": "invoke", "name": "adaptiveCard/action", "value": value, "replyToId": ref}
    return await in_teams(town, activity(town, **invoke, **more))


async def test_what_was_deleted_on_both_sides_is_booked_and_told_all_the_same(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as town:
        hers, his, accept = await asked(town)
        del town.slack.messages["DUMAYA", hers]
        del town.teams.activities["a:alex", his]
        assert (await presses(town, accept, his))[0] == 200
        await town.in_slack("UMAYA", lambda m: "with Alex Chen. The invitation comes" in m)
        await town.shown(lambda m: "with Maya Lind. The invitation comes" in m)


async def test_who_loses_slack_while_it_is_accepted_hears_of_it_by_mail(tmp_path: Path) -> None:
    async with opened(tmp_path) as town:
        _, his, accept = await asked(town)
        await asyncio.gather(
            presses(town, accept, his),
            town.post(event({"type": "app_uninstalled"}), JSON),
            town.post(event({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}), JSON),
        )
        await town.shown(lambda m: "with Maya Lind. The invitation comes" in m)

        def told() -> set[str] | None:
            mails = [m for m in town.sink.mails() if m.subject.startswith("Session with")]
            found = {to for mail in mails for to in mail.to}
            return found if len(found) == 2 else None

        assert await town.waits(told) == {"maya@example.com", "alex@example.org"}


async def test_who_removes_the_assistant_before_they_answer_is_asked_by_mail(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as town:
        await asked(town)
        for _ in range(2):
            gone = activity(town, type="installationUpdate", action="remove")
            assert (await in_teams(town, gone))[0] == 201
        await town.in_slack("UMAYA", lambda m: "your times were sent by mail" in m)
        (mail,) = [m for m in town.sink.mails() if "offers you" in m.subject]
        assert mail.to == ("alex@example.org",)
        found = re.search(r"http://\S+/answer/[\w.-]+", mail.text)
        assert found is not None
        async with town.http.get(found[0]) as page:
            (first, *_) = re.findall(r'name="time" value="(\d+)"', await page.text())
        async with town.http.post(found[0], data={"time": first}) as answer:
            assert answer.status == 200
        await town.in_slack("UMAYA", lambda m: "with Alex Chen. The invitation comes" in m)


async def test_buttons_and_cards_in_other_hands_tell_and_do_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as town:
        _, his, accept = await asked(town)
        number = accept.split(":")[1]
        town.teams.members["29:spy"] = {"email": "", "name": ODD_NAME, "tenantId": TENANT}
        spy = {"from": {"id": "29:spy", "name": ODD_NAME, "aadObjectId": "5b1"}}
        for kind in ("personal", "groupChat", "channel"):
            about = {"conversationType": kind, "tenantId": TENANT, "id": f"a:spy-{kind}"}
            for verb in ("refresh", accept, f"window:{number}", "prefs:form", f"decline:{number}"):
                for subject in (f"proposal:{number}", "calendars", ""):
                    status, answer = await presses(
                        town, verb, his, subject, conversation=about, **spy
                    )
                    assert status == 200
                    assert not re.search(r"Maya|Alex|London|\d:\d\d|accept", answer)
        await town.in_teams(text="open proposals")
        await town.shown(lambda m: "your turn" in m)  # nobody has answered it
        shown = [m for (place, _), m in town.teams.activities.items() if "spy" in place]
        unknown = "I do not know you yet, so I cannot schedule for you. Please ask Ada North."
        assert {m.get("text") for m in shown} == {unknown}
