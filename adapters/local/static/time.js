/**
 * Dates and times in a person's zone. Instants are milliseconds since the epoch; a day is a string
 * "2026-10-27" in the person's zone; wall time is minutes since that day's midnight on the clock.
 */

const cache = new Map();

/** The zone if the browser knows it, else UTC. */
export function knownZone(zone) {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return zone;
  } catch {
    return "UTC";
  }
}

function formatter(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  return cache.get(key);
}

const WALL = {
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
};

/** The day and the minutes since midnight that a clock in `zone` shows at an instant. */
export function wall(zone, instant) {
  const part = {};
  for (const { type, value } of formatter(zone, WALL).formatToParts(instant)) part[type] = value;
  return { day: `${part.year}-${part.month}-${part.day}`, minutes: Number(part.hour) * 60 + Number(part.minute) };
}

/** "14:00" at an instant. */
export function clock(zone, instant) {
  return formatter(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(instant);
}

/** "14:00" for minutes since midnight. */
export function clockOf(minutes) {
  const hours = String(Math.floor(minutes / 60)).padStart(2, "0");
  return `${hours}:${String(minutes % 60).padStart(2, "0")}`;
}

/** What people call the zone: its city, and its short name at that instant ("New York", "GMT-4"). */
export function zoneWords(zone, instant) {
  const city = zone.split("/").pop().replaceAll("_", " ");
  const named = formatter(zone, { timeZoneName: "short" }).formatToParts(instant);
  const short = named.find((part) => part.type === "timeZoneName")?.value ?? "";
  return { city, short };
}

function noonUtc(day) {
  return new Date(`${day}T12:00:00Z`);
}

/** The day `count` days later (earlier when negative). */
export function addDays(day, count) {
  const date = noonUtc(day);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** The Monday of the week of a day. */
export function mondayOf(day) {
  return addDays(day, -((noonUtc(day).getUTCDay() + 6) % 7));
}

/** The seven days of the week that starts on a day. */
export function weekDays(start) {
  return Array.from({ length: 7 }, (_, index) => addDays(start, index));
}

/** A day in words; `options` as for Intl.DateTimeFormat. */
export function dayWords(day, options) {
  return formatter("UTC", options).format(noonUtc(day));
}

/** "Tue 27 Oct". */
export function shortDay(day) {
  return dayWords(day, { weekday: "short", day: "numeric", month: "short" }).replace(",", "");
}

/** "Tuesday 27 October". */
export function longDay(day) {
  return dayWords(day, { weekday: "long", day: "numeric", month: "long" }).replace(",", "");
}

/** "26 Oct - 1 Nov 2026", the year once. */
export function weekWords(start) {
  const end = addDays(start, 6);
  const sameMonth = start.slice(0, 7) === end.slice(0, 7);
  const sameYear = start.slice(0, 4) === end.slice(0, 4);
  const first = sameMonth
    ? dayWords(start, { day: "numeric" })
    : dayWords(start, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
  return `${first} – ${dayWords(end, { day: "numeric", month: "short", year: "numeric" })}`;
}
