/**
 * The list of messages of one chat: order, replacing in place, days, scrolling.
 *
 * Messages of the server are ordered by `at` (epoch seconds) and, when equal, by arrival. What the person
 * just wrote is shown at once as a local entry, which makes room for the server's own copy when that comes.
 */

import { makeMessage } from "./message.js";
import { errorLine } from "./dom.js";
import { clock, shortDay, wall } from "./time.js";

const NEAR = 48;
const PAUSE = 5 * 60;

/** One chat's messages on the page. `press` is handed to the cards, see card.js. */
export class Log {
  constructor(chat, zone, press, signal) {
    this.scroller = chat.querySelector(".log");
    this.list = chat.querySelector(".messages");
    this.empty = chat.querySelector(".empty");
    this.jump = chat.querySelector(".jump");
    this.zone = zone;
    this.press = press;
    this.entries = [];
    this.byId = new Map();
    this.follow = true; // new messages may scroll the list; not while somebody reads further up
    this.atEnd = true;
    this.lastTop = 0;
    this.scroller.addEventListener("scroll", () => this.scrolled(), { signal, passive: true });
    this.jump.addEventListener("click", () => this.toEnd(), { signal });
    const watch = new ResizeObserver(() => this.atEnd && this.toEnd(false));
    watch.observe(this.scroller);
    signal.addEventListener("abort", () => watch.disconnect());
  }

  /** Make the list equal to what the server holds; entries that did not change are not touched. */
  sync(messages) {
    const known = new Set(messages.map((message) => message.id));
    for (const entry of [...this.entries]) {
      if (entry.id === null ? entry.settled : !known.has(entry.id)) this.drop(entry);
    }
    for (const message of messages) this.place(message);
    this.arrange();
    this.scroller.setAttribute("aria-busy", "false");
    if (this.follow) this.toEnd(false);
  }

  /** Add messages, or replace those of the same id where they stand. */
  put(messages) {
    const fresh = messages.filter((message) => this.place(message));
    if (messages.length === 0) return;
    this.arrange();
    if (fresh.length === 0) {
      if (this.atEnd) this.toEnd(false);
      return;
    }
    const first = this.byId.get(fresh[0].id);
    if (this.follow) this.reveal(first);
    else if (!first.own) this.jump.hidden = false;
  }

  /** Show what the person wrote before the server has it; returns the entry. */
  addLocal(text, file = null) {
    const at = Math.max(Date.now() / 1000, this.entries.at(-1)?.at ?? 0);
    const entry = { id: null, at, own: true, text, file, settled: false, pinned: true };
    entry.view = makeMessage({ text, own: true, card: null, file }, this.press);
    entry.view.node.classList.add("pending");
    this.insert(entry, this.entries.length);
    this.arrange();
    this.toEnd();
    return entry;
  }

  /** The server has taken the local entry. */
  settle(entry) {
    entry.settled = true;
    entry.view.node.classList.remove("pending");
  }

  /** Say below the last message, or below `entry`, that something failed. */
  fail(text, retry, entry = null) {
    entry?.view.node.classList.remove("pending");
    entry?.view.node.classList.add("failed");
    const line = errorLine(text, () => {
      if (entry) this.drop(entry);
      retry();
    });
    if (entry && this.entries.includes(entry)) entry.view.node.append(line);
    else this.list.append(line);
    this.toEnd();
  }

  /** Bring the end into view and keep it there. */
  toEnd(smooth = true) {
    this.scrollTo(this.scroller.scrollHeight, smooth);
  }

  place(message) {
    const present = this.byId.get(message.id);
    if (present) {
      present.view.update(message);
      return false;
    }
    const spot = message.own ? this.dropTwin(message) : null;
    const entry = { id: message.id, at: message.at ?? Date.now() / 1000, own: message.own };
    entry.view = makeMessage(message, this.press);
    let index = this.entries.length;
    while (index > 0 && !this.entries[index - 1].pinned && this.entries[index - 1].at > entry.at) index -= 1;
    this.byId.set(message.id, entry);
    this.insert(entry, spot ?? index);
    return true;
  }

  /** Take away the local entry that a message of the server stands for; its place, or null, is used again. */
  dropTwin(message) {
    const text = String(message.text ?? "").trim();
    const same = (entry) => (entry.file ? text.includes(entry.file) : text === entry.text);
    const twin = this.entries.find((entry) => entry.id === null && same(entry));
    const spot = twin ? this.entries.indexOf(twin) : null;
    if (twin) this.drop(twin);
    return spot;
  }

  insert(entry, index) {
    const before = this.entries[index]?.view.node ?? null;
    this.entries.splice(index, 0, entry);
    this.list.insertBefore(entry.view.node, before);
  }

  drop(entry) {
    const index = this.entries.indexOf(entry);
    if (index < 0) return;
    this.entries.splice(index, 1);
    this.byId.delete(entry.id);
    entry.view.node.remove();
  }

  /** Days, times and who speaks, said once per group of messages. */
  arrange() {
    const today = wall(this.zone, Date.now()).day;
    let before = null;
    for (const entry of this.entries) {
      const instant = entry.at * 1000;
      const { day } = wall(this.zone, instant);
      const newDay = day !== before?.day;
      const newGroup = newDay || entry.own !== before.own || entry.at - before.at > PAUSE;
      entry.view.frame(newDay ? (day === today ? "Today" : shortDay(day)) : null, newGroup, clock(this.zone, instant));
      before = { day, own: entry.own, at: entry.at };
    }
    this.empty.hidden = this.entries.length > 0;
  }

  /** Scroll to the end, but no further than the top of `entry`, so that long answers are read from their start. */
  reveal(entry) {
    const end = this.scroller.scrollHeight - this.scroller.clientHeight;
    const top = entry.view.node.offsetTop - 12;
    this.scrollTo(Math.max(Math.min(end, top), Math.min(end, this.scroller.scrollTop)), true);
  }

  scrollTo(top, smooth) {
    this.atEnd = top >= this.scroller.scrollHeight - this.scroller.clientHeight - NEAR;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.follow = true;
    this.jump.hidden = true;
    this.scroller.scrollTo({ top, behavior: smooth && !calm ? "smooth" : "instant" });
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const away = scrollHeight - clientHeight - scrollTop;
    this.atEnd = away < NEAR;
    if (this.atEnd) {
      this.follow = true;
      this.jump.hidden = true;
    } else if (scrollTop < this.lastTop - 4) {
      this.follow = false;
    }
    this.lastTop = scrollTop;
  }
}
