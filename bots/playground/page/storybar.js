// The story's controls at the top of the page, and the line that says what is happening.

import { clear, element } from "./dom.js";
import { icon } from "./icons.js";
import { script } from "./script.js";
import { Run, Stopped } from "./story.js";
import { currentLanguage, t } from "./texts.js";

const speeds = { slow: 0.55, normal: 1, fast: 4 };

/** StoryBar starts, pauses and stops the story. Its two nodes, controls and caption, are placed by the page. */
export class StoryBar {
  constructor(page) {
    this.page = page;
    this.run = null;
    this.speed = "normal";
    this.language = currentLanguage();
    this.controls = element("div", { class: "story" });
    this.caption = element("p", { class: "caption", role: "status", "aria-live": "polite", "data-test": "story-caption", hidden: true });
    this.build();
  }

  /** build writes the controls anew, in the page's language. */
  build() {
    if (!this.run) this.language = currentLanguage();
    const choice = (value, label, now) => element("option", { value, selected: value === now }, label);
    const act = (name, test, listener, shape, strong) => element("button", { type: "button", class: strong ? "strong-button" : "quiet-button", "data-test": `story-${test}`, on: { click: listener } }, icon(shape), element("span", {}, t(`story.${name}`)));
    this.playButton = act("play", "play", () => this.play(this.language, { speed: speeds[this.speed] }).catch(() => {}), "play", true);
    this.pauseButton = act("pause", "pause", () => this.pause(), "pause");
    this.stopButton = act("stop", "stop", () => this.stop(), "stop");
    this.languageSelect = element("select", { "aria-label": t("story.language"), "data-test": "story-language", on: { change: (event) => { this.language = event.target.value; } } },
      choice("nl", t("story.in-dutch"), this.language), choice("en", t("story.in-english"), this.language));
    this.speedSelect = element("select", {
      "aria-label": t("story.speed"), "data-test": "story-speed", on: { change: (event) => this.setSpeed(event.target.value) },
    }, Object.keys(speeds).map((speed) => choice(speed, t(`story.${speed}`), this.speed)));
    clear(this.controls).append(this.playButton, this.languageSelect, this.pauseButton, this.stopButton, this.speedSelect);
    this.show();
  }

  setSpeed(speed) {
    this.speed = speed;
    if (this.run) this.run.speed = speeds[speed];
  }

  show() {
    const running = Boolean(this.run);
    document.body.classList.toggle("plays", running);
    this.playButton.hidden = running;
    this.languageSelect.hidden = running;
    this.pauseButton.hidden = !running;
    this.stopButton.hidden = !running;
    if (running) this.pauseButton.replaceChildren(icon(this.run.paused ? "play" : "pause"), element("span", {}, t(this.run.paused ? "story.continue" : "story.pause")));
  }

  say(sentence) {
    this.caption.textContent = sentence;
    this.caption.hidden = !sentence;
  }

  /** play performs the whole script; the promise is kept at its end, and broken when the story is stopped or stuck. */
  async play(language = currentLanguage(), { speed = speeds[this.speed], limit } = {}) {
    this.run?.stop();
    const run = new Run(this.page, script, { language, speed, limit, tell: (sentence) => this.say(sentence) });
    this.run = run;
    const report = (how) => { document.documentElement.dataset.story = how; };
    report("running");
    const hadFocus = this.controls.contains(document.activeElement);
    this.show();
    if (hadFocus) this.pauseButton.focus();
    try {
      await run.perform();
      report("done");
      this.say(t("story.finished"));
    } catch (problem) {
      // A newer run may have taken over: then it has the word.
      if (this.run === run) {
        const stopped = problem instanceof Stopped;
        report(stopped ? "stopped" : `stuck:${problem.message}`);
        this.say(stopped ? t("story.stopped") : t("story.stuck", { step: problem.message }));
      }
      throw problem;
    } finally {
      if (this.run === run) {
        const pressed = this.controls.contains(document.activeElement);
        this.run = null;
        this.show();
        if (pressed) this.playButton.focus();
      }
    }
  }

  pause() {
    this.run?.setPaused(!this.run.paused);
    this.show();
  }

  stop() {
    this.run?.stop();
  }
}
