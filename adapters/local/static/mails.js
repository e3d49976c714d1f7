/** The mails the assistant sent: one shared box, and the list of one person. */

import { getMails } from "./api.js";
import { debounce, el, errorLine, icon } from "./dom.js";
import { rich } from "./rich.js";
import { clock, shortDay, wall } from "./time.js";

/** All mails, fetched once for both columns. */
export class MailBox {
  constructor() {
    this.mails = [];
    this.problem = null;
    this.listeners = new Set();
    this.changed = debounce(150, new AbortController().signal, () => this.load());
  }

  async load() {
    try {
      this.mails = await getMails();
      this.problem = null;
    } catch (problem) {
      this.problem = problem.message;
    }
    for (const listener of this.listeners) listener();
  }

  /** Call `listener` after every fetch until `signal` is aborted. */
  listen(listener, signal) {
    this.listeners.add(listener);
    signal.addEventListener("abort", () => this.listeners.delete(listener));
  }
}

function addressed(mail, email) {
  const to = [mail.to].flat().join(",").toLowerCase();
  return to.split(/[\s,;<>]+/u).includes(email.toLowerCase());
}

/** The mails of one person in `root`; `fresh(count)` is told how many came since they were last looked at. */
export class Mails {
  constructor(root, person, box, fresh, signal) {
    this.body = root.querySelector(".mails-body");
    this.person = person;
    this.box = box;
    this.fresh = fresh;
    this.seen = null;
    this.looking = false;
    this.open = null;
    box.listen(() => this.draw(), signal);
    this.draw();
  }

  /** Whether the person beside the page can see the list now. */
  look(looking) {
    this.looking = looking;
    this.count();
  }

  own() {
    return this.box.mails.filter((mail) => addressed(mail, this.person.email)).reverse();
  }

  count() {
    const ids = this.own().map((mail) => mail.id);
    if (this.seen === null || this.looking) this.seen = new Set(ids);
    this.fresh(ids.filter((id) => !this.seen.has(id)).length);
  }

  draw() {
    const loaded = this.box.mails.length > 0 || this.box.problem === null;
    if (loaded && this.open === null) this.list();
    if (!loaded) this.body.replaceChildren(errorLine(this.box.problem, () => this.box.load()));
    this.count();
  }

  list(focus = null) {
    const mails = this.own();
    const words = `No mails to ${this.person.first} yet. Invitations and confirmations will appear here.`;
    const rows = mails.map((mail) => this.row(mail));
    const list = mails.length > 0 ? el("ul", { className: "mail-list" }, ...rows) : el("p", { className: "none" }, words);
    const active = this.body.contains(document.activeElement) ? document.activeElement.dataset.mail : focus;
    this.body.replaceChildren(list);
    if (active) this.body.querySelector(`[data-mail="${CSS.escape(active)}"]`)?.focus();
  }

  row(mail) {
    const button = el("button", { type: "button", className: "mail-row", "data-mail": mail.id },
      el("span", { className: "mail-subject" }, mail.subject || "(no subject)"),
      mail.ics ? el("span", { className: "tag" }, methodOf(mail.ics)) : null,
      el("span", { className: "mail-time" }, sentAt(mail, this.person.zone)),
      el("span", { className: "mail-start" }, firstLine(mail.text)));
    button.addEventListener("click", () => this.read(mail));
    return el("li", {}, button);
  }

  read(mail) {
    this.open = mail.id;
    const back = el("button", { type: "button", className: "button quiet small" }, icon("left"), "All mails");
    back.addEventListener("click", () => {
      this.open = null;
      this.list(mail.id);
    });
    const heading = el("h3", { className: "mail-title", tabIndex: -1 }, mail.subject || "(no subject)");
    const facts = [["From", mail.from], ["To", [mail.to].flat().join(", ")], ["Sent", sentAt(mail, this.person.zone)]];
    const head = el("dl", { className: "mail-head" }, ...facts.filter(([, value]) => value)
      .map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
    const text = el("div", { className: "mail-text" }, ...rich(mail.text));
    this.body.replaceChildren(el("article", { className: "mail" }, back, heading, head, text, calendarPart(mail)));
    this.body.scrollTop = 0;
    heading.focus({ preventScroll: true });
  }
}

function methodOf(ics) {
  const method = /^METHOD:(\w+)/imu.exec(ics)?.[1]?.toUpperCase();
  return { REQUEST: "invitation", CANCEL: "cancellation", PUBLISH: "calendar file" }[method] ?? "calendar file";
}

function calendarPart(mail) {
  if (!mail.ics) return null;
  const text = el("pre", { tabIndex: 0, role: "group", "aria-label": "Calendar file" }, mail.ics.replaceAll("\r\n", "\n"));
  return el("details", { className: "ics" }, el("summary", {}, `Attached: ${methodOf(mail.ics)} (.ics)`), text);
}

function sentAt(mail, zone) {
  if (typeof mail.at !== "number") return "";
  const instant = mail.at * 1000;
  const { day } = wall(zone, instant);
  const today = wall(zone, Date.now()).day;
  return day === today ? clock(zone, instant) : `${shortDay(day)} ${clock(zone, instant)}`;
}

function firstLine(text) {
  return String(text ?? "").split("\n").map((line) => line.trim()).filter(Boolean).slice(0, 2).join(" ");
}
