// The complainant's telephone: one chat with the bot, for the invented person that is chosen.

import { avatar, clear, element, grow, keepList, stayAtEnd } from "./dom.js";
import { icon } from "./icons.js";
import { chatText } from "./chattext.js";
import { dayKey, dayOf, timeOf } from "./dates.js";
import { attachment, Picker } from "./phone-files.js";
import { menuButton, openMenu } from "./popup.js";
import { currentLanguage, t } from "./texts.js";

// How long (ms) a finger stays on a message before its menu opens.
const longPress = 500;

/** Telephone is the left panel. page gives act(path, body), which tells the person of a refusal. */
export class Telephone {
  constructor(place, page) {
    this.place = place;
    this.page = page;
    this.person = null;
    this.editing = null;
    this.drafts = new Map();
    this.toasts = new Map();
    this.picker = new Picker(this);
    this.build();
  }

  build() {
    this.select = element("select", { id: "phone-person", "data-test": "phone-person", on: { change: () => this.choose(Number(this.select.value)) } });
    this.face = element("span", {});
    this.name = element("strong", { class: "bot-name", dir: "auto" });
    this.list = element("div", { class: "chat", role: "log", "aria-live": "polite", "data-test": "phone-list", tabindex: "0" });
    this.toast = element("p", { class: "toast", role: "status", "data-test": "phone-toast", hidden: true });
    this.keyboard = element("div", { class: "reply-keyboard", role: "group", "aria-label": t("phone.keyboard"), hidden: true });
    this.bar = element("div", { class: "phone-bar", hidden: true });
    this.start = element("button", { type: "button", class: "start-button", "data-test": "phone-start", hidden: true, on: { click: () => this.say("/start") } }, t("phone.start"));
    this.unblock = element("button", { type: "button", class: "start-button", "data-test": "phone-unblock", on: { click: () => this.block(false) } }, t("phone.unblock"));
    this.form = this.buildComposer();
    const more = menuButton({ label: t("phone.more"), content: icon("more"), className: "icon-button", test: "phone-more", items: () => this.moreItems() });
    clear(this.place).append(
      element("h2", { class: "panel-title", id: "phone-title" }, icon("telephone"), element("span", { class: "panel-words" }, t("phone.title")),
        element("label", { class: "unseen", for: "phone-person" }, t("phone.person")), this.select),
      element("div", { class: "device" },
        element("header", { class: "chat-head" }, this.face, element("span", { class: "chat-with" }, this.name, element("small", {}, t("phone.bot"))), more),
        element("div", { class: "chat-room" }, this.list, this.toast),
        element("footer", { class: "chat-foot" }, this.bar, this.form, this.start, this.unblock, this.keyboard)),
    );
    this.place.setAttribute("aria-labelledby", "phone-title");
    this.headVersion = "";
    this.menuVersion = "";
    this.keyboardVersion = "";
    this.input.value = this.drafts.get(this.person) ?? "";
    if (this.state) this.render(this.state);
  }

  buildComposer() {
    this.input = element("textarea", {
      rows: 1, "data-test": "phone-input", "aria-label": t("phone.input"), placeholder: t("phone.input-hint"), dir: "auto",
      on: {
        input: () => { grow(this.input); this.drafts.set(this.person, this.input.value); },
        keydown: (event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            this.send();
          } else if (event.key === "Escape" && this.editing) {
            this.stopEditing();
          }
        },
      },
    });
    this.commands = menuButton({ label: t("phone.commands"), content: icon("commands"), className: "icon-button", test: "phone-commands", items: () => this.commandItems() });
    return element("form", { class: "composer", on: { submit: (event) => { event.preventDefault(); this.send(); } } },
      this.commands,
      menuButton({ label: t("phone.attach"), content: icon("attach"), className: "icon-button", test: "phone-attach", items: () => this.picker.items() }),
      this.picker.nodes(),
      this.input,
      element("button", { type: "submit", class: "icon-button strong", "aria-label": t("phone.send"), title: t("phone.send"), "data-test": "phone-send" }, icon("send")));
  }

  commandItems() {
    return (this.chat()?.commands ?? this.state.telegram.bot.commands ?? []).map(({ command, description }) => ({ label: `/${command}`, hint: description, test: "phone-command", choose: () => this.say(`/${command}`) }));
  }

  // What can be done with a message: one's own words can be changed.
  messageItems(message) {
    const mine = message.from === "person" && (message.kind === "text" || (message.file && !["sticker", "video_note"].includes(message.kind)));
    const words = message.text || message.caption;
    return [
      mine && { label: t("phone.edit"), icon: icon("edit"), test: "phone-edit", choose: () => this.edit(message) },
      words && { label: t("phone.copy"), icon: icon("copy"), test: "phone-copy", choose: () => navigator.clipboard?.writeText(words).catch(() => {}) },
    ].filter(Boolean);
  }

  moreItems() {
    const chat = this.chat();
    const speak = (language) => ({
      label: t(`phone.speaks-${language}`), checked: chat?.person.language === language, test: `phone-language-${language}`,
      choose: () => this.page.act("telegram/language", { person: this.person, language }),
    });
    return [speak("nl"), speak("en"), null, { label: t(chat?.blocked ? "phone.unblock" : "phone.block"), test: "phone-block", choose: () => this.block(!chat?.blocked) }];
  }

  chat() {
    return this.state?.telegram.chats.find((chat) => chat.person.id === this.person);
  }

  /** choose takes another person's telephone in hand. */
  choose(person) {
    this.stopEditing();
    this.person = person;
    this.input.value = this.drafts.get(person) ?? "";
    this.show(true);
  }

  /** render shows a new state. */
  render(state) {
    this.state = state;
    const { chats } = state.telegram;
    if (!chats.some((chat) => chat.person.id === this.person)) this.person = (chats.find((chat) => chat.person.language === currentLanguage()) ?? chats[0])?.person.id ?? null;
    keepList(this.select, chats.map(({ person }) => ({ key: person.id, version: person.name, build: () => element("option", { value: person.id }, person.name) })));
    this.select.value = String(this.person);
    this.show();
  }

  show(moved = false) {
    const chat = this.chat();
    if (!chat) return;
    this.renderHead();
    this.renderMenu();
    this.list.setAttribute("aria-label", t("phone.messages", { bot: this.state.telegram.bot.name }));
    stayAtEnd(this.list, () => keepList(this.list, this.entries(chat)), moved);
    this.renderFoot(chat);
    this.renderToast(chat);
  }

  // The button beside the field is what the bot made of it: its menu, or a stroke for commands.
  renderMenu() {
    const { menu } = this.state.telegram.bot;
    if (this.menuVersion === menu) return;
    this.menuVersion = menu;
    const [shape, label] = menu === "commands" ? ["menu", t("phone.menu")] : ["commands", t("phone.commands")];
    const button = this.commands.querySelector("button");
    button.replaceChildren(icon(shape));
    button.title = label;
    button.setAttribute("aria-label", label);
  }

  renderHead() {
    const { name } = this.state.telegram.bot;
    if (this.headVersion === name) return;
    this.headVersion = name;
    this.face.replaceChildren(avatar(name, "app"));
    this.name.textContent = name;
  }

  entries(chat) {
    const entries = [];
    const { bot } = this.state.telegram;
    const about = chat.description || bot.description || t("phone.empty");
    if (!chat.messages.length) entries.push({ key: `${this.person} about`, version: about, build: () => element("div", { class: "about", dir: "auto" }, about) });
    let day = "";
    for (const message of chat.messages) {
      const key = dayKey(message.at);
      if (key !== day) entries.push({ key: `${this.person} ${key}`, version: currentLanguage(), build: () => element("div", { class: "day" }, element("span", {}, dayOf(message.at))) });
      day = key;
      entries.push({ key: `${this.person}/${message.id}`, version: JSON.stringify([message, currentLanguage()]), build: () => this.draw(chat, message) });
    }
    if (chat.typing) entries.push({ key: "typing", version: currentLanguage(), build: () => element("div", { class: "bubble bot typing" }, element("span", { class: "unseen" }, t("phone.typing", { bot: bot.name })), element("i"), element("i"), element("i")) });
    return entries;
  }

  draw(chat, message) {
    const mine = message.from === "person";
    const words = { text: (text) => chatText(text, message.entities, (command) => this.say(command)) };
    const sayer = mine ? t("phone.from-you", { person: chat.person.name }) : t("phone.from-bot", { bot: this.state.telegram.bot.name });
    const items = () => this.messageItems(message);
    const menu = items().length > 0 && menuButton({ label: t("phone.message-menu"), content: icon("more"), className: "message-menu", test: "phone-message-menu", focus: `${message.id}/menu`, items });
    return element("div", { class: `phone-message ${mine ? "person" : "bot"}${message.album ? " of-album" : ""}`, "data-test": "phone-message", "data-id": message.id, "data-from": message.from, on: menu ? pressed(menu) : {} },
      element("div", { class: `bubble ${mine ? "person" : "bot"} kind-${message.kind}` },
        element("span", { class: "unseen" }, `${sayer}: `),
        message.kind !== "text" && attachment(message),
        (message.text || message.caption) && element("div", { class: "words", dir: "auto", "data-test": "phone-text" }, words.text(message.text || message.caption)),
        element("span", { class: "stamp" }, message.edited && `${t("phone.edited")} `, element("time", { datetime: message.at }, timeOf(message.at)))),
      menu,
      this.buttons(message));
  }

  buttons(message) {
    if (!message.buttons?.length) return null;
    return element("div", { class: "inline-buttons" }, message.buttons.map((row, y) => element("div", { class: "button-row" }, row.map((button, x) => {
      const focus = `${message.id}/${y}/${x}`;
      if (button.url) return element("a", { class: "chat-button", href: /^https?:/.test(button.url) ? button.url : undefined, target: "_blank", rel: "noopener noreferrer", "data-test": "phone-button", "data-focus": focus, dir: "auto" }, `${button.text} ↗`);
      return element("button", {
        type: "button", class: "chat-button", "data-test": "phone-button", "data-focus": focus, "data-choice": button.data, dir: "auto",
        on: { click: (event) => this.press(event.currentTarget, message, button) },
      }, button.text);
    }))));
  }

  async press(node, message, button) {
    node.setAttribute("aria-busy", "true");
    await this.page.act("telegram/press", { person: this.person, message: message.id, data: button.data });
    node.removeAttribute("aria-busy");
  }

  renderFoot(chat) {
    const fresh = chat.messages.length === 0;
    this.start.hidden = !fresh || chat.blocked;
    this.unblock.hidden = !chat.blocked;
    this.form.hidden = chat.blocked || fresh;
    this.bar.hidden = !this.editing && !chat.blocked;
    if (chat.blocked) this.bar.replaceChildren(t("phone.blocked", { person: chat.person.name }));
    else if (this.editing) this.bar.replaceChildren(icon("edit"), element("span", {}, t("phone.editing")), element("button", { type: "button", class: "icon-button", "aria-label": t("phone.stop-editing"), on: { click: () => this.stopEditing() } }, icon("close")));
    const version = JSON.stringify([chat.keyboard, this.person]);
    this.keyboard.hidden = !chat.keyboard?.length || chat.blocked;
    if (this.keyboardVersion === version) return;
    this.keyboardVersion = version;
    clear(this.keyboard).append(...(chat.keyboard ?? []).map((row) => element("div", { class: "button-row" }, row.map((key) => element("button", {
      type: "button", class: "chat-button", "data-test": "phone-key", dir: "auto", on: { click: () => (key.request_contact ? this.picker.example("contact") : this.say(key.text)) },
    }, key.text)))));
  }

  // The short word that Telegram shows over the chat after a press, once.
  renderToast(chat) {
    const id = `${chat.toast_id ?? 0}`;
    const before = this.toasts.get(this.person);
    this.toasts.set(this.person, id);
    if (!chat.toast || before === undefined || before === id) return;
    this.toast.textContent = chat.toast;
    this.toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { this.toast.hidden = true; }, 5000);
  }

  say(text) {
    return this.page.act("telegram/send", { person: this.person, text });
  }

  async send() {
    const text = this.input.value.trim();
    const { editing } = this;
    if (!text && (!editing || editing.kind === "text")) return;
    this.stopEditing();
    this.write("");
    const done = editing ? await this.page.act("telegram/edit", { person: this.person, message: editing.id, text }) : await this.say(text);
    // What was refused comes back, unless something else was typed meanwhile.
    if (!done && !this.input.value) this.write(text);
    this.list.scrollTop = this.list.scrollHeight;
  }

  write(text) {
    this.input.value = text;
    this.drafts.set(this.person, text);
    grow(this.input);
  }

  act(path, body) {
    return this.page.act(path, body);
  }

  notice(sentence) {
    this.page.notice(sentence);
  }

  /** words are those in the field, which go along with a file; spent empties it. */
  words() {
    return this.editing ? "" : this.input.value.trim();
  }

  spent() {
    this.write("");
  }

  edit(message) {
    this.editing = message;
    this.write(message.kind === "text" ? message.text : message.caption);
    this.input.focus();
    this.renderFoot(this.chat());
  }

  stopEditing() {
    if (!this.editing) return;
    this.editing = null;
    this.write("");
    this.renderFoot(this.chat());
    this.input.focus();
  }

  block(blocked) {
    return this.page.act("telegram/block", { person: this.person, blocked });
  }
}

// The listeners that open a message's menu: the other button of a mouse, or a finger that stays.
function pressed(menu) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  const onControl = (event) => event.target.closest("button, a, audio, video");
  return {
    contextmenu: (event) => {
      if (onControl(event) || String(getSelection())) return;
      event.preventDefault();
      stop();
      openMenu(menu, event);
    },
    pointerdown: (event) => {
      if (event.pointerType === "mouse" || onControl(event)) return;
      timer = setTimeout(() => openMenu(menu, event), longPress);
    },
    pointerup: stop, pointercancel: stop, pointermove: (event) => { if (Math.abs(event.movementX) + Math.abs(event.movementY) > 6) stop(); },
  };
}
