/** The dialog with the addresses and passwords of the demo's calendars, for a person's own calendar program. */

import { el } from "./dom.js";

/** Wire the dialog; `chosen()` gives the ids of the people on the page, whose calendars are open at once. */
export function makeAccess(people, chosen) {
  const dialog = document.getElementById("access");
  document.getElementById("access-open").addEventListener("click", () => {
    const open = new Set(chosen());
    document.getElementById("access-list").replaceChildren(...people.map((person) => entry(person, open)));
    dialog.showModal();
  });
  document.getElementById("access-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

function entry(person, open) {
  const count = person.calendars.length;
  const words = { 0: "no calendar connected", 1: "1 calendar" }[count] ?? `${count} calendars`;
  const summary = el("summary", {}, el("strong", {}, person.name), el("span", {}, words));
  const calendars = person.calendars.map(({ url, user, password }) => el("dl", {},
    fact("Address", url), fact("User", user), fact("Password", password)));
  return el("details", { open: open.has(person.id) && count > 0 }, summary, ...calendars);
}

function fact(name, value) {
  const copy = el("button", { type: "button", className: "button quiet small", "aria-label": `Copy ${name}` }, "Copy");
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(value).then(() => { copy.textContent = "Copied"; }, () => { copy.hidden = true; });
    setTimeout(() => { copy.textContent = "Copy"; }, 1500);
  });
  return el("div", {}, el("dt", {}, name), el("dd", {}, el("code", {}, String(value)), copy));
}
