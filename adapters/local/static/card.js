/** Cards: the parts, inputs and buttons the assistant sends with a message. */

import { el, icon } from "./dom.js";
import { makeInput } from "./inputs.js";
import { rich } from "./rich.js";

const PARTS = {
  text: (part) => el("p", { className: "part-text" }, ...rich(part.text)),
  note: (part) => el("div", { className: "part-note" }, icon("info"), el("p", {}, ...rich(part.text))),
  fields: (part) => el("dl", { className: "part-fields" }, ...part.fields.map(field)),
  times: (part) => el("ul", { className: "part-times" }, ...part.times.map(time)),
  table,
  progress,
};

function field({ name, value }) {
  return el("div", {}, el("dt", {}, String(name)), el("dd", {}, ...rich(value)));
}

function time({ text, detail }) {
  const parts = [el("strong", {}, String(text))];
  if (detail) parts.push(el("span", {}, String(detail)));
  return el("li", {}, ...parts);
}

function table({ columns, rows }) {
  const head = el("tr", {}, ...columns.map((name) => el("th", { scope: "col" }, String(name))));
  const body = rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, ...rich(cell)))));
  const whole = el("table", {}, el("thead", {}, head), el("tbody", {}, ...body));
  return el("div", { className: "part-table", tabIndex: 0, role: "group", "aria-label": "Table" }, whole);
}

function progress({ done, total }) {
  const words = `${done} of ${total}`;
  const bar = el("progress", { max: Math.max(total, 1), value: done, "aria-label": words });
  return el("div", { className: "part-progress" }, bar, el("span", {}, words));
}

/**
 * Draw a card. `state` lives as long as the message and keeps the `inputs` as they stand on the page and the
 * `busy` buttons by action id, so that typed values and waiting buttons survive a newer version of the card.
 * `press(action, values)` is called for a button and returns a promise of whether it worked.
 */
export function renderCard(card, state, press) {
  const older = state.inputs;
  state.inputs = (card.inputs ?? []).map((input) => makeInput(input, older.find(({ name }) => name === input.name)));
  const node = el("form", { className: "card", noValidate: true });
  if (card.title) node.append(el("h3", { className: "card-title" }, ...rich(card.title)));
  for (const part of card.parts ?? []) {
    if (PARTS[part.type]) node.append(PARTS[part.type](part));
  }
  node.append(...state.inputs.map((input) => input.node));

  const actions = card.actions ?? [];
  const submits = state.inputs.length > 0 ? actions.find((action) => action.style === "primary") : undefined;
  const buttons = actions.map((action) => actionButton(action, action === submits, node, state, press));
  if (buttons.length > 0) node.append(el("div", { className: "actions" }, ...buttons));
  node.addEventListener("submit", (event) => event.preventDefault());
  return node;
}

/** A button that opens a page is a link, so that it can be opened, copied and read as one. */
function pageLink(action, style) {
  return el("a", {
    className: `button${style}`,
    href: action.url,
    target: "_blank",
    rel: "noopener noreferrer",
    "data-key": `action:${action.id}`,
  }, String(action.label));
}

function actionButton(action, submits, form, state, press) {
  const style = action.style && action.style !== "default" ? ` ${action.style}` : "";
  if (/^https?:\/\//.test(action.url ?? "")) return pageLink(action, style);
  const button = el("button", {
    type: submits ? "submit" : "button",
    className: `button${style}`,
    "data-key": `action:${action.id}`,
  }, String(action.label));
  if (state.busy.has(action.id)) {
    state.busy.set(action.id, button);
    setBusy(button, true);
  }
  button.addEventListener("click", (event) => {
    event.preventDefault();
    if (state.busy.has(action.id)) return;
    if (action.style === "primary" && !form.reportValidity()) return;
    run(action, button, state, press);
  });
  return button;
}

async function run(action, button, state, press) {
  const values = Object.fromEntries(state.inputs.map((input) => [input.name, input.read()]));
  state.busy.set(action.id, button);
  setBusy(button, true);
  const worked = await press(action, values);
  setBusy(state.busy.get(action.id), false);
  state.busy.delete(action.id);
  if (worked) for (const input of state.inputs) input.forget();
}

function setBusy(button, busy) {
  button.classList.toggle("busy", busy);
  button.setAttribute("aria-disabled", String(busy));
  button.setAttribute("aria-busy", String(busy));
}
