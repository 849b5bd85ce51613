// The messages of a channel, a room or a direct conversation, as entries for keepList.

import { avatar, element } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { dayKey, dayOf, timeOf } from "./dates.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { messageMenu, roleOf } from "./people.js";
import { currentLanguage, sizeOf, t } from "./texts.js";

// Messages of one person within this many milliseconds stand together under one name.
const together = 300000;

/** messageEntries lists a line per day and an entry per message. */
export function messageEntries(workspace, channel) {
  const entries = [];
  let day = "";
  let previous = null;
  for (const message of inThreads(channel.messages ?? [])) {
    const key = dayKey(message.at);
    if (key !== day) {
      entries.push({ key: `${channel.id} ${key}`, version: currentLanguage(), build: () => element("div", { class: "day" }, element("span", {}, dayOf(message.at))) });
      previous = null;
    }
    day = key;
    entries.push(entry(workspace, channel, message, follows(previous, message)));
    previous = message;
  }
  if (!entries.length) entries.push({ key: `${channel.id} empty`, version: currentLanguage(), build: () => element("p", { class: "nothing" }, t("slack.empty")) });
  return entries;
}

function follows(previous, message) {
  if (!previous || previous.user !== message.user || previous.ephemeral || message.ephemeral || message.pinned) return false;
  return Date.parse(message.at) - Date.parse(previous.at) < together;
}

// Answers in a thread stand directly under what they answer.
function inThreads(messages) {
  const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts && messages.some((other) => other.ts === message.thread_ts);
  return messages.filter((message) => !isReply(message)).flatMap((message) => [message, ...messages.filter((reply) => isReply(reply) && reply.thread_ts === message.ts)]);
}

function entry(workspace, channel, message, joined) {
  const key = `${channel.id}/${message.ts}`;
  return {
    key, version: JSON.stringify([message, joined, currentLanguage(), workspace.listVersion()]),
    build: () => draw(workspace, channel, message, joined, key),
  };
}

function draw(workspace, channel, message, joined, key) {
  const names = workspace.names();
  const name = names.member(message.user) || message.user;
  const member = workspace.lists.members.find(({ id }) => id === message.user);
  const role = member && roleOf(member);
  const isReply = message.thread_ts && message.thread_ts !== message.ts;
  const setting = workspace.setting({
    form: workspace.formOf(key), prefix: key, where: { channel: channel.id, ts: message.ts }, blocks: message.blocks, redraw: () => workspace.renderAgain(key),
  });
  const classes = ["slack-message", joined && "follows", message.ephemeral && "ephemeral", isReply && "reply"];
  const marks = [message.ephemeral && [icon("eye"), t("slack.only-you")], message.pinned && [icon("pin"), t("slack.pinned")], isReply && [t("slack.reply")]];
  return element("div", {
    class: classes.filter(Boolean).join(" "), "data-test": "slack-message", "data-ts": message.ts, "data-ephemeral": message.ephemeral ? "true" : undefined,
  },
  avatar(name, member ? "" : "app"),
  element("div", { class: "slack-words" },
    marks.filter(Boolean).map((mark) => element("p", { class: "mark" }, mark)),
    element("p", { class: "who" }, element("strong", { dir: "auto" }, name), !member && element("span", { class: "badge" }, t("slack.app")), role && element("span", { class: "role" }, role), element("time", { datetime: message.at }, timeOf(message.at))),
    messageMenu(workspace, channel, message),
    message.blocks?.length ? drawBlocks(message.blocks, setting) : element("div", { class: "text" }, mrkdwn(message.text, names)),
    message.edited && element("small", { class: "edited" }, `(${t("slack.edited")})`),
    message.files?.length && element("ul", { class: "file-list" }, message.files.map(sharedFile))));
}

// A file that was shared opens in a tab of its own.
function sharedFile(file) {
  return element("li", {}, icon("file"), element("a", { href: file.url, target: "_blank", rel: "noopener", dir: "auto", "data-test": "slack-shared-file" }, file.name), element("small", {}, sizeOf(file.size ?? 0)));
}
