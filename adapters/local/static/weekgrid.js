/** Draws one week: hours down, days across, whole days on top. */

import { el, icon } from "./dom.js";
import { clock, clockOf, dayWords, longDay, shortDay, wall, weekDays } from "./time.js";
import { hoursOf, placeEvents } from "./weekmath.js";

const HUES = 6;
const MORNING = 8;
const STATUS = { busy: "busy", free: "free", tentative: "tentative", declined: "declined", away: "away" };

/** What tells one event from another, over fetches. */
export function keyOf(event) {
  return [event.start, event.end, event.title, event.calendar].join("|");
}

/** "Tue 27 Oct, 14:00 to 14:30" in a zone; whole days without times. */
export function whenWords(event, zone) {
  const from = Date.parse(event.start);
  const start = wall(zone, from);
  if (event.all_day) return `${shortDay(event.start.slice(0, 10))}, all day`;
  const to = Date.parse(event.end);
  const end = wall(zone, to);
  const until = end.day === start.day ? clock(zone, to) : `${shortDay(end.day)} ${clock(zone, to)}`;
  return `${shortDay(start.day)}, ${clock(zone, from)} to ${until}`;
}

/** Everything about an event in one line, for the detail line and for screen readers. */
export function eventWords(event, zone) {
  const status = STATUS[event.status] ?? "busy";
  const parts = [whenWords(event, zone), status, event.calendar ? `calendar “${event.calendar}”` : null];
  if (event.tandem) parts.push("booked by Tandem");
  return parts.filter(Boolean).join(" · ");
}

/** The number of the colour of a calendar; the first calendar is the primary one. */
export function hueOf(calendars, name) {
  return Math.max(calendars.indexOf(name), 0) % HUES;
}

/**
 * Draw a week of the API. `pick(event, button)` is called when an event is pressed; `fresh` holds the keys of
 * events to point out. The hour a day begins with is marked `.morning` in the gutter.
 */
export function drawWeek(week, today, pick, fresh) {
  const days = weekDays(week.start);
  const { timed, allDay } = placeEvents(week.events, days, week.zone);
  const hours = hoursOf(timed);
  const block = (event, className) => eventButton(event, className, week, pick, fresh);
  const top = el("div", { className: "week-top" }, el("span", { className: "corner" }),
    ...days.map((day) => dayHead(day, today)));
  if (allDay.length > 0) top.append(...allDayRow(allDay, block));
  const columns = days.map((day) => dayColumn(day, timed.get(day), hours, block, today, week.zone));
  const grid = el("div", { className: "week-grid" }, gutter(hours), ...columns);
  grid.style.setProperty("--hours", hours.last - hours.first);
  return [top, grid];
}

function dayHead(day, today) {
  const name = dayWords(day, { weekday: "short" });
  const className = `day-head${day === today ? " today" : ""}${weekend(day) ? " weekend" : ""}`;
  return el("div", { className, "aria-hidden": "true" }, el("span", {}, name),
    el("b", {}, dayWords(day, { day: "numeric" })));
}

function weekend(day) {
  return ["Sat", "Sun"].includes(dayWords(day, { weekday: "short" }));
}

function allDayRow(bars, block) {
  const list = el("ol", { className: "all-day", "aria-label": "All day" });
  for (const { event, first, span } of bars) {
    const item = el("li", {}, block(event, "bar"));
    item.style.gridColumn = `${first + 1} / span ${span}`;
    list.append(item);
  }
  return [el("span", { className: "all-day-label" }, "all day"), list];
}

function gutter({ first, last }) {
  const labels = [];
  for (let hour = first; hour < last; hour += 1) {
    const className = hour === MORNING ? "morning" : "";
    labels.push(el("span", { className }, hour === first ? "" : clockOf(hour * 60)));
  }
  return el("div", { className: "gutter", "aria-hidden": "true" }, ...labels);
}

function dayColumn(day, segments, hours, block, today, zone) {
  const count = segments.length === 1 ? "1 event" : `${segments.length} events`;
  const list = el("ol", { className: "day-events", "aria-label": `${longDay(day)}, ${count}` });
  for (const segment of segments) list.append(placed(segment, hours, block(segment.event, "block")));
  const className = `day-column${weekend(day) ? " weekend" : ""}${day === today ? " today" : ""}`;
  const column = el("div", { className }, list);
  if (day === today) column.append(nowLine(zone, hours));
  return column;
}

function placed({ from, to, column, columns }, { first, last }, button) {
  const top = Math.max(from - first * 60, 0);
  const height = Math.min(to - first * 60, (last - first) * 60) - top;
  const classes = [height < 52 ? "short" : "", columns > 1 ? "crowded" : ""];
  const item = el("li", { className: classes.filter(Boolean).join(" ") }, button);
  item.style.setProperty("--lines", Math.max(1, Math.floor(height / 23) - 1));
  item.style.setProperty("--top", top);
  item.style.setProperty("--height", height);
  item.style.setProperty("--left", column / columns);
  item.style.setProperty("--width", 1 / columns);
  return item;
}

function nowLine(zone, { first, last }) {
  const minutes = wall(zone, Date.now()).minutes - first * 60;
  const line = el("div", { className: "now", "aria-hidden": "true", hidden: minutes < 0 || minutes > (last - first) * 60 });
  line.style.setProperty("--top", minutes);
  return line;
}

function eventButton(event, className, week, pick, fresh) {
  const status = STATUS[event.status] ?? "busy";
  const title = event.title || (status === "away" ? "Away" : "Busy");
  const classes = [className, "event", status, `hue-${hueOf(week.calendars, event.calendar)}`];
  if (event.tandem) classes.push("tandem");
  if (fresh.has(keyOf(event))) classes.push("fresh");
  const words = eventWords(event, week.zone);
  const button = el("button", {
    type: "button", className: classes.join(" "), title: `${title}\n${words}`, "data-event": keyOf(event),
  }, el("span", { className: "event-title" }, title));
  if (event.tandem) button.prepend(icon("pair", "pair"));
  if (!event.all_day) {
    const time = clock(week.zone, Date.parse(event.start));
    button.append(el("span", { className: "event-time", "aria-hidden": "true" }, time));
  }
  button.append(el("span", { className: "visually-hidden" }, `, ${words}`));
  button.addEventListener("click", () => pick(event, button));
  return button;
}
