// The committee's workspace, as one of the invented members sees it: places at the side, messages in the middle, forms over it.

import { clear, element, grow, keepList, stayAtEnd } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { confirmation } from "./elements.js";
import { Form } from "./forms.js";
import { icon } from "./icons.js";
import { messageEntries } from "./messages.js";
import { Modals } from "./modal.js";
import { mrkdwn } from "./mrkdwn.js";
import { channelMenu, labelOf, peopleMenu } from "./people.js";
import { base64 } from "./phone-files.js";
import { placesOf, sidebar } from "./places.js";
import { menuButton } from "./popup.js";
import { currentLanguage, t } from "./texts.js";

/** Workspace is the middle panel. page gives act(path, body), which tells the person of a refusal, and server. */
export class Workspace {
  constructor(place, page) {
    this.place = place;
    this.page = page;
    this.open = "";
    this.seen = null;
    this.replyAway = "";
    this.forms = new Map();
    this.drafts = new Map();
    this.lists = { members: [], channels: [] };
    this.build();
  }

  build() {
    this.member = element("select", { id: "slack-member", "data-test": "slack-member", on: { change: () => this.actAs(this.member.value) } });
    this.team = element("span", { class: "team" });
    this.nav = element("nav", { class: "places", id: "slack-places", "aria-label": t("slack.places") });
    this.head = element("header", { class: "place-head" });
    this.list = element("div", { class: "slack-list", role: "log", "aria-live": "polite", "data-test": "slack-list", tabindex: "0" });
    this.homePlace = element("div", { class: "slack-home", "data-test": "slack-home", tabindex: "-1" });
    this.reply = element("p", { class: "command-reply", role: "status", "data-test": "slack-command-reply" });
    this.foot = element("div", { class: "slack-foot" });
    this.composer = this.buildComposer();
    this.modalPlace = element("div", { class: "modal-place", hidden: true });
    const behind = element("div", { class: "workspace-body" }, this.nav, element("div", { class: "place", on: { pointerdown: (event) => this.list.contains(event.target) && this.showPlaces(false) } }, this.head, this.list, this.homePlace, this.reply, this.foot));
    clear(this.place).append(
      element("header", { class: "workspace-head" },
        element("h2", { class: "panel-title", id: "slack-title" }, icon("workspace"), element("span", { class: "panel-words" }, t("slack.title"))),
        element("label", { class: "act-as", for: "slack-member" }, element("span", {}, t("slack.member")), this.member), peopleMenu(this)),
      element("div", { class: "workspace-room" }, behind, this.modalPlace),
    );
    this.place.setAttribute("aria-labelledby", "slack-title");
    this.modals = new Modals(this.modalPlace, behind, this, this.modals?.forms);
    this.headVersion = "";
    this.replyShown = null;
    this.input.value = this.drafts.get(this.open) ?? "";
    if (this.state) this.render(this.state);
  }

  buildComposer() {
    this.input = element("textarea", {
      id: "slack-composer", rows: 1, "data-test": "slack-composer", dir: "auto",
      on: {
        input: () => { grow(this.input); this.drafts.set(this.open, this.input.value); },
        keydown: (event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            this.send();
          }
        },
      },
    });
    const command = (text) => ({ label: text, choose: () => { this.input.value = `${text} `; this.input.focus(); } });
    return element("form", { class: "composer", on: { submit: (event) => { event.preventDefault(); this.send(); } } },
      menuButton({ label: t("slack.commands"), content: icon("commands"), className: "icon-button", test: "slack-commands", items: () => ["/klacht", "/complaint"].map(command) }),
      this.input,
      element("button", { type: "submit", class: "icon-button strong", "aria-label": t("slack.send"), title: t("slack.send"), "data-test": "slack-send" }, icon("send")));
  }

  /** render shows a new state. */
  render(state) {
    this.state = state;
    const { slack } = state;
    this.me = slack.me;
    this.places = placesOf(slack, this);
    this.lists = { members: slack.members ?? [], channels: this.places.map(({ channel, title }) => ({ ...channel, title })) };
    this.seen ??= new Map(this.places.map(({ channel }) => [channel.id, lastOf(channel)]));
    if (this.open !== "home" && !this.places.some(({ channel }) => channel.id === this.open)) this.open = this.firstPlace();
    this.renderMembers(slack);
    this.renderPlace();
    this.modals.render(slack.views ?? []);
  }

  firstPlace() {
    const best = this.places.find(({ kind }) => kind === "public") ?? this.places[0];
    return best?.channel.id ?? "home";
  }

  renderMembers(slack) {
    keepList(this.member, (slack.members ?? []).map((member) => ({
      key: member.id, version: `${labelOf(member)} ${currentLanguage()}`, build: () => element("option", { value: member.id }, labelOf(member)),
    })));
    this.member.value = slack.me;
    this.place.dataset.member = slack.me;
    this.team.textContent = slack.team;
  }

  /** actAs looks at the workspace as another member from now on. */
  actAs(member) {
    this.seen?.set(this.open, lastOf(this.current()?.channel));
    this.page.server.follow(member);
    if (this.open === "home") this.page.act("slack/home", { member });
  }

  current() {
    return this.places?.find(({ channel }) => channel.id === this.open);
  }

  /** goTo opens a channel, a room, a direct message or "home". */
  goTo(id) {
    const changed = this.open !== id;
    this.open = id;
    if (changed) this.replyAway = this.state.slack.command_reply ?? "";
    this.showPlaces(false);
    if (id === "home") this.page.act("slack/home", { member: this.me });
    this.input.value = this.drafts.get(id) ?? "";
    this.renderPlace(changed);
  }

  renderPlace(moved = false) {
    const place = this.current();
    if (place && this.page.isShown("workspace")) this.seen.set(this.open, lastOf(place.channel));
    sidebar(this.nav, this);
    this.renderHead(place);
    const onHome = !place;
    this.list.hidden = onHome;
    this.homePlace.hidden = !onHome;
    this.foot.hidden = onHome;
    this.renderReply();
    if (onHome) this.renderHome();
    else this.renderMessages(place, moved);
  }

  renderHead(place) {
    const version = JSON.stringify([this.open, place?.title, place?.channel.topic, place?.channel.members, place?.channel.bot, place?.channel.archived, this.me, this.listVersion(), currentLanguage()]);
    if (this.headVersion === version && this.head.firstChild) return;
    if (this.head.querySelector(":popover-open")) return; // whoever is choosing from its menu is not disturbed
    this.headVersion = version;
    const members = place?.channel.members?.length ?? 0;
    clear(this.head).append(
      element("button", {
        type: "button", class: "icon-button show-places", "aria-label": t("slack.show-places"), "aria-controls": "slack-places", "data-test": "slack-show-places",
        on: { click: () => this.showPlaces(!this.place.classList.contains("shows-places")) },
      }, icon("menu")),
      element("h3", { class: "place-name", "data-test": "slack-place", dir: "auto" }, place ? place.sign : "", place ? place.title : t("slack.home")),
      place?.channel.topic ? element("span", { class: "topic", dir: "auto", title: place.channel.topic }, mrkdwn(place.channel.topic, this.names())) : "",
      place && members && place.kind !== "direct" ? element("span", { class: "members" }, members === 1 ? t("slack.member-one") : t("slack.members", { count: members })) : "",
      (place && channelMenu(this, place)) ?? "",
    );
  }

  // In a narrow window the places lie over the messages, until one is chosen or the messages are touched.
  showPlaces(shown) {
    this.place.classList.toggle("shows-places", shown);
    this.head.querySelector(".show-places")?.setAttribute("aria-expanded", String(shown));
    if (shown) this.nav.querySelector("button").focus();
  }

  // What the app answers to a command, until it is put away or another place is opened.
  renderReply() {
    const text = this.replyAway === (this.state.slack.command_reply ?? "") ? "" : this.state.slack.command_reply;
    if (this.replyShown === text) return;
    this.replyShown = text;
    const away = element("button", { type: "button", class: "icon-button", "aria-label": t("page.close-notice"), on: { click: () => this.putReplyAway() } }, icon("close"));
    clear(this.reply).append(...(text ? [away, element("small", {}, t("slack.only-you")), ...mrkdwn(text, this.names())] : []));
    this.reply.hidden = !text;
  }

  putReplyAway() {
    this.replyAway = this.state.slack.command_reply ?? "";
    this.renderReply();
    this.input.focus();
  }

  renderHome() {
    const { home } = this.state.slack;
    const version = JSON.stringify([home, currentLanguage(), this.listVersion()]);
    const empty = () => element("p", { class: "nothing" }, t("slack.home-empty"));
    keepList(this.homePlace, [{ key: "home", version, build: () => (home ? this.drawHome(home) : empty()) }]);
  }

  drawHome(home) {
    const id = home.id ?? "home";
    const redraw = () => { this.homePlace.firstChild.kept.version = ""; this.renderHome(); };
    return element("div", {}, drawBlocks(home.blocks, this.setting({ form: this.formOf(id), prefix: id, where: { view: home.id }, blocks: home.blocks, redraw })));
  }

  renderMessages(place, moved) {
    const { channel } = place;
    this.list.setAttribute("aria-label", t("slack.messages", { place: place.title }));
    this.renderFoot(place);
    stayAtEnd(this.list, () => keepList(this.list, messageEntries(this, channel)), moved);
  }

  renderFoot(place) {
    const wanted = place.channel.archived ? "archived" : "composer";
    if (this.foot.dataset.shows !== wanted || !this.foot.firstChild) {
      this.foot.dataset.shows = wanted;
      clear(this.foot).append(place.channel.archived ? element("p", { class: "nothing" }, t("slack.archived")) : this.composer);
    }
    this.input.setAttribute("aria-label", t("slack.composer", { place: place.title }));
    this.input.placeholder = t("slack.composer-hint");
  }

  /** renderAgain draws one message anew, for instance because a choice in it was taken back. */
  renderAgain(key) {
    for (const node of this.list.children) if (node.kept?.key === key) node.kept.version = "";
    this.renderPlace();
  }

  /** formOf keeps what is filled in, per view or message. */
  formOf(key) {
    if (!this.forms.has(key)) this.forms.set(key, new Form());
    return this.forms.get(key);
  }

  /** listVersion changes when a name that messages or selects show has changed. */
  listVersion() {
    return this.lists.members.map((member) => member.id + labelOf(member)).join() + this.lists.channels.map((channel) => channel.id + channel.title).join();
  }

  /** names answers who and what an id stands for. */
  names() {
    return {
      member: (id) => this.lists.members.find((member) => member.id === id)?.name ?? (this.isBot(id) ? this.botName() : ""),
      channel: (id) => this.lists.channels.find((channel) => channel.id === id)?.title ?? "",
      goTo: (id) => this.goTo(id),
    };
  }

  // The app itself is no member, but is mentioned and writes.
  isBot(id) {
    return id === "bot" || id === this.state?.slack.bot?.id;
  }

  botName() {
    return this.state?.slack.bot?.name ?? this.state?.telegram?.bot?.name ?? "Gehoor";
  }

  /** setting is what blocks need to draw and to act (see elements.js). */
  setting({ form, prefix, where, blocks, redraw }) {
    return {
      form, prefix, redraw, names: this.names(), lists: this.lists,
      put: (file) => this.put(file),
      confirm: (object) => confirmation(this.place, object, this.names()),
      act: (block, part, change) => {
        this.acted = this.page.act("slack/click", {
          member: this.me, ...where, block_id: block.block_id ?? "", action_id: part.action_id ?? "", ...change, state: { values: form.collect(blocks) },
        });
        return this.acted;
      },
    };
  }

  // put uploads a file of this member, and gives what a form says of it.
  async put(file) {
    const answer = await this.page.act("slack/put", { member: this.me, name: file.name, content: await base64(file) });
    return answer?.file ?? null;
  }

  /** post sends an act of this member; a refusal is thrown, for the form to show. */
  post(act, body) {
    return this.page.server.act(`slack/${act}`, { member: this.me, ...body });
  }

  async send() {
    const text = this.input.value.trim();
    const place = this.current();
    if (!text || !place) return;
    const slash = text.match(/^(\/\S+)\s*([\s\S]*)$/);
    const body = { member: this.me, channel: place.channel.id };
    if (slash) this.replyAway = null;
    this.write("");
    const done = slash ? await this.page.act("slack/command", { ...body, command: slash[1], text: slash[2] }) : await this.page.act("slack/message", { ...body, text });
    if (!done && !this.input.value) this.write(text);
    this.list.scrollTop = this.list.scrollHeight;
  }

  write(text) {
    this.input.value = text;
    this.drafts.set(this.open, text);
    grow(this.input);
  }

  focusAfterModal() {
    if (!document.activeElement || document.activeElement === document.body) this.list.hidden ? this.homePlace.focus({ preventScroll: true }) : this.list.focus({ preventScroll: true });
  }
}

// The timestamp of a channel's newest message.
const lastOf = (channel) => channel?.messages?.at(-1)?.ts ?? "";
