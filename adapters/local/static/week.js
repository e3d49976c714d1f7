/** The calendar of one person, week by week, as it is on the calendar server. */

import { getWeek } from "./api.js";
import { debounce, el, errorLine, icon } from "./dom.js";
import { addDays, mondayOf, shortDay, wall, weekWords, zoneWords } from "./time.js";
import { drawWeek, eventWords, hueOf, keyOf, whenWords } from "./weekgrid.js";

const LOOK_AGAIN = 30_000;
const WEEKS_AHEAD = 3;

/** The calendar in `root` (the .calendar section) for a person of the world, until `signal` is aborted. */
export class Week {
  constructor(root, person, signal) {
    this.root = root;
    this.person = person;
    this.signal = signal;
    this.scroller = root.querySelector(".week-scroll");
    this.news = root.querySelector(".week-news");
    this.start = firstWeek();
    this.shown = null;
    this.busy = false;
    this.settled = false; // whether the grid was scrolled to where the day begins
    this.sessions = null;
    this.fresh = new Set();
    this.picked = null;
    this.changed = debounce(250, signal, () => this.look());
    root.setAttribute("aria-label", `Calendar of ${person.name}`);
    this.scroller.setAttribute("aria-label", `Week of ${person.name}`);
    for (const button of root.querySelectorAll("[data-week]")) {
      button.addEventListener("click", () => this.move(Number(button.dataset.week)), { signal });
    }
    const again = setInterval(() => document.hidden || this.refresh(true), LOOK_AGAIN);
    signal.addEventListener("abort", () => clearInterval(again));
    window.addEventListener("focus", () => this.refresh(true), { signal });
    signal.addEventListener("abort", () => this.asked?.abort());
  }

  today() {
    return wall(this.person.zone, Date.now()).day;
  }

  /** Show this week, and remember the sessions of the next ones to notice new ones. */
  async load() {
    await this.refresh();
    this.sessions = await this.upcoming();
  }

  move(days) {
    this.go(days === 0 ? mondayOf(this.today()) : addDays(this.start, days));
  }

  go(start) {
    this.start = start;
    this.picked = null;
    this.news.hidden = true;
    return this.refresh();
  }

  /** Fetch the shown week again; `quiet` changes nothing on the page when it fails or nothing is new. */
  async refresh(quiet = false) {
    if (quiet && this.busy) return; // what is asked for aloud is as new
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    this.busy = !quiet;
    if (!quiet) this.title();
    try {
      const week = await getWeek(this.person.id, this.start, asked.signal);
      if (!this.signal.aborted) this.draw({ ...week, start: week.start ?? this.start });
    } catch (problem) {
      if (asked.signal.aborted || quiet) return;
      this.shown = null;
      this.scroller.replaceChildren(errorLine(problem.message, () => this.refresh()));
    } finally {
      if (this.asked === asked) this.calm();
    }
  }

  calm() {
    this.busy = false;
    this.root.removeAttribute("aria-busy");
  }

  /** Tandem says that this calendar changed: draw it anew and point out a new session, wherever it is. */
  async look() {
    const before = this.sessions;
    const now = await this.upcoming();
    if (now === null) return this.refresh(true);
    this.sessions = now;
    const added = before === null ? [] : [...now.keys()].filter((key) => !before.has(key));
    this.fresh = new Set(added);
    await this.refresh(true);
    const places = added.map((key) => now.get(key));
    if (places.length === 0 || places.some(({ start }) => start === this.start)) return undefined;
    if (!this.inUse()) return this.go(places[0].start);
    this.announce(places[0]);
    return undefined;
  }

  /** Tandem's own sessions of the next weeks by key, or null when they cannot be had. */
  async upcoming() {
    const monday = mondayOf(this.today());
    const starts = Array.from({ length: WEEKS_AHEAD }, (_, index) => addDays(monday, 7 * index));
    try {
      const weeks = await Promise.all(starts.map((start) => getWeek(this.person.id, start, this.signal)));
      return new Map(weeks.flatMap((week, index) => week.events.filter((event) => event.tandem)
        .map((event) => [keyOf(event), { event, start: starts[index] }])));
    } catch {
      return null;
    }
  }

  /** Whether somebody is busy with the calendar, so that it must not turn the page by itself. */
  inUse() {
    return this.root.matches(":hover") || this.root.contains(document.activeElement);
  }

  announce({ event, start }) {
    this.news.replaceChildren(icon("pair", "pair"), el("span", {}, `New: ${whenWords(event, this.person.zone)}`));
    this.news.onclick = () => {
      this.go(start);
      this.scroller.focus({ preventScroll: true });
    };
    this.news.hidden = false;
  }

  title() {
    if (this.busy) this.root.setAttribute("aria-busy", "true");
    this.root.querySelector(".week-title").textContent = weekWords(this.start);
    const { city, short } = zoneWords(this.person.zone, Date.parse(`${this.start}T12:00:00Z`));
    this.root.querySelector(".week-zone").textContent = city === short ? city : `${city}, ${short}`;
  }

  draw(week) {
    this.title();
    const today = this.today();
    const version = JSON.stringify([week, today, [...this.fresh]]);
    if (version === this.shown) return;
    this.shown = version;
    const focused = this.focusedKey();
    const nodes = drawWeek(week, today, (event, button) => this.pick(event, button, week), this.fresh);
    this.scroller.replaceChildren(...nodes);
    this.appear();
    this.note(week.note);
    this.foot(week);
    if (focused !== null) this.scroller.querySelector(`[data-event="${CSS.escape(focused)}"]`)?.focus();
  }

  focusedKey() {
    const active = document.activeElement;
    return this.scroller.contains(active) ? active.dataset.event ?? null : null;
  }

  /** Scroll to the morning of today once the grid can be seen, and to what is new. */
  appear() {
    if (this.scroller.clientHeight === 0) return;
    const column = this.scroller.querySelector(".day-column.today") ?? this.scroller.querySelector(".day-column");
    if (!this.settled && column) {
      const morning = this.scroller.querySelector(".gutter .morning");
      this.settled = true;
      this.scroller.scrollTop = (morning?.offsetTop ?? 4) - 4;
      this.scroller.scrollLeft = column.offsetLeft - this.scroller.querySelector(".gutter").offsetWidth;
    }
    this.scroller.querySelector(".fresh")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  note(text) {
    const note = this.root.querySelector(".week-note");
    note.hidden = !text;
    note.textContent = text ?? "";
  }

  /** Below the grid: what the colours mean, or the event that was pressed. */
  foot(week) {
    const foot = this.root.querySelector(".week-foot");
    foot.replaceChildren(legend(week));
  }

  pick(event, button, week) {
    const same = this.picked === button;
    this.picked?.classList.remove("picked");
    this.picked = same ? null : button;
    if (same) return this.foot(week);
    button.classList.add("picked");
    const title = el("strong", {}, event.title || "Busy");
    const words = el("span", {}, eventWords(event, week.zone));
    const close = el("button", { type: "button", className: "button quiet square small", "aria-label": "Close" }, icon("close"));
    close.addEventListener("click", () => {
      this.pick(event, button, week);
      button.focus();
    });
    const detail = el("div", { className: "week-detail", role: "status" }, el("p", {}, title, words), close);
    this.root.querySelector(".week-foot").replaceChildren(detail);
    return undefined;
  }
}

/** The week to begin with, the same in both columns: this one, at the weekend the next. */
function firstWeek() {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return mondayOf(addDays(wall(here, Date.now()).day, 2));
}

function legend(week) {
  const entry = (className, words) => el("li", {}, el("i", { className: `swatch ${className}` }), el("span", {}, words));
  const used = new Set(week.events.map((event) => event.status));
  const marks = [["free", "free"], ["tentative", "tentative"], ["declined", "declined"], ["away", "away"]];
  return el("ul", { className: "legend", tabIndex: 0, "aria-label": "Legend" },
    ...week.calendars.map((name) => entry(`busy hue-${hueOf(week.calendars, name)}`, name)),
    week.events.some((event) => event.tandem) ? entry("tandem", "booked by Tandem") : null,
    ...marks.filter(([status]) => used.has(status)).map(([status, words]) => entry(`${status} hue-0`, words)));
}
