/** The JSON API under /local/api. Every call either returns its data or throws an ApiError in plain words. */

const ROOT = "/local/api/";
const PATIENCE = 90_000;

/** A failed call; `message` is fit to be shown. */
export class ApiError extends Error {}

function offline(problem, signal) {
  if (problem.name === "TimeoutError") return new ApiError("Tandem did not answer in time.");
  if (signal?.aborted) return problem;
  return new ApiError("Tandem cannot be reached right now.");
}

async function call(path, { signal, ...options } = {}) {
  const patience = AbortSignal.timeout(PATIENCE);
  let response;
  let body = null;
  try {
    const either = signal ? AbortSignal.any([signal, patience]) : patience;
    response = await fetch(ROOT + path, { ...options, signal: either });
    body = await response.json().catch((problem) => {
      if (problem instanceof SyntaxError) return null;
      throw problem;
    });
  } catch (problem) {
    throw offline(problem, signal);
  }
  if (!response.ok) throw new ApiError(body?.error ?? `Something went wrong (${response.status}).`);
  if (body === null) throw new ApiError("The answer could not be read.");
  return body;
}

function query(path, values) {
  return `${path}?${new URLSearchParams(values)}`;
}

function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** People, their calendars, the programme. */
export const getWorld = (signal) => call("world", { signal });

/** All messages of a person's chat, oldest first. */
export const getInbox = (person, signal) => call(query("inbox", { person, own: "true" }), { signal });

/** Every mail sent so far, in order. */
export const getMails = (signal) => call("mails", { signal });

/** One week of a person's calendars; `start` is a day. */
export const getWeek = (person, start, signal) => call(query("week", { person, start }), { signal });

/** Write to the assistant; returns when its turn has ended. */
export const postMessage = (person, text) => post("messages", { person, text });

/** Press a button of a card, with the values of its inputs. */
export const postAction = (person, action, values) => post("actions", { person, action, values });

/** Send a text file. */
export const postFile = (person, name, text) => post("files", { person, name, text });

/** Where a person's server-sent events come from. */
export const eventsUrl = (person) => ROOT + query("events", { person });
