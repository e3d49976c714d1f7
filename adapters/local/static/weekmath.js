/** Where the events of a week stand in the grid. Pure: days and wall minutes in, places out. */

import { addDays, wall } from "./time.js";

const DAY = 1440;
const DATE = /^\d{4}-\d{2}-\d{2}$/u;
const SMALLEST = 26; // minutes of height a block needs on the page to be read and pressed

/**
 * Sort the events of a week into `timed` (a list of segments per day: {event, from, to} in wall minutes) and
 * `allDay` ({event, first, span} in day columns). An event over midnight has a segment on each of its days.
 */
export function placeEvents(events, days, zone) {
  const timed = new Map(days.map((day) => [day, []]));
  const allDay = [];
  for (const event of events) {
    if (event.all_day) {
      const bar = barOf(event, days, zone);
      if (bar) allDay.push(bar);
    } else {
      for (const [day, segment] of segmentsOf(event, days, zone)) timed.get(day).push(segment);
    }
  }
  allDay.sort((one, other) => one.first - other.first || other.span - one.span);
  for (const segments of timed.values()) pack(segments);
  return { timed, allDay };
}

/** The day an all-day event's bound names: a plain date, or an instant at midnight in the zone. */
function dateOf(bound, zone) {
  return DATE.test(bound) ? bound : wall(zone, Date.parse(bound)).day;
}

/** DTEND of an all-day event is the day after its last (RFC 5545 3.6.1). */
function barOf(event, days, zone) {
  const start = dateOf(event.start, zone);
  const end = dateOf(event.end ?? event.start, zone);
  const last = end > start ? addDays(end, -1) : start;
  if (last < days[0] || start > days.at(-1)) return null;
  const first = Math.max(days.indexOf(start), 0);
  const until = days.indexOf(last) < 0 ? days.length - 1 : days.indexOf(last);
  return { event, first, span: until - first + 1 };
}

function segmentsOf(event, days, zone) {
  const start = wall(zone, Date.parse(event.start));
  const end = wall(zone, Math.max(Date.parse(event.end), Date.parse(event.start)));
  const within = days.filter((day) => day >= start.day && day <= end.day);
  return within.flatMap((day) => {
    const from = day === start.day ? start.minutes : 0;
    const to = day === end.day ? end.minutes : DAY;
    if (to <= from && day !== start.day) return []; // ends at this day's midnight
    const segment = { event, from, to: Math.max(to, from + 5), goesOn: day !== end.day, cameFrom: day !== start.day };
    return [[day, segment]];
  });
}

/** Give overlapping segments columns: `column` of `columns`, side by side. */
function pack(segments) {
  segments.sort((one, other) => one.from - other.from || other.to - one.to);
  let cluster = [];
  let ends = [];
  const close = () => {
    for (const segment of cluster) segment.columns = ends.length;
    cluster = [];
    ends = [];
  };
  for (const segment of segments) {
    if (ends.every((end) => end <= segment.from)) close();
    const free = ends.findIndex((end) => end <= segment.from);
    segment.column = free < 0 ? ends.length : free;
    ends[segment.column] = Math.max(segment.to, segment.from + SMALLEST);
    cluster.push(segment);
  }
  close();
}

/** The hours to show: the working day, and more where events need it (of those over midnight, one hour). */
export function hoursOf(timed) {
  const all = [...timed.values()].flat();
  const starts = all.map(({ from, to, cameFrom }) => (cameFrom ? Math.ceil(to / 60) - 1 : Math.floor(from / 60)));
  const ends = all.map(({ from, to, goesOn }) => (goesOn ? Math.floor(from / 60) + 1 : Math.ceil(to / 60)));
  return { first: Math.min(7, ...starts), last: Math.max(20, ...ends) };
}
