// Slack's two ways of writing text, mrkdwn and rich text, as DOM nodes.

import { element } from "./dom.js";
import { slackDate } from "./dates.js";

const emoji = {
  wave: "👋", eyes: "👀", bell: "🔔", lock: "🔒", unlock: "🔓", key: "🔑", warning: "⚠️", memo: "📝", pencil: "📝", pencil2: "✏️", clipboard: "📋", card_index: "📇",
  calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️", hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", clock3: "🕒", stopwatch: "⏱️",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", no_entry: "⛔", no_entry_sign: "🚫", question: "❓", exclamation: "❗",
  information_source: "ℹ️", bulb: "💡", mailbox: "📫", email: "📧", envelope: "✉️", incoming_envelope: "📨", phone: "☎️", telephone: "☎️", telephone_receiver: "📞",
  speech_balloon: "💬", left_speech_bubble: "🗨️", ear: "👂", raising_hand: "🙋", bust_in_silhouette: "👤", busts_in_silhouette: "👥", handshake: "🤝",
  file_folder: "📁", open_file_folder: "📂", file_cabinet: "🗄️", page_facing_up: "📄", paperclip: "📎", link: "🔗", mag: "🔍", pushpin: "📌", round_pushpin: "📍",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫",
  arrow_right: "➡️", arrow_left: "⬅️", rocket: "🚀", tada: "🎉", pray: "🙏", "+1": "👍", thumbsup: "👍", "-1": "👎", heart: "❤️", smile: "😄", slightly_smiling_face: "🙂",
  robot_face: "🤖", scales: "⚖️", house: "🏠", bar_chart: "📊", chart_with_upwards_trend: "📈", hammer_and_wrench: "🛠️", gear: "⚙️", zzz: "💤", see_no_evil: "🙈", shield: "🛡️",
};

// shortcodes turns :names: that we know into the character; others stay as they were typed.
const shortcodes = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji[name] ?? whole);

const unescape = (text) => text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);

/** mrkdwn gives the nodes for a text in Slack's mark-up. names answers member(id) and channel(id), and goTo(id) opens a channel. */
export function mrkdwn(text, names) {
  const nodes = [];
  String(text ?? "").split(/```\n?/).forEach((part, index, parts) => {
    const closed = index < parts.length - 1;
    if (index % 2 === 1 && closed) nodes.push(element("pre", {}, unescape(part.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, link, label) => label ?? link))));
    else if (part) nodes.push(...quoted(index % 2 === 1 ? `\`\`\`${part}` : part, names));
  });
  return nodes;
}

// Lines that begin with > are a quotation; the others stay together as they were.
function quoted(text, names) {
  const nodes = [];
  let group = [];
  let inQuote = false;
  const flush = () => {
    if (!group.length) return;
    const words = inline(group.join("\n"), names);
    nodes.push(element(inQuote ? "blockquote" : "span", { dir: "auto" }, words));
    group = [];
  };
  for (const line of text.split("\n")) {
    const quote = line.match(/^(?:&gt;|>)\s?(.*)$/s);
    if (Boolean(quote) !== inQuote) {
      flush();
      inQuote = Boolean(quote);
    }
    group.push(quote ? quote[1] : line);
  }
  flush();
  return nodes;
}

const marks = [
  { find: /<([^<>\n]+)>/u, make: (match, names) => token(match[1], names) },
  { find: /`([^`\n]+)`/u, make: (match) => element("code", {}, unescape(match[1])) },
  { find: around("*"), make: (match, names) => element("strong", {}, inline(match[1], names)) },
  { find: around("_"), make: (match, names) => element("em", {}, inline(match[1], names)) },
  { find: around("~"), make: (match, names) => element("s", {}, inline(match[1], names)) },
];

// A mark counts only with a space or a sign before and after it, and words against it on the inside.
function around(sign) {
  const mark = sign === "*" ? "\\*" : sign;
  return new RegExp(`(?<![\\p{L}\\p{N}${mark}])${mark}(?=\\S)([^${mark}\\n]*[^${mark}\\s])${mark}(?![\\p{L}\\p{N}${mark}])`, "u");
}

function inline(text, names) {
  const nodes = [];
  let rest = text;
  while (rest) {
    let first = null;
    for (const mark of marks) {
      const match = rest.match(mark.find);
      if (match && (!first || match.index < first.match.index)) first = { mark, match };
    }
    if (!first) break;
    if (first.match.index) nodes.push(shortcodes(unescape(rest.slice(0, first.match.index))));
    nodes.push(first.mark.make(first.match, names));
    rest = rest.slice(first.match.index + first.match[0].length);
  }
  if (rest) nodes.push(shortcodes(unescape(rest)));
  return nodes;
}

function token(content, names) {
  const [target, ...after] = content.split("|");
  const label = after.length ? unescape(after.join("|")) : "";
  const id = target.slice(1);
  if (target.startsWith("@")) return mention(`@${names.member(id) || label || id}`);
  if (target.startsWith("#")) return channel(id, label, names);
  if (target.startsWith("!date^")) {
    const [, seconds, pattern, address] = target.split("^");
    const time = element("time", { datetime: new Date(Number(seconds) * 1000 || 0).toISOString() }, slackDate(seconds, pattern ?? "{date}"));
    return address ? link(address, time) : time;
  }
  if (target.startsWith("!subteam^")) return mention(label || `@${target.split("^")[1]}`);
  if (target.startsWith("!")) return mention(`@${label || id}`);
  return link(unescape(target), label || unescape(target).replace(/^(mailto|tel):/, ""));
}

const mention = (text) => element("span", { class: "mention", dir: "auto" }, text);

function channel(id, label, names) {
  const name = names.channel(id) || label;
  if (!names.channel(id)) return mention(name ? `#${name}` : "#…");
  return element("button", { type: "button", class: "mention", dir: "auto", on: { click: () => names.goTo(id) } }, `#${name}`);
}

/** link makes a link that leaves nothing behind; an address that is not http, mail or telephone stays text. */
export function link(address, ...label) {
  if (!/^(https?:|mailto:|tel:)/i.test(address)) return element("span", {}, ...label);
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...label);
}

/** plain gives the text of a plain_text object. */
export const plain = (text) => (text?.emoji === false ? text.text : shortcodes(text?.text ?? ""));

/** textObject shows a plain_text or mrkdwn object. */
export function textObject(object, names) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, names) : [element("span", { dir: "auto" }, plain(object))];
}

/** richText gives the nodes of a rich_text block's elements. */
export function richText(elements, names) {
  return (elements ?? []).map((part) => {
    const children = () => (part.elements ?? []).map((piece) => richPiece(piece, names));
    switch (part.type) {
      case "rich_text_list":
        return element(part.style === "ordered" ? "ol" : "ul", { class: `indent-${Math.min(part.indent ?? 0, 5)}`, start: part.offset ? part.offset + 1 : undefined },
          (part.elements ?? []).map((item) => element("li", { dir: "auto" }, (item.elements ?? []).map((piece) => richPiece(piece, names)))));
      case "rich_text_quote":
        return element("blockquote", { dir: "auto" }, children());
      case "rich_text_preformatted":
        return element("pre", {}, children());
      default:
        return element("div", { class: "rich", dir: "auto" }, children());
    }
  });
}

function richPiece(piece, names) {
  const { style = {} } = piece;
  let node = richCore(piece, names);
  if (style.code) node = element("code", {}, node);
  if (style.bold) node = element("strong", {}, node);
  if (style.italic) node = element("em", {}, node);
  if (style.strike) node = element("s", {}, node);
  return node;
}

function richCore(piece, names) {
  switch (piece.type) {
    case "text": return piece.text ?? "";
    case "link": return link(piece.url ?? "", piece.text || piece.url || "");
    case "user": return mention(`@${names.member(piece.user_id) || piece.user_id}`);
    case "channel": return channel(piece.channel_id, "", names);
    case "usergroup": return mention(`@${piece.usergroup_id}`);
    case "broadcast": return mention(`@${piece.range}`);
    case "date": return element("time", {}, slackDate(piece.timestamp, piece.format ?? "{date}"));
    case "emoji": return emoji[piece.name] ?? (piece.unicode ? String.fromCodePoint(...piece.unicode.split("-").map((code) => parseInt(code, 16))) : `:${piece.name}:`);
    case "color": return element("code", {}, piece.value ?? "");
    default: return piece.text ?? "";
  }
}
