// The demo's page: it wires the telephone, the workspace, the mailbox, the clock and the story to one stream of states.
//
// Stable names for tests, as data-test attributes:
//   page       language-nl, language-en · tab-telephone, tab-workspace, tab-desk (narrow windows) · notices · connection
//   telephone  phone-person (select, value: the person's id) · phone-start · phone-input · phone-send · phone-list · phone-message (data-from: bot|person, data-id), in it
//              phone-text · phone-button (inline buttons) · phone-key (reply keyboard) · phone-message-menu, in it phone-edit, phone-copy · phone-file (a link),
//              phone-picture · phone-commands, phone-command · phone-attach, phone-attach-photo|document|voice|sticker|contact|location, phone-choose-pictures,
//              phone-choose-files, phone-pick-pictures, phone-pick-files (the fields behind them) · phone-more, phone-language-nl|en, phone-block · phone-unblock · phone-toast
//   workspace  data-member of the panel: through whose eyes · slack-member (select, value: the member's id) · slack-channel (data-name, data-id, data-kind: public|private|direct|app; the Home has data-name="home") ·
//              slack-place (title of what is open) · slack-list · slack-message (data-ts, data-ephemeral) · slack-home · slack-composer · slack-send · slack-commands ·
//              slack-message-menu, slack-shortcut · people-menu (people-rename, people-deactivate, people-reactivate, people-add) · channel-menu (channel-invite, channel-remove,
//              channel-remove-app, channel-invite-app, channel-rename, channel-archive, channel-unarchive, channel-delete) · ask, ask-name, ask-locale, ask-user, ask-yes, ask-no ·
//              slack-files (a field for files), slack-file · slack-shared-file ·
//              slack-command-reply · slack-button (data-action: the action_id), slack-select, slack-multi, slack-choices, slack-input, slack-when, slack-overflow,
//              slack-overflow-item · modal (data-view), modal-title, modal-submit, modal-close, modal-error · confirm, confirm-yes, confirm-no ·
//              each block carries data-block (its block_id)
//   desk       mail-item (data-id), newest first · mail-letter, mail-subject, mail-body · mail-as-letter, mail-as-text · mail-sheet (the frame), mail-link (in the text) · mail-attachment ·
//              clock-now, clock-next, clock-hour, clock-day, clock-deadline
//   story      story-play, story-language, story-speed, story-pause, story-stop, story-caption; window.story.play("nl"|"en", {speed}) gives a promise, and
//              document.documentElement.dataset.story is idle | running | done | stopped | stuck:<step>

import { Clock } from "./clock.js";
import { setZone } from "./dates.js";
import { clear, element } from "./dom.js";
import { icon } from "./icons.js";
import { Mailbox } from "./mail.js";
import { Server } from "./server.js";
import { Workspace } from "./slack.js";
import { StoryBar } from "./storybar.js";
import { Telephone } from "./telegram.js";
import { currentLanguage, setLanguage, t } from "./texts.js";

const panels = ["telephone", "workspace", "desk"];

/** Page is what the panels share: the server, the notices, and which panel a narrow window shows. */
class Page {
  constructor() {
    this.server = new Server();
    this.shown = "telephone";
    this.news = new Set();
    setLanguage(wishedLanguage());
    const mailPlace = element("section", { class: "mailbox", "aria-labelledby": "mail-title" });
    const clockPlace = element("section", { class: "clock", "aria-labelledby": "clock-title" });
    document.getElementById("panel-desk").append(clockPlace, mailPlace);
    this.telephone = new Telephone(document.getElementById("panel-telephone"), this);
    this.workspace = new Workspace(document.getElementById("panel-workspace"), this);
    this.mailbox = new Mailbox(mailPlace, this);
    this.clock = new Clock(clockPlace, this);
    this.story = new StoryBar(this);
    this.buildFrame();
    this.server.addEventListener("state", () => this.render());
    this.server.addEventListener("connection", () => this.renderConnection());
    this.server.follow("");
  }

  buildFrame() {
    const tongue = (language, name) => element("button", {
      type: "button", class: "switch", lang: language, "aria-pressed": String(currentLanguage() === language), "aria-label": `${language.toUpperCase()} ${name}`, title: name, "data-test": `language-${language}`,
      on: { click: () => this.speak(language) },
    }, language.toUpperCase());
    this.connection = element("p", { class: "connection", role: "status", "data-test": "connection" });
    clear(document.getElementById("top")).append(
      element("h1", { class: "brand" }, icon("mark"), "Gehoor"),
      element("div", { class: "line" }, element("p", { class: "claim" }, t("page.claim")), this.story.caption),
      this.story.controls,
      element("div", { class: "switches", role: "group", "aria-label": t("page.language") }, tongue("nl", "Nederlands"), tongue("en", "English")),
      this.connection,
    );
    this.buildTabs();
    this.renderConnection();
  }

  buildTabs() {
    const tabs = document.getElementById("tabs");
    tabs.setAttribute("aria-label", t("page.rooms"));
    clear(tabs).append(...panels.map((panel) => element("button", {
      type: "button", class: "tab", "data-test": `tab-${panel}`, "aria-controls": `panel-${panel}`, on: { click: () => this.show(panel) },
    }, icon(panel), element("span", {}, t(`tab.${panel}`)), element("span", { class: "dot", hidden: true }, element("span", { class: "unseen" }, t("page.new"))))));
    this.renderTabs();
  }

  /** show brings a panel to the front of a narrow window; in a wide one all three are seen anyway. */
  show(panel) {
    this.shown = panel;
    this.news.delete(panel);
    this.renderTabs();
    if (this.server.state) this.workspace.render(this.server.state);
    for (const list of document.querySelectorAll(`#panel-${panel} [role=log]`)) list.scrollTop = list.scrollHeight;
  }

  renderTabs() {
    document.getElementById("rooms").dataset.shown = this.shown;
    [...document.getElementById("tabs").children].forEach((tab, index) => {
      tab.setAttribute("aria-pressed", String(panels[index] === this.shown));
      tab.querySelector(".dot").hidden = !this.news.has(panels[index]);
    });
  }

  /** isShown tells whether someone at the page can see the panel now. */
  isShown(panel) {
    return !document.hidden && document.getElementById(`panel-${panel}`).offsetParent !== null;
  }

  /** speak changes the language of the page's own words. */
  speak(language) {
    setLanguage(language);
    remember(language);
    this.telephone.build();
    this.workspace.build();
    this.mailbox.build();
    this.clock.build();
    this.story.build();
    this.buildFrame();
    if (this.server.state) this.render();
    document.querySelector(`[data-test="language-${language}"]`).focus();
  }

  render() {
    const { state } = this.server;
    setZone(state.zone);
    this.noticeNews(state);
    this.telephone.render(state);
    this.workspace.render(state);
    this.mailbox.render(state);
    this.clock.render(state);
  }

  // A dot on a tab: something came in where nobody looks now.
  noticeNews(state) {
    const counts = {
      telephone: JSON.stringify(state.telegram.chats.map((chat) => chat.messages.length)),
      workspace: JSON.stringify((state.slack.channels ?? []).map((channel) => channel.messages?.length)),
      desk: String(state.mail?.length),
    };
    for (const panel of panels) if (this.counts && this.counts[panel] !== counts[panel] && panel !== this.shown) this.news.add(panel);
    this.counts = counts;
    this.renderTabs();
  }

  renderConnection() {
    const { connected, state } = this.server;
    this.connection.textContent = connected ? "" : t(state ? "page.lost" : "page.connecting");
    this.connection.hidden = connected;
  }

  /** act sends an act and gives its answer; when it is refused, the person is told why and the answer is null. */
  async act(path, body) {
    try {
      return await this.server.act(path, body);
    } catch (refusal) {
      this.refusal = refusal.message;
      this.notice(refusal.refused ? t("page.refused", { reason: refusal.message }) : t("page.unreachable"));
      return null;
    }
  }

  /** notice shows a sentence for a while. */
  notice(sentence) {
    const place = document.getElementById("notices");
    const note = element("div", { class: "notice" }, element("p", {}, sentence),
      element("button", { type: "button", class: "icon-button", "aria-label": t("page.close-notice"), on: { click: () => note.remove() } }, icon("close")));
    place.append(note);
    while (place.children.length > 3) place.firstChild.remove();
    setTimeout(() => note.remove(), 9000);
  }
}

// The address may say ?lang=en; then what was chosen before; then the browser's own language.
function wishedLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked) return asked;
  try {
    const before = localStorage.getItem("gehoor-language");
    if (before) return before;
  } catch {
    // Storage may be forbidden; the page does without.
  }
  return navigator.languages?.some((language) => language.startsWith("nl")) ? "nl" : "en";
}

function remember(language) {
  const address = new URL(location.href);
  address.searchParams.set("lang", language);
  history.replaceState(null, "", address);
  try {
    localStorage.setItem("gehoor-language", language);
  } catch {
    // See above.
  }
}

const page = new Page();

/** For tests and for the curious: play("nl" | "en", {speed}) operates the page's own controls from the first hello to the closed case. */
window.story = { play: (language, options) => page.story.play(language, options), stop: () => page.story.stop() };
