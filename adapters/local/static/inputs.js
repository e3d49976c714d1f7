/** The inputs of a card. Values are strings, except `choices`, whose value is a list of strings. */

import { el, uniqueId } from "./dom.js";

const RADIOS_AT_MOST = 4;
const CLOCK = /^\d{2}:\d{2}(:\d{2})?$/u;

/**
 * Make an input: `node`, `name`, `offered` (the value the server gave), `read()`, and `forget()` which
 * clears a secret once it was sent. What a person typed into `before`, the same input of an older version of
 * the card, is kept unless the server has since given another value.
 */
export function makeInput(input, before) {
  const offered = input.value ?? (input.kind === "choices" ? [] : "");
  const kept = before && JSON.stringify(before.offered) === JSON.stringify(offered);
  const value = kept ? before.read() : offered;
  const make = { choices: checkboxes, choice }[input.kind] ?? field;
  const { node, read, forget } = make(input, value);
  return { node, name: input.name, offered, read, forget: forget ?? (() => {}) };
}

/** Label, control and hint, tied together for screen readers. */
function framed(input, control) {
  const id = uniqueId("input");
  control.id = id;
  control.dataset.key = `input:${input.name}`;
  control.required = Boolean(input.required);
  const hint = hintOf(input);
  if (hint) control.setAttribute("aria-describedby", hint.id);
  return el("div", { className: "input" }, el("label", { for: id }, ...labelOf(input)), control, hint);
}

function labelOf(input) {
  const label = [String(input.label ?? input.name)];
  if (!input.required) label.push(el("span", { className: "optional" }, "optional"));
  return label;
}

function hintOf(input) {
  return input.hint ? el("p", { className: "hint", id: uniqueId("hint") }, input.hint) : null;
}

function field(input, value) {
  const timed = input.kind === "time" && (value === "" || CLOCK.test(value));
  const kinds = { secret: "password", number: "number", time: timed ? "time" : "text" };
  const control = el("input", { type: kinds[input.kind] ?? "text", value: String(value), autocomplete: "off" });
  if (input.kind === "number") control.step = "any";
  if (input.kind === "secret") control.autocomplete = "new-password";
  const forget = input.kind === "secret" ? () => { control.value = ""; } : undefined;
  return { node: framed(input, control), read: () => control.value, forget };
}

function choice(input, value) {
  const options = input.options ?? [];
  if (options.length <= RADIOS_AT_MOST) return radios(input, options, value);
  const control = el("select");
  if (!input.required || value === "") control.append(el("option", { value: "" }, "–"));
  for (const option of options) control.append(el("option", { value: option.value }, option.label));
  control.value = value;
  return { node: framed(input, control), read: () => control.value };
}

function radios(input, options, value) {
  const group = uniqueId("group");
  const boxes = options.map((option) => box(input, option, "radio", group, option.value === value));
  if (boxes.length > 0) boxes[0].control.required = Boolean(input.required);
  const read = () => boxes.find(({ control }) => control.checked)?.control.value ?? "";
  return { node: fieldset(input, boxes), read };
}

function checkboxes(input, value) {
  const chosen = new Set([value].flat());
  const boxes = (input.options ?? []).map((option) => box(input, option, "checkbox", "", chosen.has(option.value)));
  const read = () => boxes.filter(({ control }) => control.checked).map(({ control }) => control.value);
  const node = fieldset(input, boxes);
  const check = () => {
    const missing = input.required && read().length === 0;
    boxes[0]?.control.setCustomValidity(missing ? "Please choose at least one." : "");
  };
  node.addEventListener("change", check);
  check();
  return { node, read };
}

function box(input, option, type, group, checked) {
  const control = el("input", { type, name: group, value: option.value, checked });
  control.dataset.key = `input:${input.name}:${option.value}`;
  return { control, node: el("label", { className: "box" }, control, el("span", {}, String(option.label))) };
}

function fieldset(input, boxes) {
  const hint = hintOf(input);
  const node = el("fieldset", { className: "input" }, el("legend", {}, ...labelOf(input)),
    el("div", { className: "boxes" }, ...boxes.map((each) => each.node)), hint);
  if (hint) node.setAttribute("aria-describedby", hint.id);
  return node;
}
