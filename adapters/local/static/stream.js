/**
 * The live connection of one person: server-sent events with reconnection.
 *
 * The browser reconnects by itself after a broken connection but gives up after an error status, so the
 * latter is retried here. While the page is hidden the connection is closed: browsers allow six per server,
 * and a few forgotten tabs would otherwise use them all up. What was missed is fetched again by `onResume`.
 */

import { eventsUrl } from "./api.js";

const LONGEST_WAIT = 8_000;

/**
 * Open the stream of a person until `signal` is aborted.
 * `on` has `message`, `progress`, `mail` and `calendar`, called with the event's data, and `resume`, called with
 * true when the connection first stands and with false after every gap. `state` is called with true when the connection stands and false when it is lost.
 */
export function openStream(person, on, state, signal) {
  let source = null;
  let timer = 0;
  let failures = 0;
  let first = true;
  let gap = false;

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  function opened() {
    failures = 0;
    state(true);
    if (first || gap) on.resume(first);
    first = false;
    gap = false;
  }

  function failed() {
    gap = true;
    failures += 1;
    state(false);
    if (source?.readyState !== EventSource.CLOSED) return;
    close();
    timer = setTimeout(connect, Math.min(LONGEST_WAIT, 500 * 2 ** Math.min(failures, 5)));
  }

  function connect() {
    close();
    source = new EventSource(eventsUrl(person));
    source.addEventListener("open", opened);
    source.addEventListener("error", failed);
    for (const kind of ["message", "progress", "mail", "calendar"]) {
      source.addEventListener(kind, (event) => on[kind](parsed(event.data)));
    }
  }

  function visibility() {
    if (document.hidden) {
      gap = true;
      close();
    } else {
      connect();
    }
  }

  document.addEventListener("visibilitychange", visibility, { signal });
  signal.addEventListener("abort", () => {
    close();
    state(true);
  });
  if (!document.hidden) connect();
}

function parsed(data) {
  try {
    return JSON.parse(data) ?? {};
  } catch {
    return {};
  }
}
