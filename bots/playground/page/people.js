// What a member can do in the workspace apart from the app: its people, who is in a channel, and the shortcuts on a message.

import { element } from "./dom.js";
import { icon } from "./icons.js";
import { menuButton } from "./popup.js";
import { currentLanguage, known, t } from "./texts.js";

/** roleOf says in words what somebody is in the committee, or nothing for who is just a member. */
export function roleOf(member) {
  const roles = [member.role, ...(member.groups ?? []).map((group) => groupRoles[group] ?? `@${group}`)].filter((role) => role && role !== "member");
  return [...new Set(roles)].map((role) => known(`slack.role-${role}`, role)).join(", ");
}

// What being in a user group of the demo amounts to.
const groupRoles = { klachtenvertegenwoordigers: "representative" };

/** labelOf is a member as a list names them. */
export function labelOf(member) {
  const role = roleOf(member) || known(`slack.role-${member.role}`, member.role);
  return [member.name, role, member.deleted && t("slack.gone")].filter(Boolean).join(" · ");
}

/** peopleMenu is the menu beside the choice of a member: it changes the people of the workspace. */
export function peopleMenu(workspace) {
  return menuButton({
    label: t("people.menu"), content: icon("more"), className: "icon-button", test: "people-menu", items: () => {
      const me = workspace.lists.members.find((member) => member.id === workspace.me);
      if (!me) return [];
      const people = (body) => workspace.page.act("slack/people", { member: me.id, ...body });
      return [
        { label: t("people.rename", { name: me.name }), test: "people-rename", choose: () => rename(workspace, me, people) },
        me.deleted
          ? { label: t("people.reactivate", { name: me.name }), test: "people-reactivate", choose: () => people({ do: "reactivate" }) }
          : { label: t("people.deactivate", { name: me.name }), test: "people-deactivate", choose: () => people({ do: "deactivate" }) },
        null,
        { label: t("people.add"), test: "people-add", choose: () => add(workspace, people) },
      ];
    },
  });
}

async function rename(workspace, me, people) {
  const given = await ask(workspace.place, { title: t("people.rename", { name: me.name }), fields: [{ name: "name", label: t("people.name"), value: me.name }], yes: t("people.do-rename") });
  if (given) people({ do: "rename", name: given.name });
}

async function add(workspace, people) {
  const given = await ask(workspace.place, {
    title: t("people.add"), yes: t("people.do-add"), hint: t("people.invented"),
    fields: [
      { name: "name", label: t("people.name"), value: "" },
      { name: "locale", label: t("people.language"), value: currentLanguage() === "nl" ? "nl-NL" : "en-GB", choices: [["nl-NL", "Nederlands"], ["en-GB", "English"]] },
    ],
  });
  if (given) people({ do: "add", ...given });
}

/** channelMenu is the menu of a channel or a room: who is in it, the app among them, and what it is called. */
export function channelMenu(workspace, { channel, kind, title }) {
  if (kind === "direct" || !channel.members.includes(workspace.me)) return null;
  const act = (body) => workspace.page.act("slack/channel", { member: workspace.me, channel: channel.id, ...body });
  const inside = (member) => channel.members.includes(member.id);
  const choose = async (what, list, body) => {
    const given = await ask(workspace.place, {
      title: t(`channel.${what}`), yes: t(`channel.do-${what}`), fields: [{ name: "user", label: t("people.who"), choices: list.map((member) => [member.id, labelOf(member)]) }],
    });
    if (given) act({ ...body, ...given });
  };
  return menuButton({
    label: t("channel.menu", { place: title }), content: icon("more"), className: "icon-button", test: "channel-menu", items: () => {
      const { members } = workspace.lists;
      const absent = members.filter((member) => !inside(member) && !member.deleted);
      const app = workspace.botName();
      return [
        { label: t("channel.invite"), test: "channel-invite", disabled: channel.archived || !absent.length, choose: () => choose("invite", absent, { do: "invite" }) },
        { label: t("channel.remove"), test: "channel-remove", disabled: channel.archived, choose: () => choose("remove", members.filter(inside), { do: "remove" }) },
        channel.bot
          ? { label: t("channel.remove-app", { app }), test: "channel-remove-app", disabled: channel.archived, choose: () => act({ do: "remove", user: "bot" }) }
          : { label: t("channel.invite-app", { app }), test: "channel-invite-app", disabled: channel.archived, choose: () => act({ do: "invite", user: "bot" }) },
        null,
        { label: t("channel.rename"), test: "channel-rename", disabled: channel.archived, choose: () => renameChannel(workspace, channel, act) },
        channel.archived
          ? { label: t("channel.unarchive"), test: "channel-unarchive", choose: () => act({ do: "unarchive" }) }
          : { label: t("channel.archive"), test: "channel-archive", choose: () => act({ do: "archive" }) },
        { label: t("channel.delete"), test: "channel-delete", choose: () => remove(workspace, title, act) },
      ];
    },
  });
}

async function renameChannel(workspace, channel, act) {
  const given = await ask(workspace.place, { title: t("channel.rename"), yes: t("people.do-rename"), fields: [{ name: "name", label: t("people.name"), value: channel.name }] });
  if (given) act({ do: "rename", ...given });
}

async function remove(workspace, title, act) {
  if (await ask(workspace.place, { title: t("channel.delete"), hint: t("channel.delete-hint", { place: title }), yes: t("channel.do-delete"), danger: true, fields: [] })) act({ do: "delete" });
}

/** messageMenu is the menu of a message: the shortcuts that the app offers there. */
export function messageMenu(workspace, channel, message) {
  const shortcuts = workspace.state.slack.shortcuts ?? [];
  if (message.ephemeral || !shortcuts.length) return null;
  return menuButton({
    label: t("slack.message-menu"), content: icon("more"), className: "icon-button message-menu", test: "slack-message-menu", focus: `${channel.id}/${message.ts}/menu`,
    items: () => shortcuts.map(({ callback_id: id, name }) => ({
      label: known(`shortcut.${id}`, name), hint: workspace.botName(), test: "slack-shortcut",
      choose: () => workspace.page.act("slack/shortcut", { member: workspace.me, channel: channel.id, ts: message.ts, callback_id: id }),
    })),
  });
}

/** ask shows a small dialog with fields, and gives what was filled in, or null. */
export function ask(place, { title, hint, fields, yes, danger }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const inputs = fields.map((field) => (field.choices
      ? element("select", { "data-test": `ask-${field.name}` }, field.choices.map(([value, label]) => element("option", { value, selected: value === field.value }, label)))
      : element("input", { type: "text", class: "slack-input", value: field.value, required: true, maxlength: 80, dir: "auto", autocomplete: "off", "data-test": `ask-${field.name}` })));
    const answer = (given) => {
      dialog.close();
      dialog.remove();
      before?.focus?.({ preventScroll: true });
      resolve(given);
    };
    const send = (event) => {
      event.preventDefault();
      answer(Object.fromEntries(fields.map((field, index) => [field.name, inputs[index].value.trim()])));
    };
    const dialog = element("dialog", { class: "confirm", "data-test": "ask", "aria-labelledby": "ask-title", on: { cancel: (event) => { event.preventDefault(); answer(null); } } },
      element("form", { on: { submit: send } },
        element("h3", { id: "ask-title" }, title),
        hint && element("p", { class: "hint" }, hint),
        fields.map((field, index) => element("label", { class: "asked" }, element("span", { class: "label" }, field.label), inputs[index])),
        element("div", { class: "confirm-buttons" },
          element("button", { type: "button", class: "slack-button", "data-test": "ask-no", on: { click: () => answer(null) } }, t("people.cancel")),
          element("button", { type: "submit", class: `slack-button ${danger ? "danger" : "primary"}`, "data-test": "ask-yes" }, yes))));
    place.append(dialog);
    dialog.showModal();
    inputs[0]?.select?.();
  });
}

