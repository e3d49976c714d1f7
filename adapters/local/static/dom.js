/** Small helpers to build the page. Text from the server only ever goes in as text nodes. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. `props` are properties (`className`, `type`, `onclick`, ...); names with a dash
 * (`aria-label`, `data-id`) and `role`, `for`, `scope` become attributes; null and undefined are left out.
 * Children are nodes or strings.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined) continue;
    if (name.includes("-") || ["role", "for", "scope"].includes(name)) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** An icon of the sprite in index.html; decoration only, the meaning is always in words beside it. */
export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A copy of the content of a <template>. */
export function fromTemplate(id) {
  return document.getElementById(id).content.cloneNode(true);
}

/** A quiet line that says what went wrong, with a button to try again. */
export function errorLine(text, retry) {
  const line = el("div", { className: "error-line", role: "alert" }, el("span", {}, text));
  if (retry) {
    const button = el("button", { type: "button", className: "button small" }, "Try again");
    button.addEventListener("click", () => {
      line.remove();
      retry();
    });
    line.append(button);
  }
  return line;
}

/** Call `work` once, `ms` after the last of several calls; nothing happens once `signal` is aborted. */
export function debounce(ms, signal, work) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => signal.aborted || work(), ms);
  };
}

let nextId = 0;

/** An id that is unique in the page, to tie labels to their fields. */
export function uniqueId(prefix) {
  nextId += 1;
  return `${prefix}-${nextId}`;
}
