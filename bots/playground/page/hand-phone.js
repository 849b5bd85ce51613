// The story's hand on the telephone.

import { all, fits, one, shown } from "./find.js";

// How long (ms) a new message is waited for before a button of an older one is taken: "done", below several messages, is such a button.
const patience = 1200;

/** PhoneHand carries out the steps of a run that concern the telephone. */
export class PhoneHand {
  constructor(run) {
    this.run = run;
    this.before = new Map();
    this.since = 0;
  }

  /** act does one step; see story.js for the kinds. */
  act(step, limit) {
    const { run } = this;
    if (step.person) return this.takeTelephone();
    if (step.start) return this.start(limit);
    if (step.silence) return this.silence(limit);
    if (step.hears) return run.until(() => this.hears(run.own(step.hears)), limit);
    if (step.remember) return this.remember(step, limit);
    if (step.type !== undefined) return this.type(run.fillIn(run.own(step.type)), limit);
    if (step.key) return this.press(() => all("phone-key").find((key) => run.own(step.key).test(key.textContent)), limit);
    if (step.attach) return this.attach(step.attach, limit);
    return this.press(() => this.button(run.own(step.press)), limit);
  }

  /** look gives the control or the message that a step waits for, if it is there. */
  look(step) {
    if (step.press) return this.button(this.run.own(step.press));
    if (step.hears) return this.hears(this.run.own(step.hears));
    return null;
  }

  // Somebody who has not spoken yet, so that the story begins at the beginning; else whoever speaks the language.
  async takeTelephone() {
    const { chats } = this.run.state.telegram;
    const speakers = chats.filter((chat) => chat.person.language === this.run.language);
    const silent = (chat) => !chat.messages.length;
    const chat = speakers.find(silent) ?? speakers[0] ?? chats.find(silent) ?? chats[0];
    await this.run.choose(one("phone-person"), String(chat.person.id));
    this.before.clear();
  }

  async start(limit) {
    await this.run.until(() => shown(one("phone-start")) || shown(one("phone-input")), limit);
    if (shown(one("phone-start"))) return this.press(() => shown(one("phone-start")), limit);
    return this.type("/start", limit);
  }

  // A person answers when there is a question; where none comes, what is in the field goes anyway.
  async type(text, limit) {
    const asked = () => this.messages().some((message) => message.from === "bot" && this.isNew(message) && message.buttons?.length);
    const late = this.since + 4000;
    setTimeout(() => this.run.stir(), Math.max(0, late - performance.now()) + 10);
    await this.run.until(() => asked() || performance.now() > late, limit);
    await this.run.type(() => shown(one("phone-input")), text);
    await this.press(() => shown(one("phone-send")), limit);
  }

  async press(find, limit) {
    await this.run.touch(await this.run.until(find, limit));
    // The button may have been drawn anew while we pointed at it.
    const control = await this.run.until(find, limit);
    this.listen();
    control.click();
  }

  // The bot says one thing a second: it is silent when it has said nothing for longer.
  silence(limit) {
    let last = "";
    let since = 0;
    return this.run.until(() => {
      const now = this.messages().at(-1)?.id ?? 0;
      if (now !== last) [last, since] = [now, performance.now()];
      return performance.now() - since > 1600;
    }, limit);
  }

  async attach(kind, limit) {
    await this.run.click(() => shown(one("phone-attach")), limit);
    await this.press(() => shown(one(`phone-attach-${kind}`)), limit);
  }

  messages() {
    return this.run.page.telephone.chat()?.messages ?? [];
  }

  // listen notes what is on the screen: what comes or changes from now on is the answer to what we do now.
  listen() {
    this.before = new Map(this.messages().map((message) => [message.id, JSON.stringify(message)]));
    this.since = performance.now();
  }

  isNew(message) {
    return this.before.get(message.id) !== JSON.stringify(message);
  }

  button(wanted) {
    const asking = this.messages().filter((message) => message.buttons?.length);
    const waited = performance.now() - this.since > patience;
    if (!waited) setTimeout(() => this.run.stir(), patience);
    for (const message of [...asking.filter((one) => this.isNew(one)).reverse(), ...(waited ? asking.slice(-2).reverse() : [])]) {
      const node = all("phone-message").find((item) => item.dataset.id === String(message.id));
      const button = node && [...node.querySelectorAll('[data-test="phone-button"]')].find((item) => fits(wanted, choiceOf(item), item.textContent));
      if (button) return button;
    }
    return null;
  }

  hears(pattern) {
    return this.messages().find((message) => message.from === "bot" && this.isNew(message) && pattern.test(message.text || message.caption || ""));
  }

  async remember({ remember, as }, limit) {
    const find = (message) => (message.from === "bot" && this.isNew(message) ? (message.text || "").match(remember) : null);
    const match = await this.run.until(() => this.messages().map(find).findLast(Boolean), limit);
    [this.run.memory[as]] = match;
  }
}

// What an inline button stands for; the number before it is the bot's own.
const choiceOf = (button) => (button.dataset.choice ?? "").replace(/^\d+:/, "");
