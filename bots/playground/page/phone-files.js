// Files in the telephone: how those in the chat look, and how somebody sends one of their own, or an invented example.

import { element } from "./dom.js";
import { icon } from "./icons.js";
import { known, sizeOf, t } from "./texts.js";

// The most that a bot fetches is 20 MB (Bot API, getFile); a little more can be sent here, so that it can be seen what happens then.
const mostBytes = 25e6;

// What can be sent as an invented example, without a file of one's own.
const examples = ["photo", "document", "voice", "sticker", "contact", "location"];

const shapes = { document: "file", video: "image", animation: "image", video_note: "image", audio: "voice" };
const captioned = ["photo", "document"];

/** attachment draws what a message has besides its words. */
export function attachment(message) {
  const { file, kind } = message;
  const name = message.file_name || known(`phone.${kind}-card`, "") || known(`phone.${kind}`, kind);
  const card = element("div", { class: `attachment ${kind}` }, icon(shapes[kind] ?? kind), element("span", { class: "file-words", dir: "auto" }, file ? openLink(file, name) : name,
    file && element("small", {}, sizeOf(file.size))));
  if (!file) return card;
  const type = file.type.split(";")[0];
  if (/^image\/(jpeg|png|gif|webp)$/.test(type) && kind !== "document") {
    const picture = element("img", { class: "picture-sent", src: file.url, alt: t("phone.picture-of", { name }), loading: "lazy", "data-test": "phone-picture", on: { error: () => look.replaceWith(card) } });
    const look = element("a", { class: "picture-link", href: file.url, target: "_blank", rel: "noopener" }, picture);
    return look;
  }
  if (kind === "voice" || kind === "audio") return element("div", { class: "attachment heard" }, element("audio", { controls: true, preload: "none", src: file.url, "aria-label": name }));
  if (kind === "video" || kind === "video_note" || kind === "animation") return element("video", { class: "picture-sent", controls: true, preload: "metadata", src: file.url, "aria-label": name });
  return card;
}

// A page or a picture opens beside this one; what a browser can't show, it saves.
function openLink(file, name) {
  return element("a", { href: file.url, target: "_blank", rel: "noopener", "data-test": "phone-file", "aria-label": t("phone.open", { name }) }, name);
}

/** Picker sends files for a telephone: phone gives person, act(path, body), words() for a caption, and spent(), called when those words went along. */
export class Picker {
  constructor(phone) {
    this.phone = phone;
    this.pictures = this.input("image/*,video/*", "phone-pick-pictures", false);
    this.files = this.input("", "phone-pick-files", true);
  }

  input(accept, test, asFile) {
    return element("input", {
      type: "file", multiple: true, accept: accept || undefined, hidden: true, tabindex: "-1", "data-test": test,
      on: {
        change: async (event) => {
          const chosen = [...event.target.files];
          event.target.value = "";
          await this.send(chosen, asFile);
        },
      },
    });
  }

  /** nodes are the hidden fields that the page must hold. */
  nodes() {
    return [this.pictures, this.files];
  }

  /** items are the entries of the menu. */
  items() {
    const example = (kind) => ({
      label: ["contact", "location"].includes(kind) ? t(`phone.${kind}`) : t("phone.example", { what: t(`phone.${kind}`) }), icon: icon(shapes[kind] ?? kind),
      hint: captioned.includes(kind) ? t("phone.caption-hint") : "", test: `phone-attach-${kind}`, choose: () => this.example(kind),
    });
    return [
      { label: t("phone.choose-pictures"), icon: icon("image"), hint: t("phone.several"), test: "phone-choose-pictures", choose: () => this.pictures.click() },
      { label: t("phone.choose-files"), icon: icon("file"), hint: t("phone.caption-hint"), test: "phone-choose-files", choose: () => this.files.click() },
      null,
      ...examples.map(example),
    ];
  }

  /** example sends something invented. */
  async example(kind) {
    const named = !["contact", "location"].includes(kind);
    const caption = captioned.includes(kind) ? this.phone.words() : "";
    const done = await this.phone.act("telegram/attach", { person: this.phone.person, kind, file_name: named ? t(`phone.${kind}-name`) : "", caption });
    if (done && caption) this.phone.spent();
  }

  // Several at once are an album, as in Telegram, of which only the first has the words; ten are the most there.
  async send(chosen, asFile) {
    const { person } = this.phone;
    const fitting = chosen.filter((file) => file.size <= mostBytes);
    for (const file of chosen) if (!fitting.includes(file)) this.phone.notice(t("phone.too-large", { name: file.name, limit: sizeOf(mostBytes) }));
    let caption = this.phone.words();
    for (const together of inAlbums(fitting)) {
      const files = [];
      for (const file of together) {
        files.push({ kind: kindOf(file, asFile), file_name: file.name, caption, content: await base64(file) });
        if (caption) this.phone.spent();
        caption = "";
      }
      const done = files.length > 1 ? await this.phone.act("telegram/album", { person, files }) : await this.phone.act("telegram/attach", { person, ...files[0] });
      if (!done) return;
    }
  }
}

// Telegram makes a photograph or a video of what is chosen as one, and a voice note of nothing that is chosen: music is what comes nearest.
function kindOf(file, asFile) {
  if (asFile) return file.type.startsWith("audio/") ? "audio" : "document";
  if (file.type === "image/gif") return "animation";
  if (file.type.startsWith("video/")) return "video";
  return file.type.startsWith("image/") ? "photo" : "document";
}

// inAlbums puts files together, at most ten, and not more bytes than one act brings; what moves by itself goes alone.
function inAlbums(files) {
  const albums = [];
  let room = 0;
  for (const file of files) {
    const alone = file.type === "image/gif";
    if (alone || room < file.size || albums.at(-1).length === 10) {
      albums.push([file]);
      room = alone ? 0 : 2 * mostBytes - file.size;
    } else {
      albums.at(-1).push(file);
      room -= file.size;
    }
  }
  return albums;
}

/** base64 reads a file, for an act that brings it. */
export function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
