// The text of a chat message with Telegram's entities (counted in UTF-16 units, as JavaScript counts), and with commands and addresses one can press.

import { element } from "./dom.js";
import { link } from "./mrkdwn.js";

const tags = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote" };

/** chatText gives the nodes for a text; onCommand is called with "/status" when someone presses one. */
export function chatText(text, entities, onCommand) {
  const marked = (entities ?? []).filter((entity) => tags[entity.type] || entity.type === "text_link");
  return nest(text, 0, text.length, [...marked].sort((a, b) => a.offset - b.offset || b.length - a.length), onCommand);
}

function nest(text, from, to, entities, onCommand) {
  const nodes = [];
  let at = from;
  while (entities.length && entities[0].offset < to) {
    const entity = entities.shift();
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset > at) nodes.push(...pressable(text.slice(at, entity.offset), onCommand));
    const inner = nest(text, Math.max(at, entity.offset), end, entities, onCommand);
    nodes.push(entity.type === "text_link" ? link(entity.url ?? "", ...inner) : element(tags[entity.type], {}, inner));
    at = end;
  }
  if (at < to) nodes.push(...pressable(text.slice(at, to), onCommand));
  return nodes;
}

// Addresses and commands are found by their look, as Telegram does.
const found = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])|(?<![\p{L}\p{N}/_])(\/[a-z][a-z0-9_]{1,31})(?![\p{L}\p{N}/_])/gu;

function pressable(text, onCommand) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(found)) {
    if (match.index > at) nodes.push(text.slice(at, match.index));
    const [whole, address] = match;
    nodes.push(address ? link(address, address) : element("button", { type: "button", class: "command", dir: "ltr", on: { click: () => onCommand(whole) } }, whole));
    at = match.index + whole.length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}
