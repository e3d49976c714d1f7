/** Message text to nodes: *bold* and http(s) links; everything else stays the text it is. */

import { el } from "./dom.js";

const TOKEN = /(https?:\/\/[^\s<>"]+)|(?<![\w*])\*(\S|\S[^*\n]*\S)\*(?![\w*])/gu;
const TRAILING = /[.,;:!?'"*_\]}]+$/u;

/** Split the punctuation of the sentence off the end of an address; a closing bracket stays if it was opened. */
function trimAddress(raw) {
  let address = raw.replace(TRAILING, "");
  while (address.endsWith(")") && address.split(")").length > address.split("(").length) {
    address = address.slice(0, -1).replace(TRAILING, "");
  }
  return address;
}

/** The link for an address, or null when it is none that may be followed. */
function link(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, address);
}

/** Nodes for a text with line breaks kept (the element they go into has `white-space: pre-wrap`). */
export function rich(text) {
  const source = String(text ?? "");
  const nodes = [];
  let done = 0;
  for (const match of source.matchAll(TOKEN)) {
    const [whole, address, bold] = match;
    const taken = address ? trimAddress(address) : whole;
    const node = address ? link(taken) : el("strong", {}, ...rich(bold));
    if (!node) continue;
    nodes.push(source.slice(done, match.index), node);
    done = match.index + taken.length;
  }
  nodes.push(source.slice(done));
  return nodes.filter((node) => node !== "");
}

/** The same text without the marks, for places that only take plain words. */
export function plain(text) {
  return rich(text).map((node) => (typeof node === "string" ? node : node.textContent)).join("");
}
