// The organisation's clock: what time it is in the demo, and the buttons that turn it on.

import { clear, element } from "./dom.js";
import { icon } from "./icons.js";
import { dayOf, daysBetween, timeOf } from "./dates.js";
import { t } from "./texts.js";

/** Clock shows the demo's time and the next deadline in its place. */
export class Clock {
  constructor(place, page) {
    this.place = place;
    this.page = page;
    this.build();
    // Between two states the demo's time goes on as ours does.
    setInterval(() => this.tick(), 1000);
  }

  build() {
    this.time = element("span", { class: "clock-time" });
    this.day = element("span", { class: "clock-day" });
    this.next = element("p", { class: "clock-next", "data-test": "clock-next" }, element("span", {}), " ", element("span", {}));
    this.buttons = [this.turn("hour", "1h"), this.turn("day", "24h"), this.turn("deadline", "deadline")];
    clear(this.place).append(
      element("h2", { class: "panel-title", id: "clock-title" }, icon("clock"), t("clock.title")),
      element("p", { class: "clock-now", "data-test": "clock-now", "aria-live": "polite", "aria-atomic": "true" }, this.time, this.day),
      this.next,
      element("div", { class: "clock-buttons" }, this.buttons),
    );
  }

  turn(name, advance) {
    return element("button", {
      type: "button", class: "quiet-button", "data-test": `clock-${name}`,
      on: { click: (event) => this.advance(event.currentTarget, advance) },
    }, t(`clock.${name}`));
  }

  async advance(button, advance) {
    button.disabled = true;
    this.place.setAttribute("aria-busy", "true");
    await this.page.act("clock", { advance });
    this.place.removeAttribute("aria-busy");
    button.disabled = false;
    this.show();
    button.focus({ preventScroll: true });
  }

  /** render shows a new state. */
  render(state) {
    this.now = Date.parse(state.now);
    this.since = performance.now();
    this.deadline = state.next_deadline ? Date.parse(state.next_deadline) : null;
    this.show();
  }

  tick() {
    if (this.now !== undefined && !document.hidden) this.show();
  }

  show() {
    if (this.now === undefined) return;
    const moment = this.now + (performance.now() - this.since);
    const write = (node, text) => {
      if (node.textContent !== text) node.textContent = text;
    };
    write(this.time, timeOf(moment));
    write(this.day, dayOf(moment));
    write(this.next.firstChild, `${t("clock.next")}: ${this.deadline === null ? t("clock.none") : distance(moment, this.deadline)}`);
    write(this.next.lastChild, this.deadline === null ? "" : dayOf(this.deadline));
    this.buttons[2].disabled = this.deadline === null;
  }
}

function distance(from, to) {
  const days = daysBetween(from, to);
  const words = { "-1": "clock.yesterday", 0: "clock.today", 1: "clock.tomorrow" };
  if (words[days]) return t(words[days]);
  return days > 0 ? t("clock.in-days", { count: days }) : t("clock.days-ago", { count: -days });
}
