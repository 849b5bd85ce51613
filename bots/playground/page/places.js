// The side of the workspace: which channels, rooms and direct messages there are, and how many messages in each are new.

import { avatar, element, keepList } from "./dom.js";
import { icon } from "./icons.js";
import { currentLanguage, t } from "./texts.js";

/** placesOf gives each channel with its kind (public, private, direct), its title and the sign before it. */
export function placesOf(slack, workspace) {
  return (slack.channels ?? []).map((channel) => {
    const kind = channel.dm_with ? "direct" : channel.private ? "private" : "public";
    const other = channel.dm_with && ((slack.members ?? []).find((member) => member.id === channel.dm_with)?.name ?? workspace.botName());
    return { channel, kind, title: kind === "direct" ? other : channel.name, sign: kind === "public" ? "# " : "" };
  });
}

// unreadIn counts the messages of a channel after the last one seen. Replies and updates do not move.
function unreadIn(workspace, channel) {
  const seen = workspace.seen.get(channel.id) ?? "";
  return (channel.messages ?? []).filter((message) => message.ts > seen && message.user !== workspace.me).length;
}

/** sidebar draws the places into nav. */
export function sidebar(nav, workspace) {
  const groups = [
    ["slack.apps", []],
    ["slack.channels", workspace.places.filter((place) => place.kind === "public")],
    ["slack.rooms", workspace.places.filter((place) => place.kind === "private")],
    ["slack.direct", workspace.places.filter((place) => place.kind === "direct")],
  ];
  const entries = [{ key: "team", version: workspace.state.slack.team, build: () => element("p", { class: "team" }, workspace.state.slack.team) }];
  for (const [heading, places] of groups) {
    const isApp = heading === "slack.apps";
    if (!isApp && !places.length) continue;
    entries.push({ key: heading, version: currentLanguage(), build: () => element("h3", {}, t(heading)) });
    if (isApp) entries.push(item(workspace, "home", workspace.botName(), icon("home"), 0, false));
    for (const { channel, kind, title } of places) {
      const sign = kind === "public" ? element("span", { class: "hash", "aria-hidden": "true" }, "#") : kind === "private" ? icon("lock") : avatar(title, "small");
      entries.push(item(workspace, channel.id, title, sign, unreadIn(workspace, channel), channel.archived, kind));
    }
  }
  keepList(nav, entries);
}

function item(workspace, id, title, sign, unread, archived, kind = "app") {
  const isOpen = workspace.open === id;
  return {
    key: id, version: JSON.stringify([title, isOpen, unread, archived, currentLanguage()]),
    build: () => element("button", {
      type: "button", class: `place-item${archived ? " archived" : ""}`, "data-test": "slack-channel", "data-name": id === "home" ? "home" : title, "data-id": id, "data-kind": kind,
      "data-focus": `place-${id}`, "aria-current": isOpen ? "page" : undefined, title,
      on: { click: () => workspace.goTo(id) },
    },
    sign, element("span", { class: "place-title", dir: "auto" }, id === "home" ? t("slack.home") : title),
    kind === "private" && element("span", { class: "unseen" }, ` (${t("slack.private")})`),
    unread > 0 && element("span", { class: "unread" }, element("span", { "aria-hidden": "true" }, unread > 99 ? "99+" : String(unread)), element("span", { class: "unseen" }, t("slack.unread", { count: unread })))),
  };
}
