// The story's hand in the workspace.

import { all, fits, holds, one, shown } from "./find.js";

/** SlackHand carries out the steps of a run that concern the workspace. */
export class SlackHand {
  constructor(run) {
    this.run = run;
  }

  /** act does one step; see story.js for the kinds. */
  act(step, limit) {
    const { run } = this;
    if (step.as) return this.actAs(run.own(step.as), limit);
    if (step.open) return this.open(this.words(step.open), limit);
    if (step.click) return this.click(step, limit);
    if (step.pick) return this.pick(step, limit);
    if (step.shortcut) return this.shortcut(step, limit);
    if (step.command) return this.command(run.fillIn(run.own(step.command)), limit);
    if (step.fill) return this.fill(step.fill, limit);
    if (step.submit) return this.leave("modal-submit", limit);
    if (step.close) return this.leave("modal-close", limit);
    if (step.confirm) return run.click(() => one("confirm-yes"), limit);
    return run.until(() => this.sees(run.fillIn(run.own(step.sees))), limit);
  }

  /** look gives the control that a step waits for, if it is there. */
  look(step) {
    if (step.click) return this.button(step);
    if (step.fill) return this.field(step.fill);
    if (step.submit) return one("modal-submit");
    return null;
  }

  // What the workspace says is in the language of the member whose eyes we use.
  words(value) {
    const { members, me } = this.run.state.slack;
    const locale = members.find((member) => member.id === me)?.locale ?? "en";
    return this.run.fillIn(this.run.own(value, locale.startsWith("nl") ? "nl" : "en"));
  }

  async actAs(who, limit) {
    const member = this.run.state.slack.members.find(({ id, name }) => (who instanceof RegExp ? who.test(name) : id === who));
    if (!member) throw new Error(`${this.run.at}: no such member`);
    await this.run.choose(one("slack-member"), member.id);
    await this.run.until(() => this.run.state.slack.me === member.id, limit);
  }

  async open(wanted, limit) {
    // A form that somebody left open lies over the places.
    while (one("modal")) await this.leave("modal-close", limit);
    const meant = ({ kind, name, id }) => wanted === kind || wanted === id || (wanted instanceof RegExp ? wanted.test(name) : name.toLowerCase().includes(wanted.toLowerCase()));
    // Of a kind the first, of a name the last: a newer room may begin with the same name.
    const find = () => {
      const items = all("slack-channel").filter((item) => meant(item.dataset));
      return ["public", "direct", "home"].includes(wanted) ? items[0] : items.at(-1);
    };
    await this.run.until(find, limit);
    // Where the window is narrow, the places are behind a button.
    const drawer = one("slack-show-places");
    if (shown(drawer) && drawer.getAttribute("aria-expanded") !== "true") await this.run.click(() => one("slack-show-places"), limit);
    await this.run.click(find, limit);
  }

  // Where a button is looked for: in the form that is open, on the Home, else in the messages, the newest first.
  scope(step) {
    if (one("modal")) return [one("modal")];
    if (shown(one("slack-home"))) return [one("slack-home")];
    const messages = all("slack-message").reverse();
    return step.in ? messages.filter((item) => holds(item.textContent, this.words(step.in))) : messages;
  }

  button(step) {
    const wanted = this.words(step.click);
    for (const place of this.scope(step)) {
      const button = [...place.querySelectorAll('[data-test="slack-button"]')].find((item) => fits(wanted, item.dataset.action, item.textContent) && !item.disabled);
      if (button) return button;
    }
    return null;
  }

  // An app that does not answer in time is pressed again, as anybody would.
  async click(step, limit) {
    const { workspace } = this.run.page;
    for (let tries = 0; tries < 3; tries += 1) {
      const before = workspace.acted;
      await this.run.click(() => this.button(step), limit);
      if (workspace.acted === before || (await workspace.acted) !== null) return;
    }
  }

  async pick(step, limit) {
    const wanted = this.words(step.pick);
    await this.run.click(() => this.scope(step).map((item) => item.querySelector('[data-test="slack-overflow"]')).find(Boolean), limit);
    await this.run.click(() => all("slack-overflow-item").find((item) => shown(item) && wanted.test(item.textContent)), limit);
  }

  // A message is the newest that has the words; its menu holds the shortcuts.
  async shortcut(step, limit) {
    const message = () => this.scope(step)[0]?.querySelector('[data-test="slack-message-menu"]');
    await this.run.click(message, limit);
    await this.run.click(() => all("slack-shortcut").find((item) => shown(item)), limit);
  }

  async command(text, limit) {
    await this.run.type(() => shown(one("slack-composer")), text);
    await this.run.click(() => shown(one("slack-send")), limit);
  }

  field({ field, label }) {
    const blocks = [...(one("modal") ?? shown(one("slack-home")) ?? document).querySelectorAll(".block-input")];
    return blocks.find((item) => (field ? item.dataset.block === field : this.words(label).test(item.querySelector(".label").textContent)));
  }

  async fill(step, limit) {
    const block = await this.run.until(() => this.field(step), limit);
    const wanted = step.days ? this.dayAhead(step.days) : this.words(step.value);
    const meant = (value, words) => (wanted instanceof RegExp ? wanted.test(words) : value === wanted);
    const select = block.querySelector("select");
    if (block.querySelector(".choice")) {
      block.querySelector("details")?.setAttribute("open", "");
      await this.run.click(() => [...this.field(step).querySelectorAll(".choice input")].find((input) => meant(input.value, input.parentElement.textContent)), limit);
    } else if (select) {
      await this.run.choose(select, [...select.options].find((option) => option.value && meant(option.value, option.textContent))?.value ?? "");
    } else {
      const input = () => this.field(step)?.querySelector("input, textarea");
      await this.run.type(input, step.days ? wanted : this.run.fillIn(this.run.own(step.value)));
      input()?.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  // A day that is so many days away, as a field for dates wants it.
  dayAhead(days) {
    return new Date(Date.parse(this.run.state.now) + days * 86400000).toISOString().slice(0, 10);
  }

  // Sending or closing a form is over when the stack of forms has changed. A form that comes back with errors is one we are stuck in.
  async leave(test, limit) {
    const stack = () => JSON.stringify(this.run.state.slack.views ?? []);
    const find = () => shown(one(test));
    await this.run.touch(await this.run.until(find, limit));
    const control = await this.run.until(find, limit);
    const before = stack();
    control.click();
    await this.run.until(() => stack() !== before || this.problem(), limit);
    if (this.problem()) throw new Error(`${this.run.at}: ${this.problem()}`);
  }

  problem() {
    return [...(one("modal")?.querySelectorAll(".problem:not([hidden])") ?? [])].map((item) => item.textContent).filter(Boolean).join(" ");
  }

  sees(wanted) {
    const places = [one("modal"), shown(one("slack-home")), ...all("slack-message"), one("slack-command-reply")].filter(Boolean);
    return places.find((place) => holds(place.textContent, wanted));
  }
}
