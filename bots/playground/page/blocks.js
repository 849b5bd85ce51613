// Block Kit blocks as DOM nodes.

import { element } from "./dom.js";
import { control, picture } from "./elements.js";
import { plain, richText, textObject } from "./mrkdwn.js";
import { t } from "./texts.js";

let count = 0;

/** drawBlocks gives a node per block. errors is {block_id: sentence}; setting as in elements.js. */
export function drawBlocks(blocks, setting, errors = {}) {
  return (blocks ?? []).map((block) => {
    const draw = drawings[block.type] ?? unknown;
    const node = draw(block, setting, errors);
    node.classList.add("block", `block-${block.type}`);
    if (block.block_id) node.dataset.block = block.block_id;
    return node;
  });
}

const unknown = (block) => element("p", { class: "not-shown" }, t("slack.not-shown", { type: block.type }));

function section(block, setting) {
  return element("div", {},
    element("div", { class: "section-words" },
      block.text && element("div", { class: "text" }, textObject(block.text, setting.names)),
      block.fields && element("div", { class: "fields" }, block.fields.map((field) => element("div", { class: "text" }, textObject(field, setting.names))))),
    block.accessory && element("div", { class: "accessory" }, control(block, block.accessory, setting)));
}

function context(block, setting) {
  return element("div", {}, (block.elements ?? []).map((part) => (part.type === "image" ? picture(part, "tiny") : element("span", { class: "text" }, textObject(part, setting.names)))));
}

/** showError writes or removes the sentence under an input block. */
export function showError(node, sentence) {
  const place = node.querySelector(".problem");
  if (!place) return;
  place.textContent = sentence ?? "";
  place.hidden = !sentence;
  node.classList.toggle("has-problem", Boolean(sentence));
  for (const field of node.querySelectorAll("input, textarea, select, summary")) {
    if (sentence) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function input(block, setting, errors) {
  count += 1;
  const id = `field-${count}`;
  const group = ["checkboxes", "radio_buttons"].includes(block.element?.type) || block.element?.type.startsWith("multi_");
  const describedBy = `${id}-hint ${id}-problem`;
  const words = [plain(block.label), block.optional && element("small", {}, ` (${t("slack.optional")})`)];
  const field = control(block, block.element ?? { type: "?" }, setting, { id, describedBy, dispatch: block.dispatch_action });
  if (group) (field.querySelector("summary") ?? field).setAttribute("aria-labelledby", `${id}-label`);
  const node = element("div", {},
    group ? element("span", { class: "label", id: `${id}-label`, dir: "auto" }, words) : element("label", { class: "label", for: id, id: `${id}-label`, dir: "auto" }, words),
    field,
    element("p", { class: "problem", id: `${id}-problem`, role: "alert", "data-test": "modal-error", hidden: true }),
    block.hint && element("p", { class: "hint", id: `${id}-hint`, dir: "auto" }, plain(block.hint)));
  showError(node, errors[block.block_id]);
  return node;
}

function table(block, setting) {
  const cell = (part, tag) => element(tag, { dir: "auto" }, part.type === "rich_text" ? richText(part.elements, setting.names) : part.text ?? String(part.value ?? ""));
  return element("div", { class: "scroll", tabindex: "0" }, element("table", {}, (block.rows ?? []).map((row, index) => element("tr", {}, row.map((part) => cell(part, index ? "td" : "th"))))));
}

const drawings = {
  section, context, input, table,
  header: (block) => element("h3", { dir: "auto" }, plain(block.text)),
  divider: () => element("hr"),
  actions: (block, setting) => element("div", {}, (block.elements ?? []).map((part) => control(block, part, setting))),
  rich_text: (block, setting) => element("div", { class: "text" }, richText(block.elements, setting.names)),
  image: (block) => element("figure", {}, picture(block), block.title && element("figcaption", {}, plain(block.title))),
  markdown: (block) => element("div", { class: "text", dir: "auto" }, block.text ?? ""),
};
