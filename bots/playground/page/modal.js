// The stack of forms that the app has opened for a member: the top one can be filled in, the others wait behind it.

import { clear, element, replaceKeepingFocus } from "./dom.js";
import { drawBlocks, showError } from "./blocks.js";
import { Form } from "./forms.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";
import { currentLanguage, t } from "./texts.js";

/** Modals shows the views of one member in place, over `behind`, which rests meanwhile. */
export class Modals {
  constructor(place, behind, workspace, forms = new Map()) {
    this.place = place;
    this.behind = behind;
    this.workspace = workspace;
    this.forms = forms;
    this.views = [];
    this.sheet = null;
    this.shown = "";
    this.busy = false;
  }

  /** render shows the stack; an empty one gives the workspace back. */
  render(views) {
    const top = views.at(-1);
    const wasOpen = this.views.length > 0;
    this.views = views;
    for (const id of this.forms.keys()) if (!views.some((view) => view.id === id)) this.forms.delete(id);
    this.place.hidden = !top;
    this.behind.inert = Boolean(top);
    if (!top) {
      clear(this.place);
      this.sheet = null;
      this.shown = "";
      if (wasOpen) this.workspace.focusAfterModal();
      return;
    }
    const { errors, ...rest } = top;
    const version = JSON.stringify([rest, views.length, currentLanguage(), this.workspace.listVersion()]);
    if (version === this.shown) this.showErrors(errors ?? {}, false);
    else this.draw(top, version);
  }

  // The app may give no block ids; then the places in the list are their names, as Slack would make some up.
  draw(view, version) {
    const sameView = this.sheet?.dataset.view === view.id;
    const scrolled = sameView ? this.sheet.querySelector(".modal-blocks").scrollTop : 0;
    const fresh = this.build(view);
    this.shown = version;
    if (sameView) replaceKeepingFocus(this.sheet, fresh);
    else clear(this.place).append(fresh);
    this.sheet = fresh;
    fresh.querySelector(".modal-blocks").scrollTop = scrolled;
    if (this.justSent && Object.keys(view.errors ?? {}).length) {
      this.showErrors(view.errors);
      return;
    }
    if (!document.body.classList.contains("plays") && !fresh.contains(document.activeElement) && (!sameView || document.activeElement === document.body)) {
      (fresh.querySelector("[data-first]") ?? fresh.querySelector(".modal-blocks input, .modal-blocks textarea, .modal-blocks select") ?? fresh.querySelector("h2")).focus({ preventScroll: true });
    }
  }

  formOf(id) {
    if (!this.forms.has(id)) this.forms.set(id, new Form());
    return this.forms.get(id);
  }

  build(view) {
    const form = this.formOf(view.id);
    const setting = this.workspace.setting({ form, prefix: view.id, where: { view: view.id }, blocks: view.blocks, redraw: () => { this.shown = ""; this.render(this.views); } });
    const waiting = this.views.length > 1 ? element("p", { class: "modal-stack" }, t("slack.stack", { at: this.views.length, count: this.views.length })) : null;
    return element("div", {
      class: `modal depth-${this.views.length}`, role: "dialog", "aria-modal": "true", "aria-labelledby": "modal-title", "data-test": "modal", "data-view": view.id,
      "aria-busy": String(this.busy), on: { keydown: (event) => this.key(view, event) },
    },
    element("form", { novalidate: true, on: { submit: (event) => { event.preventDefault(); this.submit(view); } } },
      element("header", { class: "modal-head" },
        element("h2", { id: "modal-title", tabindex: "-1", dir: "auto", "data-test": "modal-title" }, plain(view.title)), waiting,
        element("button", { type: "button", class: "icon-button", "aria-label": t("slack.close"), title: t("slack.close"), "data-focus": "modal-x", on: { click: () => this.close(view) } }, icon("close"))),
      element("div", { class: "modal-blocks", tabindex: "-1" }, drawBlocks(view.blocks, setting, view.errors)),
      element("p", { class: "problem modal-problem", role: "alert", hidden: true }),
      element("footer", { class: "modal-foot" },
        element("button", { type: "button", class: "slack-button", "data-test": "modal-close", disabled: this.busy, "data-focus": "modal-close", on: { click: () => this.close(view) } }, plain(view.close) || t("slack.close")),
        view.submit && element("button", { type: "submit", class: "slack-button primary", "data-test": "modal-submit", disabled: this.busy, "data-focus": "modal-submit" }, plain(view.submit)))));
  }

  key(view, event) {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      this.close(view);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.submit(view);
    } else if (event.key === "Enter" && event.target.localName === "input" && !["checkbox", "radio"].includes(event.target.type)) {
      // Slack does not send a form because someone presses Enter in one of its lines.
      event.preventDefault();
    }
  }

  showErrors(errors, mayFocus = true) {
    let first = null;
    for (const node of this.sheet.querySelectorAll(".block-input")) {
      showError(node, errors[node.dataset.block]);
      if (errors[node.dataset.block]) first ??= node;
    }
    if (first && (mayFocus || this.justSent)) {
      this.justSent = false;
      first.scrollIntoView({ block: "nearest" });
      first.querySelector("input, textarea, select, summary")?.focus({ preventScroll: true });
    }
  }

  async submit(view) {
    if (this.busy || !view.submit) return;
    const form = this.formOf(view.id);
    const problems = form.check(view.blocks);
    this.showErrors(problems);
    if (Object.keys(problems).length) return;
    this.justSent = true;
    await this.wait(() => this.workspace.post("submit", { view: view.id, values: form.collect(view.blocks) }));
  }

  async close(view) {
    if (!this.busy) await this.wait(() => this.workspace.post("close", { view: view.id }));
  }

  // While the server works the form shows it; what it refuses stands at the bottom of the form.
  async wait(act) {
    const sheet = this.sheet;
    this.setBusy(sheet, true);
    try {
      await act();
      this.say("");
    } catch (refusal) {
      this.say(refusal.refused ? t("page.refused", { reason: refusal.message }) : t("page.unreachable"));
    } finally {
      this.setBusy(this.sheet ?? sheet, false);
    }
  }

  setBusy(sheet, busy) {
    this.busy = busy;
    sheet.setAttribute("aria-busy", String(busy));
    for (const button of sheet.querySelectorAll(".modal-foot button")) button.disabled = busy;
  }

  say(sentence) {
    const place = this.sheet?.querySelector(".modal-problem");
    if (!place) return;
    place.textContent = sentence;
    place.hidden = !sentence;
  }
}
