/** One message of the chat: its frame (day, speaker, time), its text and its card. */

import { renderCard } from "./card.js";
import { el, icon } from "./dom.js";
import { plain, rich } from "./rich.js";

/**
 * Make the view of a message: `node`, `update(message)` to show a newer version in place, and
 * `frame(day, speaks, time)` to show or hide the day above it and the speaker's line.
 */
export function makeMessage(message, press) {
  const day = el("p", { className: "day", hidden: true });
  const time = el("time");
  const meta = el("p", { className: "meta" }, el("span", {}, message.own ? "You" : "Tandem"), time);
  const content = el("div", { className: "content" });
  const node = el("article", { className: message.own ? "message own" : "message", tabIndex: -1 }, day, meta, content);
  const state = { busy: new Map(), inputs: [] };
  let shown = null;

  function draw(next) {
    const text = String(next.text ?? "").trim();
    const parts = [];
    if (text && text !== next.card?.title?.trim()) parts.push(bubble(text, next.file));
    if (next.card) parts.push(renderCard(next.card, state, press));
    content.replaceChildren(...parts);
  }

  /** The name of the control in focus, to find it again after the content was drawn anew. */
  function focused() {
    if (!content.contains(document.activeElement)) return null;
    return document.activeElement.dataset.key ?? "";
  }

  function update(next) {
    const version = JSON.stringify(next);
    if (version === shown) return;
    const key = focused();
    const first = shown === null;
    shown = version;
    draw(next);
    if (key !== null) (content.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? node).focus({ preventScroll: true });
    if (!first) flash(node);
  }

  function frame(dayWords, speaks, timeWords) {
    day.hidden = dayWords === null;
    day.textContent = dayWords ?? "";
    time.textContent = timeWords;
    node.classList.toggle("continued", !speaks);
  }

  update(message);
  return { node, update, frame };
}

function bubble(text, file) {
  if (file) return el("p", { className: "bubble file" }, icon("clip"), el("span", {}, plain(text)));
  return el("p", { className: "bubble" }, ...rich(text));
}

function flash(node) {
  node.classList.remove("edited");
  void node.offsetWidth; // restarts the animation
  node.classList.add("edited");
}
