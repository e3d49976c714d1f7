/** The chat of one person: loading, writing, pressing buttons, sending files, and what is said meanwhile. */

import { getInbox, postAction, postFile, postMessage } from "./api.js";
import { el, errorLine } from "./dom.js";
import { Log } from "./log.js";

const LARGEST_FILE = 1_000_000;

/** The chat in `root` (the .chat section) for a person of the world, until `signal` is aborted. */
export class Chat {
  constructor(root, person, suggestions, signal) {
    this.root = root;
    this.person = person;
    this.signal = signal;
    this.turns = 0;
    this.typing = root.querySelector(".typing");
    this.typingText = root.querySelector(".typing-text");
    this.form = root.querySelector(".composer");
    this.box = root.querySelector("textarea");
    this.log = new Log(root, person.zone, (action, values) => this.press(action, values), signal);
    this.compose();
    this.suggest(suggestions);
    this.attach();
  }

  /** Fetch the whole chat; used at the start and after every gap of the live connection. */
  async load() {
    try {
      const { messages } = await getInbox(this.person.id, this.signal);
      this.loadError?.remove();
      this.log.sync(messages);
    } catch (problem) {
      if (this.signal.aborted) return;
      this.loadError?.remove();
      this.loadError = errorLine(problem.message, () => this.load());
      this.log.list.before(this.loadError);
    }
  }

  /** A message came over the live connection. */
  receive(message) {
    if (message.id !== undefined) this.log.put([message]);
  }

  /** The assistant says what it is doing. */
  progress(text) {
    if (this.turns > 0) this.typingText.textContent = text;
  }

  async send(text) {
    const entry = this.log.addLocal(text);
    await this.turn(() => postMessage(this.person.id, text), () => this.send(text), entry);
  }

  async press(action, values) {
    return this.turn(() => postAction(this.person.id, action.id, values), () => this.press(action, values));
  }

  async upload(file) {
    if (file.size > LARGEST_FILE) {
      this.log.fail(`${file.name} is larger than 1 MB; please send a smaller file.`, null);
      return;
    }
    const text = await file.text();
    const entry = this.log.addLocal(file.name, file.name);
    await this.turn(() => postFile(this.person.id, file.name, text), () => this.upload(file), entry);
  }

  /** One turn of the assistant; says whether it worked. */
  async turn(work, retry, entry = null) {
    this.busy(+1);
    try {
      const { messages } = await work();
      if (entry) this.log.settle(entry);
      this.log.put(messages ?? []);
      return true;
    } catch (problem) {
      if (!this.signal.aborted) this.log.fail(problem.message, retry, entry);
      return false;
    } finally {
      this.busy(-1);
    }
  }

  busy(change) {
    this.turns += change;
    this.typing.hidden = this.turns === 0;
    if (this.turns === 0 || change > 0) this.typingText.textContent = "";
    if (change > 0 && this.log.follow) this.log.toEnd();
  }

  compose() {
    const { box, form, signal } = this;
    box.placeholder = `Write to Tandem as ${this.person.first}`;
    box.setAttribute("aria-label", `Message to Tandem from ${this.person.name}`);
    box.addEventListener("input", () => this.grow(), { signal });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    }, { signal });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = box.value.trim();
      if (!text) return;
      box.value = "";
      this.grow();
      this.send(text);
    }, { signal });
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  suggest(suggestions) {
    const chips = suggestions.map((text) => {
      const chip = el("button", { type: "button", className: "chip" }, text);
      chip.addEventListener("click", () => this.send(text), { signal: this.signal });
      return chip;
    });
    this.root.querySelector(".chips").replaceChildren(...chips);
  }

  attach() {
    const { signal } = this;
    const picker = this.form.querySelector("input[type=file]");
    this.form.querySelector(".attach").addEventListener("click", () => picker.click(), { signal });
    picker.addEventListener("change", () => {
      if (picker.files.length > 0) this.upload(picker.files[0]);
      picker.value = "";
    }, { signal });
  }
}
