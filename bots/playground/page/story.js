// The story engine: it carries out a script, step by step, by working the page's own controls as a person would. It knows nothing of what the bots say.
//
// A step is an object with one act and, if wanted, a caption {nl, en}, a limit (ms to wait for its control), when: (run) => boolean, and `unless`: a step whose
// control, if it shows first, means that this one is not needed. The acts:
//   {phone: {person: true}}            take the telephone of someone who speaks the story's language and has not talked yet
//   {phone: {start: true}}             press Start, or send /start where the chat has begun
//   {phone: {type: {nl, en}}}          type in the field and send            {phone: {press: "agree"}}         press an inline button, by its choice or its words (a pattern)
//   {phone: {key: /../}}               press a key of the reply keyboard     {phone: {attach: "photo"}}        attach something
//   {phone: {hears: /../}}             wait until the bot has said it        {phone: {silence: true}}          wait until it has said all it had to say
//   {phone: {remember: /../, as: "case"}}   keep what the bot said, for "{case}"
//   {slack: {as: "U2"}}                act as a member                       {slack: {open: "public" | "direct" | "home" | "{case}"}}  open a place, by its kind or name
//   {slack: {click: "take", in: "{case}"}}  press a button, by its action or its words, in the newest message that holds the words
//   {slack: {pick: /../, in}}          choose from a message's "more" menu   {slack: {command: {nl, en}}}      type in the composer and send
//   {slack: {shortcut: "add-to-file", in}}   choose a shortcut from a message's menu
//   {slack: {fill: {field: "text", value: {nl, en}}}}   fill in a field of the form, by its block or its label: text, a choice (its value or a pattern), a date
//                                        (value: "2026-11-30", or days: 14, counted from the demo's now)
//   {slack: {submit: true}}, {slack: {close: true}}, {slack: {confirm: true}}, {slack: {sees: /../}}
//   {clock: "1h" | "24h" | "deadline"}, with again: (state, memory, times) => boolean to go on turning   {mail: {open: 0}} (0 is the newest; or {subject: /../, to: /../})
//   {wait: (state) => boolean}  {rest: ms}
// Where a pattern is expected, {nl: /../, en: /../} gives one per language.

import { all, one } from "./find.js";
import { PhoneHand } from "./hand-phone.js";
import { SlackHand } from "./hand-slack.js";

/** Stopped is thrown inside a run when a person stops the story. */
export class Stopped extends Error {}

// Which panel of the page each kind of step is done in.
const panels = { phone: "telephone", slack: "workspace", clock: "desk", mail: "desk", wait: "", rest: "" };

/** Run is one performance of a script. */
export class Run {
  /** page as in app.js; speed divides all pauses (Infinity: none); limit (ms) is how long a control is waited for; tell shows a caption. */
  constructor(page, script, { language, speed = 1, limit = 60000, tell }) {
    Object.assign(this, { page, script, language, speed, limit, tell });
    this.memory = {};
    this.paused = false;
    this.stopped = false;
    this.wake = new Set();
    this.hands = { phone: new PhoneHand(this), slack: new SlackHand(this) };
  }

  get state() {
    return this.page.server.state;
  }

  /** perform carries out all steps; it throws Stopped, or an Error that names the step which found nothing to do. */
  async perform() {
    const watcher = new MutationObserver(() => this.stir());
    watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    const onState = () => this.stir();
    this.page.server.addEventListener("state", onState);
    try {
      await this.until(() => this.state);
      for (const [index, step] of this.script.entries()) {
        if (step.when && !step.when(this)) continue;
        this.at = `${index + 1} ${this.fillIn(nameOf(step))}`;
        const caption = step.caption && this.fillIn(this.own(step.caption));
        if (caption) this.tell(caption);
        await this.rest(caption ? 700 + caption.length * 26 : 450);
        await this.carryOut(step);
      }
    } finally {
      watcher.disconnect();
      this.page.server.removeEventListener("state", onState);
    }
  }

  /** stir makes whoever waits look again. */
  stir() {
    for (const wake of [...this.wake]) wake();
  }

  setPaused(paused) {
    this.paused = paused;
    this.stir();
  }

  stop() {
    this.stopped = true;
    this.stir();
  }

  /** own takes the story's language out of {nl, en}; anything else is the same in both. */
  own(value, language = this.language) {
    const both = value && typeof value === "object" && !(value instanceof RegExp) && "nl" in value && "en" in value;
    return both ? value[language] : value;
  }

  /** fillIn puts what was remembered in the holes of a text. */
  fillIn(text) {
    return typeof text === "string" ? text.replace(/\{(\w+)\}/g, (whole, name) => this.memory[name] ?? whole) : text;
  }

  /** until gives what find gives as soon as that is something; after the limit, pauses not counted, it throws with the step's name. */
  async until(find, limit = this.limit) {
    let left = limit;
    for (;;) {
      if (this.stopped) throw new Stopped();
      const found = this.paused ? null : find();
      if (found) return found;
      if (left <= 0) throw new Error(this.page.refusal ? `${this.at} (${this.page.refusal})` : this.at);
      const began = performance.now();
      const wasPaused = this.paused;
      await this.stirred(wasPaused ? 3600000 : Math.min(left, 1000));
      if (!wasPaused) left -= performance.now() - began;
    }
  }

  stirred(atMost) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.wake.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, atMost);
      this.wake.add(wake);
    });
  }

  /** rest waits as long as a reader would, divided by the speed; a pause makes it longer. */
  async rest(milliseconds) {
    let left = milliseconds;
    let before = performance.now();
    await this.until(() => {
      const now = performance.now();
      left -= Math.min(now - before, 400) * this.speed;
      before = now;
      if (left <= 0 || this.speed === Infinity) return true;
      setTimeout(() => this.stir(), Math.min(left / this.speed, 300));
      return false;
    }, Infinity);
  }

  async carryOut(step) {
    const kind = kindOf(step);
    this.page.refusal = "";
    if (step.unless && (await this.isNeedless(step))) return;
    let times = 0;
    do {
      times += 1;
      if (panels[kind]) this.page.show(panels[kind]);
      await (this.hands[kind] ? this.hands[kind].act(step[kind], step.limit) : this[kind](step[kind], step.limit));
    } while (step.again?.(this.state, this.memory, times));
  }

  // True when what stands in `unless` shows before the step's own control.
  async isNeedless(step) {
    const look = (one) => this.hands[kindOf(one)].look(one[kindOf(one)]);
    return (await this.until(() => (look(step) ? "own" : look(step.unless) ? "other" : null), step.limit)) === "other";
  }

  /** touch points at a control for a moment. */
  async touch(node) {
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
    node.classList.add("touched");
    await this.rest(600);
    node.classList.remove("touched");
  }

  /** click waits for a control, points at it and presses it. */
  async click(find, limit) {
    await this.touch(await this.until(find, limit));
    // It may have been drawn anew while we pointed at it.
    (await this.until(find, limit)).click();
  }

  /** choose takes one of the options of a select. */
  async choose(select, value) {
    await this.touch(select);
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** type writes a text in a field, letter by letter, in at most sixty strokes. */
  async type(find, text) {
    await this.until(find);
    const letters = [...text];
    const stroke = this.speed === Infinity ? letters.length : Math.max(1, Math.round(letters.length / 60));
    for (let end = stroke; end < letters.length + stroke; end += stroke) {
      const field = await this.until(find);
      field.classList.add("touched");
      field.value = letters.slice(0, end).join("");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      if (end === stroke) field.scrollIntoView({ block: "nearest" });
      await this.rest(28);
    }
    find()?.classList.remove("touched");
  }

  async clock(advance, limit) {
    const name = { "1h": "hour", "24h": "day", deadline: "deadline" }[advance];
    const find = () => { const button = one(`clock-${name}`); return button.disabled ? null : button; };
    const before = Date.parse(this.state.now);
    await this.click(find, limit);
    // The state comes every few seconds anyway; only a leap is our turn of the clock.
    await this.until(() => Date.parse(this.state.now) - before > 60000 && find(), limit);
    await this.calm();
  }

  // What the clock sets going comes in soon after: a moment without a new state means that it has come in.
  async calm() {
    let last = null;
    let since = 0;
    await this.until(() => {
      if (this.state.version !== last) [last, since] = [this.state.version, performance.now()];
      setTimeout(() => this.stir(), 100);
      return performance.now() - since > 350;
    });
  }

  async mail({ open, subject, to }, limit) {
    const meant = (letter) => (!subject || this.own(subject).test(letter.subject)) && (!to || this.own(to).test((letter.to ?? []).join()));
    await this.click(() => {
      const letter = (this.state.mail ?? []).filter(meant).reverse()[open ?? 0];
      return letter && all("mail-item").find((item) => item.dataset.id === String(letter.id));
    }, limit);
  }

  wait(condition, limit) {
    return this.until(() => condition(this.state, this), limit);
  }
}

const kindOf = (step) => Object.keys(panels).find((name) => name in step);

// nameOf says in one line what a step does, for whoever has to find out why it waits.
function nameOf(step) {
  const value = step[kindOf(step)];
  const write = (part) => (part instanceof RegExp || typeof part !== "object" ? String(part) : Object.entries(part).map(([name, inner]) => `${name} ${write(inner)}`).join(" "));
  return `${kindOf(step)} ${typeof value === "function" ? "" : write(value)}`.slice(0, 160).trim();
}
