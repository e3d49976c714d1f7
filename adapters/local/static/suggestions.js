/** A few things worth writing, fitting the person. */

const AT_MOST = 5;

/** Whether a role, as the world names it, means an administrator. */
function administers(role) {
  return /admin/iu.test(role ?? "");
}

function guides(role) {
  return /mentor|coach(?!ee)/iu.test(role ?? "");
}

/** Somebody on the other side of the programme: the one beside if that fits, else the first who does. */
function counterpart(person, beside, people) {
  const fits = (other) => other.id !== person.id && !administers(other.role)
    && guides(other.role) !== guides(person.role);
  return beside && fits(beside) ? beside : people.find(fits);
}

/** Sentences for the chips of a person; the back-end's own list (`person.suggestions`) goes first. */
export function suggestionsFor(person, beside, people) {
  if (person.suggestions?.length) return person.suggestions;
  if (administers(person.role)) return ["status", "help"];
  const partner = counterpart(person, beside, people);
  const puzzle = people.find((other) => other.first === "Priya" && other.id !== person.id);
  const all = [
    person.calendars.length === 0 ? "connect my calendar" : null,
    partner ? `book with ${partner.first} next week` : null,
    "what have I got?",
    puzzle && !guides(person.role) ? "why is Priya never free?" : null,
    "what are my preferences?",
    "help",
  ];
  return all.filter(Boolean).slice(0, AT_MOST);
}
