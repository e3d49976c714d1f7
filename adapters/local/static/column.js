/** One person's column: who it is, their chat, their calendar, their mails, their live connection. */

import { Chat } from "./chat.js";
import { fromTemplate, uniqueId } from "./dom.js";
import { Mails } from "./mails.js";
import { makeSplitter } from "./splitter.js";
import { openStream } from "./stream.js";
import { suggestionsFor } from "./suggestions.js";
import { clock, zoneWords } from "./time.js";
import { Week } from "./week.js";

/** The first letters of a name, for the coloured circle. */
export function initials(name) {
  return name.split(/\s+/u).map((word) => word[0] ?? "").slice(0, 2).join("").toUpperCase();
}

/**
 * A column of the page. `shared` has the world's `people`, the mail `box`, the `columns` element, and the
 * functions `choose(side, personId)`, `connected(side, yes)` and `unread(side, yes)`.
 */
export class Column {
  constructor(side, label, shared) {
    this.side = side;
    this.shared = shared;
    this.view = "chat";
    this.below = "calendar";
    this.node = fromTemplate("column-template").firstElementChild;
    this.node.dataset.side = side;
    this.picker = this.node.querySelector("select");
    this.picker.id = uniqueId("person");
    const words = this.node.querySelector("label");
    words.htmlFor = this.picker.id;
    words.textContent = label;
    this.picker.append(...shared.people.map((person) => new Option(person.name, person.id)));
    this.picker.addEventListener("change", () => shared.choose(side, this.picker.value));
    setInterval(() => this.person && this.facts(), 20_000);
  }

  /** Show a person; everything of the one before is stopped and taken away. */
  show(person, beside) {
    this.stop?.abort();
    this.stop = new AbortController();
    this.person = person;
    const { signal } = this.stop;
    const body = this.node.querySelector(".body");
    body.replaceChildren(fromTemplate("body-template"));
    body.dataset.below = this.below;
    this.picker.value = person.id;
    this.node.querySelector("h2").textContent = person.name;
    this.node.querySelector(".avatar").textContent = initials(person.name);
    this.facts();

    const part = (name) => body.querySelector(`section[data-view=${name}]`);
    const chat = part("chat");
    chat.setAttribute("aria-label", `Chat of ${person.name} with Tandem`);
    this.chat = new Chat(chat, person, suggestionsFor(person, beside, this.shared.people), signal);
    this.week = new Week(part("calendar"), person, signal);
    this.mails = new Mails(part("mails"), person, this.shared.box, (count) => this.badge("mails", count), signal);
    makeSplitter(body.querySelector(".splitter"), body, this.shared.columns, signal);
    for (const tab of body.querySelectorAll("[data-show]")) {
      tab.addEventListener("click", () => this.turnTo(tab.dataset.show), { signal });
    }
    this.turnTo(this.view);
    this.chat.load();
    this.week.load();
    this.listen(signal);
  }

  listen(signal) {
    const on = {
      message: (message) => {
        this.chat.receive(message);
        if (!message.own) this.shared.unread(this.side, true);
        if (!message.own && this.narrow() && this.view !== "chat") this.badge("chat", "•");
      },
      progress: ({ text }) => this.chat.progress(text ?? ""),
      mail: () => this.shared.box.changed(),
      calendar: () => {
        this.week.changed();
        if (!this.visible("calendar")) this.badge("calendar", "•");
      },
      resume: (first) => {
        this.chat.load(); // also at first: what came between the first fetch and the connection
        if (first) return;
        this.week.changed();
        this.shared.box.changed();
      },
    };
    openStream(this.person.id, on, (yes) => this.shared.connected(this.side, yes), signal);
  }

  /** Whether the page is narrow, so that only one part is shown. */
  narrow() {
    return matchMedia("(width < 56rem)").matches;
  }

  visible(view) {
    return this.narrow() ? this.view === view : view === "chat" || this.below === view;
  }

  turnTo(view) {
    this.view = view;
    if (view !== "chat") this.below = view;
    const body = this.node.querySelector(".body");
    body.dataset.view = view;
    body.dataset.below = this.below;
    for (const tab of body.querySelectorAll("[data-show]")) {
      const name = tab.dataset.show;
      tab.setAttribute("aria-pressed", String(this.visible(name)));
      if (this.visible(name) && name !== "mails") this.badge(name, 0);
    }
    this.mails.look(this.visible("mails"));
    this.week.appear();
  }

  badge(view, count) {
    const badge = this.node.querySelector(`[data-show=${view}] .badge`);
    badge.hidden = !count;
    badge.textContent = count || "";
    if (count) badge.setAttribute("aria-label", "new");
  }

  facts() {
    const { role, zone } = this.person;
    const { city, short } = zoneWords(zone, Date.now());
    const time = `${clock(zone, Date.now())} in ${city}${short === city ? "" : ` (${short})`}`;
    const calendar = this.person.calendars.length === 0 ? "no calendar connected" : null;
    const words = [role, time, calendar].filter(Boolean).join(" · ");
    this.node.querySelector(".who-facts").textContent = words;
  }
}
