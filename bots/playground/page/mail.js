// The mailbox: every letter that left the program, as text and as the formatted letter. Nothing in a letter runs, and nothing in it is fetched.

import { clear, element, keepList } from "./dom.js";
import { icon } from "./icons.js";
import { dayOf, shortDayOf, timeOf } from "./dates.js";
import { currentLanguage, sizeOf, t } from "./texts.js";

/** Mailbox lists the letters, newest first, and shows one. page gives telephone, show(panel), notice(sentence) and server. */
export class Mailbox {
  constructor(place, page) {
    this.place = place;
    this.page = page;
    this.open = null;
    this.asText = false;
    this.letters = [];
    this.seen = null;
    this.build();
  }

  build() {
    this.count = element("span", { class: "count" });
    this.list = element("ul", { class: "mail-list", "aria-labelledby": "mail-title" });
    this.empty = element("p", { class: "nothing" }, t("mail.empty"));
    this.letter = element("article", { class: "letter", "data-test": "mail-letter", "aria-live": "polite" });
    this.shown = null;
    clear(this.place).append(
      element("h2", { class: "panel-title", id: "mail-title" }, icon("desk"), t("mail.title"), this.count), this.empty, this.list, this.letter,
    );
    if (this.letters.length) this.show();
  }

  /** render shows a new state. */
  render(state) {
    this.letters = [...(state.mail ?? [])].reverse();
    // What was there when the page opened counts as read.
    this.seen ??= new Set(this.letters.map((letter) => letter.id));
    this.show();
  }

  show() {
    this.empty.hidden = this.letters.length > 0;
    this.count.textContent = this.letters.length ? String(this.letters.length) : "";
    keepList(this.list, this.letters.map((letter) => this.entry(letter)));
    const chosen = this.letters.find((letter) => letter.id === this.open);
    const shown = chosen ? `${chosen.id} ${this.asText} ${currentLanguage()}` : "";
    if (shown === this.shown) return;
    this.shown = shown;
    clear(this.letter);
    this.letter.hidden = this.letters.length === 0;
    this.place.classList.toggle("reads", Boolean(chosen));
    if (chosen) this.letter.append(...this.read(chosen));
    else this.letter.append(element("p", { class: "nothing" }, t("mail.choose")));
  }

  entry(letter) {
    const isOpen = letter.id === this.open;
    const isNew = !this.seen.has(letter.id);
    return {
      key: letter.id,
      version: `${isOpen} ${isNew} ${currentLanguage()}`,
      build: () => element("li", {}, element("button", {
        type: "button", class: `mail-item${isNew ? " is-new" : ""}`, "data-test": "mail-item", "data-id": letter.id, "data-focus": "mail", "aria-pressed": String(isOpen),
        on: { click: () => this.choose(letter.id) },
      },
      element("span", { class: "mail-subject", dir: "auto" }, letter.subject || t("mail.no-subject")),
      element("span", { class: "mail-meta" },
        element("span", { class: "mail-to", dir: "auto" }, `${t("mail.to").toLowerCase()} ${bare(letter.to?.[0] ?? "")}`),
        isNew && element("span", { class: "badge" }, t("page.new")),
        element("time", { datetime: letter.at }, `${shortDayOf(letter.at)} ${timeOf(letter.at)}`)))),
    };
  }

  choose(id) {
    this.open = id;
    this.seen.add(id);
    this.show();
    this.letter.scrollTop = 0;
  }

  // follow goes where a link of a letter leads that is no page of ours: into the chat, where it is a link into it.
  follow(address) {
    const start = /^https?:/.test(address) ? startOf(address) : null;
    if (!start) {
      this.page.notice(t("mail.link-outside"));
      return;
    }
    this.page.show("telephone");
    this.page.telephone.say(`/start ${start}`);
  }

  // linked makes links of the addresses in a text.
  linked(text) {
    const nodes = [];
    let at = 0;
    for (const match of text.matchAll(place)) {
      const address = match[0].replace(/[.,;:]+$/, "");
      const link = element("a", { href: address, "data-test": "mail-link" }, address);
      leadBy(link, (where) => this.follow(where));
      nodes.push(text.slice(at, match.index), link);
      at = match.index + address.length;
    }
    return [...nodes, text.slice(at)];
  }

  read(letter) {
    const formatted = Boolean(letter.html) && !this.asText;
    const way = (asText, key, test) => element("button", {
      type: "button", class: "switch", "data-test": test, "aria-pressed": String(asText !== formatted),
      on: {
        click: () => {
          this.asText = asText;
          this.show();
          this.letter.querySelector(`[data-test="${test}"]`)?.focus({ preventScroll: true });
        },
      },
    }, t(key));
    return [
      element("header", { class: "letter-head" },
        element("h3", { dir: "auto", "data-test": "mail-subject" }, letter.subject || t("mail.no-subject")),
        element("dl", {},
          element("dt", {}, t("mail.from")), element("dd", { dir: "auto" }, letter.from ?? ""),
          element("dt", {}, t("mail.to")), element("dd", { dir: "auto" }, (letter.to ?? []).join(", "))),
        element("div", { class: "letter-line" },
          element("time", { datetime: letter.at, title: dayOf(letter.at) }, `${shortDayOf(letter.at)}, ${timeOf(letter.at)}`),
          letter.html && letter.text && element("span", { class: "switches", role: "group", "aria-label": t("mail.none-way") },
            way(false, "mail.as-letter", "mail-as-letter"), way(true, "mail.as-text", "mail-as-text")))),
      element("div", { class: "letter-body", "data-test": "mail-body" }, formatted ? sheet(letter.html, (address) => this.follow(address)) : element("pre", { dir: "auto" }, this.linked(letter.text ?? ""))),
      attachments(letter.attachments ?? []),
    ];
  }
}

const place = /https?:\/\/[^\s<>"')\]]+/g;

// ownPage tells whether an address is on this computer, as the pages behind our own letters are in the demo.
function ownPage(address) {
  const { hostname, protocol } = new URL(address, location.href);
  return /^https?:$/.test(protocol) && (hostname === location.hostname || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname));
}

// startOf gives what a link into the chat app would say to the bot: https://t.me/<bot>?start=<token>.
function startOf(address) {
  const { hostname, searchParams } = new URL(address, location.href);
  return hostname === "t.me" ? searchParams.get("start") : null;
}

const bare = (address) => (address.match(/<([^<>]+)>/)?.[1] ?? address);

function attachments(files) {
  if (!files.length) return "";
  return element("section", { class: "attachments", "aria-label": t("mail.attachments") },
    element("h4", {}, t("mail.attachments")),
    element("ul", {}, files.map((file) => element("li", { "data-test": "mail-attachment" }, icon("file"),
      element("a", { href: file.url, target: "_blank", rel: "noopener", dir: "auto", "aria-label": t("phone.open", { name: file.name }) }, file.name), element("small", {}, sizeOf(file.bytes ?? 0))))));
}

/**
 * sheet shows the letter's HTML in a frame of its own where no script runs and no form is sent. The letter's own styles are applied as style objects, so
 * that they also count under a policy that forbids inline styles; its scripts, frames and links to other sheets are dropped.
 */
function sheet(html, follow) {
  const frame = element("iframe", { class: "sheet", "data-test": "mail-sheet", sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox", title: t("mail.letter"), referrerpolicy: "no-referrer" });
  frame.addEventListener("load", () => fill(frame, html, follow), { once: true });
  frame.srcdoc = "<!doctype html><title></title>";
  return frame;
}

function fill(frame, html, follow) {
  const inner = frame.contentDocument;
  if (!inner) return;
  const letter = new DOMParser().parseFromString(html, "text/html");
  letter.querySelectorAll("script, iframe, frame, object, embed, link, base, meta, form").forEach((node) => node.remove());
  const sheets = [...letter.querySelectorAll("style")].map((style) => {
    style.remove();
    return style.textContent;
  });
  const inline = [letter.body, ...letter.body.querySelectorAll("[style]")].map((node) => {
    const style = node.getAttribute("style") ?? "";
    node.removeAttribute("style");
    return [node, style];
  });
  for (const node of [letter.body, ...letter.body.querySelectorAll("*")]) {
    for (const { name } of [...node.attributes]) if (name.startsWith("on") || name === "srcset" || name === "background") node.removeAttribute(name);
    if (node.localName === "img" && !/^data:image\//.test(node.getAttribute("src") ?? "")) node.removeAttribute("src");
    if (node.localName === "a") leadBy(node, follow);
  }
  inner.documentElement.lang = letter.documentElement.lang;
  inner.documentElement.dir = letter.documentElement.dir || "auto";
  inner.body.replaceWith(inner.adoptNode(letter.body));
  for (const [node, style] of inline) node.style.cssText = style;
  const view = frame.contentWindow;
  inner.adoptedStyleSheets = [base, ...sheets].map((text) => {
    const made = new view.CSSStyleSheet();
    made.replaceSync(text);
    return made;
  });
  const fit = () => {
    frame.style.height = `${Math.max(80, inner.documentElement.scrollHeight)}px`;
  };
  fit();
  new ResizeObserver(fit).observe(inner.body);
}

// A link of a letter leads to a page on this computer, in a tab of its own, or into the chat; anywhere else it leads nowhere.
function leadBy(link, follow) {
  const address = link.getAttribute("href") ?? "";
  link.setAttribute("rel", "noreferrer noopener");
  if (/^https?:/.test(address) && ownPage(address)) {
    link.setAttribute("target", "_blank");
    return;
  }
  if (/^https?:/.test(address)) link.setAttribute("href", "#");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    follow(address);
  });
}

const base = "html{color:#222;font:15px/1.5 Georgia,serif} body{margin:12px;overflow-wrap:anywhere} img{max-width:100%} table{max-width:100%}";
