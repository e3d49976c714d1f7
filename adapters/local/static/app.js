/** The page: fetch the world, make the columns, keep the chosen people in the address, watch the connection. */

import { makeAccess } from "./access.js";
import { ApiError, getWorld } from "./api.js";
import { Column, initials } from "./column.js";
import { el, errorLine } from "./dom.js";
import { MailBox } from "./mails.js";
import { knownZone } from "./time.js";

const LABELS = ["You are", "Beside you"];
const KEYS = ["you", "beside"];
const PATIENCE = 1_500;

const columns = document.getElementById("columns");
const banner = document.getElementById("banner");
const sides = document.getElementById("switch");

/** People as the rest of the page wants them: with a first name, a zone the browser knows, calendars. */
function polished(person) {
  const first = person.name.split(/\s+/u)[0];
  return { ...person, first, email: person.email ?? "", zone: knownZone(person.zone), calendars: person.calendars ?? [] };
}

class Page {
  constructor(world) {
    this.world = JSON.stringify(world);
    this.people = world.people.map(polished);
    this.box = new MailBox();
    this.lost = new Set();
    this.columns = columns;
    const shown = LABELS.slice(0, Math.min(2, this.people.length));
    this.parts = shown.map((label, side) => new Column(side, label, this));
    this.ids = this.fromHash();
    columns.replaceChildren(...this.parts.map((part) => part.node));
    columns.setAttribute("aria-busy", "false");
    columns.classList.toggle("single", this.parts.length === 1);
    this.programme(world);
    this.makeSwitch();
    makeAccess(this.people, () => this.ids);
    this.parts.forEach((part, side) => part.show(this.person(side), this.person(1 - side)));
    this.box.load();
    this.turn(0);
    window.addEventListener("hashchange", () => this.apply(this.fromHash()));
    // What is on display changes with the width.
    matchMedia("(width < 56rem)").addEventListener("change", () => this.parts.forEach((part) => part.turnTo(part.view)));
  }

  person(side) {
    return this.people.find((person) => person.id === this.ids[side]);
  }

  /** The chosen people: from the address where it names people of this world, else the first ones. */
  fromHash() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const known = KEYS.map((key) => this.people.find((person) => person.id === wanted.get(key))?.id);
    const ids = [];
    for (const side of this.parts.keys()) {
      const other = ids[0] ?? known[1 - side];
      const spare = this.people.find((person) => person.id !== other);
      ids.push(known[side] && known[side] !== ids[0] ? known[side] : spare.id);
    }
    return ids;
  }

  /** Put a person on a side; if they stand on the other, the two change places. */
  choose(side, id) {
    const ids = [...this.ids];
    if (ids[1 - side] === id) ids[1 - side] = ids[side];
    ids[side] = id;
    this.apply(ids);
  }

  apply(ids) {
    const before = this.ids;
    this.ids = ids;
    const hash = new URLSearchParams(ids.map((id, side) => [KEYS[side], id]));
    history.replaceState(null, "", `#${hash}`);
    this.parts.forEach((part, side) => {
      if (before[side] !== ids[side]) part.show(this.person(side), this.person(1 - side));
    });
    this.labelSwitch();
  }

  programme({ programme, organisation }) {
    const words = [programme, organisation].filter(Boolean).join(" · ");
    const node = document.getElementById("programme");
    node.hidden = !words;
    node.textContent = words;
  }

  makeSwitch() {
    sides.hidden = this.parts.length < 2;
    sides.replaceChildren(...this.parts.map((_, side) => {
      const button = el("button", { type: "button", "data-side": side });
      button.addEventListener("click", () => this.turn(side));
      return button;
    }));
    this.labelSwitch();
  }

  labelSwitch() {
    for (const button of sides.children) {
      const { name, first } = this.person(Number(button.dataset.side));
      button.replaceChildren(el("span", { className: "avatar", "aria-hidden": "true" }, initials(name)),
        el("span", {}, first), el("b", { className: "badge", hidden: true, "aria-label": "new" }, "•"));
    }
  }

  /** On a narrow page: show one side. */
  turn(side) {
    columns.dataset.shown = side;
    for (const button of sides.children) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.side) === side));
    }
    this.unread(side, false);
  }

  /** A message came for a side; only told when that side is not in view. */
  unread(side, yes) {
    const badge = sides.children[side]?.querySelector(".badge");
    if (badge) badge.hidden = !yes || Number(columns.dataset.shown) === side;
  }

  /** A live connection stands or is lost; short gaps are not worth a word. */
  connected(side, yes) {
    const was = this.lost.size > 0;
    if (yes) this.lost.delete(side);
    else this.lost.add(side);
    const is = this.lost.size > 0;
    if (was === is) return;
    clearTimeout(this.bannerTimer);
    if (is) {
      this.bannerTimer = setTimeout(() => this.say("Connection lost. Trying to reconnect…", "lost"), PATIENCE);
    } else if (!banner.hidden) {
      this.say("Connected again.", "back");
      this.bannerTimer = setTimeout(() => { banner.hidden = true; }, 2_500);
      this.compareWorld();
    }
  }

  say(text, kind) {
    banner.className = `banner ${kind}`;
    banner.textContent = text;
    banner.hidden = false;
  }

  /** After a restart the server may have other people and passwords: then begin anew. */
  async compareWorld() {
    const world = await getWorld().catch(() => null);
    if (world && JSON.stringify(world) !== this.world) location.reload();
  }
}

async function start() {
  try {
    const world = await getWorld();
    if (world.people.length === 0) throw new ApiError("Nobody is here yet.");
    const page = new Page(world);
    page.apply(page.ids);
  } catch (problem) {
    const line = errorLine(problem.message, start);
    columns.replaceChildren(el("div", { className: "starting" }, line));
    columns.setAttribute("aria-busy", "false");
    const again = setTimeout(() => line.isConnected && start(), 3_000);
    line.addEventListener("click", () => clearTimeout(again));
  }
}

start();
