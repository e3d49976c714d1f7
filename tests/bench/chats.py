"""What the chats carry: acknowledgements, messages a second, limits of the vendors, and kill -9.

The product runs by its command with everything switched on, the vendor's API is a stand-in, and
each is a process of its own (`tests/bench/chat_world.py`). Nothing the product was told may be
lost; that is counted from outside, by conversation.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.chat_people import FIRST, PEOPLE, WORKSPACES, people_of
from tests.bench.chat_world import (
    Ack,
    delays,
    process,
    product,
    town,
    waiting,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.chat_world import Report, Town
    from tests.e2e.harness import Deployment

    Tell = Callable[[str], None]

KINDS = ("slack", "teams")
RATE, SECONDS, DELAY = 50, 10, 5.0
AIM = 0.3  # seconds: 95 of 100 acknowledgements
KILLED = 100  # acknowledged events before the process is killed
LEASE = 10  # seconds after which the new process takes up what the old one had begun
MESSAGES = 600
WELCOMED, PACED = 60, 10  # seconds for the welcome of all, and until the vendor's pace is free
SENDERS = 20  # in parallel
ROUNDS = 3  # of both, in turn: the machine does other things too
SHARE = 0.25  # of what the vendor's bare SDK does
HELD, EVERY, OTHERS = 30, 10, 10  # messages of the limited one, refusals, others a second
HELD_UP = 1.0  # seconds: an answer that came later than that was held up


# --- 1. acknowledgements ------------------------------------------------------------------------


async def acknowledge(place: Town, deployment: Deployment) -> list[str]:
    """Fifty people write for ten seconds, while every answer takes five."""
    await place.order(delay=DELAY)
    acks = await _steady(place, RATE, SECONDS, range(FIRST))
    report = await place.answered(len(acks))
    await asyncio.sleep(DELAY + 1)  # until the last answers were taken
    took = sorted(ack.took for ack in acks)
    p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
    last = max((post.at for post in report.posts), default=0.0) - acks[-1].due
    return [
        (
            f"acknowledged {RATE}/s for {SECONDS} s, work delayed {DELAY:.0f} s:"
            f" p50 {_ms(statistics.median(took))}, p95 {_ms(p95)}, max {_ms(took[-1])}"
            f" (aim p95 {_ms(AIM)}{_missed(p95 <= AIM)})"
        ),
        f"  {_whole(acks, report, deployment)}; the last answer {last:.0f} s after its message",
    ]


async def kill(place: Town, deployment: Deployment) -> list[str]:
    """The product is killed as soon as it has said that it has a hundred messages."""
    deployment.stop()
    deployment.settings["lease"] = str(LEASE)
    await asyncio.to_thread(deployment.start)
    place.target = f"http://{deployment.url}"
    await place.order(delay=1.0)
    acks: list[Ack] = []

    async def one(number: int) -> None:
        acks.append(await place.send(number))
        if sum(ack.status // 100 == 2 for ack in acks) == KILLED:
            deployment.kill()

    # One message a person, so that what is lost and what comes twice cannot be confused.
    await asyncio.gather(*(one(number) for number in range(FIRST, FIRST + KILLED + SENDERS)))
    good = [ack for ack in acks if ack.status // 100 == 2]
    before = len((await place.report()).posts)
    began = time.monotonic()
    await asyncio.to_thread(deployment.start)
    place.target = f"http://{deployment.url}"
    await place.answered(len(acks) + before, 2 * LEASE)
    report = await place.report()
    last = max(post.at for post in report.posts) - began
    return [
        (
            f"kill -9 after {len(good)} acknowledged, {before} of them on their way out:"
            f" {_whole(good, report, deployment)}; all {last:.0f} s after the new start"
            f" (lease {LEASE} s)"
        ),
    ]


# --- 2. messages a second -----------------------------------------------------------------------


async def throughput(place: Town) -> float:
    """Return how many messages a second are answered, sent by twenty senders in parallel."""
    await place.order()

    async def sender(number: int) -> list[Ack]:
        people = [n for w in range(number, WORKSPACES + 1, SENDERS) for n in people_of(w)]
        return [await place.send(people[n % len(people)]) for n in range(MESSAGES // SENDERS)]

    began = time.monotonic()
    sent = await asyncio.gather(*(sender(number) for number in range(1, SENDERS + 1)))
    acks = [ack for part in sent for ack in part]
    report = await place.answered(len(acks))
    bad = [ack for ack in acks if ack.status // 100 != 2]
    assert not bad, f"{len(bad)} of {len(acks)} were refused, the first by {bad[0].status}"
    assert len(report.posts) == len(acks), f"{len(report.posts)} of {len(acks)} were answered"
    return len(acks) / (max(post.at for post in report.posts) - began)


async def compare(place: Town) -> list[str]:
    """The product against the barest bot of the vendor's SDK."""
    await meet(place)
    found: list[tuple[float, float]] = []
    async with process("tests.bench.chat_echo", place.medium.kind, place.services) as echo:
        targets = (place.target, echo["url"])
        for _ in range(ROUNDS + 1):
            place.target, place.bare = targets[0], False
            ours = await throughput(place)
            place.target, place.bare = targets[1], True
            found.append((ours, await throughput(place)))
            await asyncio.sleep(PACED)
        place.target, place.bare = targets[0], False
    ours, bare = (statistics.median(rates) for rates in zip(*found[1:], strict=True))
    share = ours / bare
    return [
        (
            f"answered {ours:.0f} messages/s, the SDK's bare echo {bare:.0f}/s: {share:.2f} of it"
            f" (aim {SHARE:.2f}{_missed(share >= SHARE)}; medians of {ROUNDS} times {MESSAGES})"
        ),
    ]


# --- 3. limits ----------------------------------------------------------------------------------


async def limit(place: Town, deployment: Deployment) -> list[str]:
    """One conversation is refused every tenth message; the others go on."""
    alone, beside = people_of(1)[0], people_of(1)[1:]
    held = place.medium.conversation(alone)
    await place.order(conversation=held, every=EVERY)
    first = await asyncio.gather(*(place.send(alone) for _ in range(HELD)))
    others = await _steady(place, OTHERS, 40, [*beside, *range(people_of(2)[0], PEOPLE)])
    report = await place.answered(len(first) + len(others))
    took = delays(others, report)
    near = {place.medium.conversation(number) for number in beside}
    same = [t for where, times in took.items() if where in near for t in times]
    far = [t for where, times in took.items() if where not in near for t in times]
    done = [post.at for post in report.posts if post.conversation == held]
    return [
        (
            f"429 with Retry-After to every {EVERY}th of {HELD} in one conversation:"
            f" {report.refused} refused, {report.early} sent before the time was over,"
            f" the last answered after {max(done) - first[0].due:.0f} s"
        ),
        f"  beside it: {_spread(same)} in its workspace, {_spread(far)} in others",
        f"  {_whole([*first, *others], report, deployment)}",
    ]


# --- what they share ----------------------------------------------------------------------------


async def meet(place: Town) -> None:
    """Let everybody speak once, so that nobody has to be looked up any more."""
    await place.order()
    acks = [await place.send(number) for number in range(PEOPLE)]
    await place.answered(len(acks))
    await place.welcomed(PEOPLE, WELCOMED)
    await asyncio.sleep(PACED)


async def _steady(place: Town, rate: int, seconds: int, people: Sequence[int]) -> list[Ack]:
    """Send `rate` messages a second, in turn by these people, whatever becomes of them."""
    began, sending = time.monotonic(), []
    for number in range(rate * seconds):
        due = began + number / rate
        await asyncio.sleep(due - time.monotonic())
        sending.append(asyncio.create_task(place.send(people[number % len(people)], due)))
    return list(await asyncio.gather(*sending))


def _whole(acks: Sequence[Ack], report: Report, deployment: Deployment) -> str:
    """Say whether everything that was acknowledged is answered, and what came twice."""
    kept = Counter(ack.conversation for ack in acks if ack.status // 100 == 2)
    answers = report.counts()
    lost = sum(max(0, many - answers[where]) for where, many in kept.items())
    twice = sum(max(0, answers[where] - many) for where, many in kept.items())
    left = waiting(deployment)
    refused = len(acks) - kept.total()
    told = f"{kept.total()} acknowledged, {kept.total() - lost} answered, {twice} twice"
    wrong = f", {lost} LOST" if lost else ""
    return (
        told
        + wrong
        + (f", {left} waiting" if left else "")
        + (f", {refused} REFUSED" if refused else "")
    )


def _spread(times: Sequence[float]) -> str:
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    late = sum(t > HELD_UP for t in times)
    return f"p95 {_ms(p95)}, max {_ms(max(times))}, {late} of {len(times)} held up"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _missed(good: bool) -> str:
    return "" if good else ", MISSED"


async def measure(kind: str, tell: Tell) -> list[str]:
    """Return the lines about one chat."""
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(town(kind))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tandem-chats-"))
        deployment = await stack.enter_async_context(product(place, Path(folder)))
        found = []
        for name, part in (
            ("throughput", compare(place)),
            ("acknowledgements", acknowledge(place, deployment)),
            ("limits", limit(place, deployment)),
            ("kill", kill(place, deployment)),
        ):
            tell(f"{kind}: {name}")
            found += [f"{kind}: {line}" for line in await part]
    return found


def run(kinds: Sequence[str] = KINDS) -> list[str]:
    """Return the figures; it takes some minutes, so it prints how far it is."""
    began = time.monotonic()

    def tell(line: str) -> None:
        print(f"  {time.monotonic() - began:4.0f} s  {line}", flush=True)

    return [line for kind in kinds for line in asyncio.run(measure(kind, tell))]


if __name__ == "__main__":
    print("\n".join(run(sys.argv[1:] or KINDS)))
