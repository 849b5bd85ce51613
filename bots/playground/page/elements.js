// Slack's interactive elements as ordinary form controls.
//
// setting is {form, names, lists: {members, channels}, act(block, control, change), confirm(object), put(file), prefix}: the form keeps what is filled in, act
// sends a click (block_actions) to the server, confirm asks "are you sure", put uploads a file.

import { clear, element, grow } from "./dom.js";
import { icon } from "./icons.js";
import { menuButton } from "./popup.js";
import { plain, textObject } from "./mrkdwn.js";
import { localOf, secondsSince1970 } from "./dates.js";
import { contentOf } from "./forms.js";
import { labelOf } from "./people.js";
import { sizeOf, t } from "./texts.js";

/**
 * control draws one element. field is given inside an input block: {id, describedBy, dispatch}. Outside an input block each change is a click.
 */
export function control(block, part, setting, field) {
  const draw = drawings[part.type];
  if (!draw) return element("p", { class: "not-shown" }, t("slack.not-shown", { type: part.type }));
  const node = draw(block, part, setting, field);
  node.dataset.action = part.action_id ?? "";
  return node;
}

const focusName = (block, part, setting, rest = "") => `${setting.prefix}/${block.block_id}/${part.action_id}${rest}`;

// changed keeps the new state and, where Slack would, tells the server of it.
async function changed(block, part, setting, field, change) {
  if (field && !field.dispatch) {
    setting.form.set(block.block_id, part, change);
    return;
  }
  const before = setting.form.get(block.block_id, part);
  if (part.confirm && !(await setting.confirm(part.confirm))) {
    setting.form.set(block.block_id, part, before);
    setting.redraw();
    return;
  }
  setting.form.set(block.block_id, part, change);
  setting.act(block, part, change);
}

function button(block, part, setting) {
  const common = {
    class: `slack-button ${part.style ?? ""}`, "data-test": "slack-button", "data-focus": focusName(block, part, setting), "aria-label": part.accessibility_label,
  };
  const click = async () => {
    if (part.confirm && !(await setting.confirm(part.confirm))) return;
    setting.act(block, part, part.value === undefined ? {} : { value: part.value });
  };
  if (/^https?:/.test(part.url ?? "")) return element("a", { ...common, href: part.url, target: "_blank", rel: "noopener noreferrer", on: { click } }, plain(part.text));
  return element("button", { ...common, type: "button", on: { click } }, plain(part.text));
}

function overflow(block, part, setting) {
  return menuButton({
    label: t("slack.more"), content: icon("more"), className: "slack-button only-icon", test: "slack-overflow", menuTest: "slack-overflow-menu", focus: focusName(block, part, setting),
    items: () => (part.options ?? []).map((option) => ({
      label: plain(option.text), hint: option.description && plain(option.description), test: "slack-overflow-item",
      choose: async () => {
        if (part.confirm && !(await setting.confirm(part.confirm))) return;
        setting.act(block, part, { selected_option: option });
      },
    })),
  });
}

// choicesOf gives what a select offers: {label, change, same(state)}, in groups where Slack has groups.
function choicesOf(part, lists) {
  const option = (choice) => ({ label: plain(choice.text), value: choice, id: choice.value });
  const member = (person) => ({ label: labelOf(person), value: person.id, id: person.id });
  const channel = (place) => ({ label: place.dm_with ? place.title : `# ${place.title}`, value: place.id, id: place.id });
  if (part.type.includes("users")) return [{ choices: lists.members.filter((person) => !person.deleted).map(member) }];
  if (part.type.includes("conversations")) return [{ choices: lists.channels.filter((place) => included(place, part.filter)).map(channel) }];
  if (part.type.includes("channels")) return [{ choices: lists.channels.filter((place) => !place.private && !place.dm_with).map(channel) }];
  if (part.option_groups) return part.option_groups.map((group) => ({ label: plain(group.label), choices: group.options.map(option) }));
  return [{ choices: (part.options ?? []).map(option) }];
}

function included(place, filter) {
  const kind = place.dm_with ? "im" : place.private ? "private" : "public";
  return !filter?.include || filter.include.includes(kind);
}

const stateName = (type, many) => {
  const names = { users: "selected_user", conversations: "selected_conversation", channels: "selected_channel" };
  const kind = Object.keys(names).find((word) => type.includes(word));
  return (names[kind] ?? "selected_option") + (many ? "s" : "");
};

const idOf = (chosen) => (chosen && typeof chosen === "object" ? chosen.value : chosen);

function select(block, part, setting, field) {
  const groups = choicesOf(part, setting.lists);
  const all = groups.flatMap((group) => group.choices);
  const now = idOf(contentOf(setting.form.get(block.block_id, part)));
  const options = (choices) => choices.map((choice) => element("option", { value: choice.id, selected: choice.id === now }, choice.label));
  return element("select", {
    class: "slack-select", "data-test": "slack-select", id: field?.id, "aria-describedby": field?.describedBy, "data-focus": focusName(block, part, setting),
    "aria-label": field ? undefined : plain(part.placeholder) || t("slack.choose"),
    on: {
      change: (event) => {
        const chosen = all.find((choice) => choice.id === event.target.value);
        changed(block, part, setting, field, { [stateName(part.type, false)]: chosen?.value ?? null });
      },
    },
  },
  element("option", { value: "", selected: !now }, plain(part.placeholder) || t("slack.choose")),
  groups.map((group) => (group.label ? element("optgroup", { label: group.label }, options(group.choices)) : options(group.choices))));
}

function multiSelect(block, part, setting, field) {
  const groups = choicesOf(part, setting.lists);
  const name = stateName(part.type, true);
  const chosen = () => (contentOf(setting.form.get(block.block_id, part)) ?? []).map(idOf);
  const summary = element("summary", { id: field?.id, "aria-describedby": field?.describedBy, "data-focus": focusName(block, part, setting) });
  const label = () => {
    const words = groups.flatMap((group) => group.choices).filter((choice) => chosen().includes(choice.id)).map((choice) => choice.label);
    summary.textContent = words.length ? words.join(", ") : plain(part.placeholder) || t("slack.choose");
  };
  const box = (choice) => element("label", { class: "choice" }, element("input", {
    type: "checkbox", value: choice.id, checked: chosen().includes(choice.id), "data-focus": focusName(block, part, setting, `/${choice.id}`),
    on: {
      change: (event) => {
        const ids = event.target.checked ? [...chosen(), choice.id] : chosen().filter((id) => id !== choice.id);
        if (part.max_selected_items && ids.length > part.max_selected_items) {
          event.target.checked = false;
          return;
        }
        const values = groups.flatMap((group) => group.choices).filter((one) => ids.includes(one.id)).map((one) => one.value);
        changed(block, part, setting, field, { [name]: values }).then(label);
        label();
      },
    },
  }), choice.label);
  label();
  return element("details", { class: "multi", "data-test": "slack-multi" }, summary,
    element("div", { class: "choices", role: "group" }, groups.map((group) => [group.label && element("strong", {}, group.label), group.choices.map(box)])));
}

// Checkboxes and radio buttons differ only in how many may be on.
function options(block, part, setting, field) {
  const many = part.type === "checkboxes";
  const name = `${setting.prefix}-${block.block_id}-${part.action_id}`;
  const chosen = () => [contentOf(setting.form.get(block.block_id, part)) ?? []].flat().map((option) => option.value);
  const box = (option) => element("label", { class: "choice" },
    element("input", {
      type: many ? "checkbox" : "radio", name, value: option.value, checked: chosen().includes(option.value), "data-focus": focusName(block, part, setting, `/${option.value}`),
      on: {
        change: (event) => {
          if (!many) {
            changed(block, part, setting, field, { selected_option: option });
            return;
          }
          const values = event.target.checked ? [...chosen(), option.value] : chosen().filter((value) => value !== option.value);
          changed(block, part, setting, field, { selected_options: part.options.filter((one) => values.includes(one.value)) });
        },
      },
    }),
    element("span", {}, textObject(option.text, setting.names), option.description && element("small", {}, textObject(option.description, setting.names))));
  return element("div", { class: "choices", id: field?.id, role: many ? "group" : "radiogroup", "aria-describedby": field?.describedBy, "data-test": "slack-choices" }, (part.options ?? []).map(box));
}

function written(block, part, setting, field) {
  const rich = part.type === "rich_text_input";
  const multiline = part.multiline || rich;
  const state = setting.form.get(block.block_id, part);
  const kinds = { email_text_input: "email", url_text_input: "url" };
  const count = part.max_length ? element("small", { class: "used", "aria-hidden": "true" }) : null;
  const keep = (text, tell) => {
    const change = rich ? { rich_text_value: text ? richOf(text) : null } : { value: text || null };
    if (count) count.textContent = t("slack.count", { used: [...text].length, limit: part.max_length });
    if (tell) changed(block, part, setting, field, change);
    else setting.form.set(block.block_id, part, change);
  };
  const triggers = part.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const input = element(multiline ? "textarea" : "input", {
    class: "slack-input", "data-test": "slack-input", id: field?.id, "aria-describedby": field?.describedBy, "data-focus": focusName(block, part, setting), dir: "auto",
    type: multiline ? undefined : kinds[part.type] ?? "text", inputmode: part.type === "number_input" ? (part.is_decimal_allowed ? "decimal" : "numeric") : undefined,
    placeholder: plain(part.placeholder) || undefined, rows: multiline ? 4 : undefined, autocomplete: "off", value: rich ? textOf(state.rich_text_value) : state.value ?? "",
    "data-first": part.focus_on_load || undefined,
    on: {
      input: (event) => {
        keep(event.target.value, field?.dispatch && triggers.includes("on_character_entered"));
        if (multiline) grow(event.target);
      },
      keydown: (event) => {
        if (event.key === "Enter" && !multiline && field?.dispatch && triggers.includes("on_enter_pressed")) keep(event.target.value, true);
      },
    },
  });
  if (count) count.textContent = t("slack.count", { used: [...input.value].length, limit: part.max_length });
  if (multiline) requestAnimationFrame(() => input.isConnected && grow(input));
  return count ? element("span", { class: "counted" }, input, count) : input;
}

const richOf = (text) => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] });
const textOf = (value) => (value?.elements ?? []).flatMap((part) => part.elements ?? []).map((piece) => piece.text ?? "").join("");

function moment(block, part, setting, field) {
  const kinds = {
    datepicker: ["date", "selected_date", (text) => text || null, (value) => value ?? ""],
    timepicker: ["time", "selected_time", (text) => text || null, (value) => value ?? ""],
    datetimepicker: ["datetime-local", "selected_date_time", (text) => (text ? secondsSince1970(text) : null), (value) => (value ? localOf(value * 1000) : "")],
  };
  const [type, name, read, write] = kinds[part.type];
  return element("input", {
    type, class: "slack-input when", "data-test": "slack-when", id: field?.id, "aria-describedby": field?.describedBy, "data-focus": focusName(block, part, setting),
    value: write(setting.form.get(block.block_id, part)[name]),
    "aria-label": field ? undefined : plain(part.placeholder) || t(part.type === "timepicker" ? "slack.time" : "slack.date"),
    on: { change: (event) => changed(block, part, setting, field, { [name]: read(event.target.value) }) },
  });
}

// A file goes up as soon as it is chosen; the form then carries what Slack says of it.
function files(block, part, setting, field) {
  const most = part.max_files ?? 10;
  const now = () => contentOf(setting.form.get(block.block_id, part)) ?? [];
  const list = element("ul", { class: "file-list" });
  const keep = (chosen) => {
    setting.form.set(block.block_id, part, { files: chosen });
    show();
  };
  const pick = element("input", {
    type: "file", class: "slack-input", multiple: most > 1, id: field?.id, "aria-describedby": field?.describedBy, "data-test": "slack-files", "data-focus": focusName(block, part, setting),
    accept: part.filetypes?.map((ending) => `.${ending}`).join(),
    on: {
      change: async (event) => {
        const chosen = [...event.target.files];
        event.target.value = "";
        for (const file of chosen.slice(0, Math.max(0, most - now().length))) {
          const put = await setting.put(file);
          if (put) keep([...now(), put]);
        }
      },
    },
  });
  const show = () => {
    clear(list).append(...now().map((file) => element("li", { "data-test": "slack-file" }, icon("file"), element("span", { dir: "auto" }, file.name), element("small", {}, sizeOf(file.size ?? 0)),
      element("button", { type: "button", class: "icon-button", "aria-label": t("slack.take-out", { name: file.name }), on: { click: () => keep(now().filter((other) => other.id !== file.id)) } }, icon("close")))));
    list.hidden = !now().length;
    pick.disabled = now().length >= most;
  };
  show();
  return element("div", { class: "files" }, list, pick);
}

const drawings = {
  button, overflow, file_input: files,
  static_select: select, external_select: select, users_select: select, conversations_select: select, channels_select: select,
  multi_static_select: multiSelect, multi_external_select: multiSelect, multi_users_select: multiSelect, multi_conversations_select: multiSelect, multi_channels_select: multiSelect,
  checkboxes: options, radio_buttons: options,
  plain_text_input: written, email_text_input: written, url_text_input: written, number_input: written, rich_text_input: written,
  datepicker: moment, timepicker: moment, datetimepicker: moment,
  image: (block, part) => picture(part),
};

/** picture shows an image that this server holds; of one that stands elsewhere only the description, since the page fetches nothing from outside. */
export function picture(part, className = "") {
  const address = part.image_url ?? "";
  const own = /^data:image\/(png|jpeg|gif|svg\+xml);/.test(address) || (address && new URL(address, location.href).origin === location.origin);
  if (own) return element("img", { src: address, alt: part.alt_text ?? "", class: className, loading: "lazy" });
  return element("span", { class: `picture ${className}`, role: "img", "aria-label": t("slack.picture", { alt: part.alt_text ?? "" }), title: part.alt_text ?? "" }, icon("image"), className ? "" : part.alt_text ?? "");
}

/** confirmation asks a confirm object's question in place, and gives the answer. */
export function confirmation(place, object, names) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const answer = (yes) => {
      dialog.close();
      clear(dialog);
      dialog.remove();
      before?.focus?.({ preventScroll: true });
      resolve(yes);
    };
    const style = object.style === "danger" ? "danger" : "primary";
    const dialog = element("dialog", { class: "confirm", "data-test": "confirm", "aria-labelledby": "confirm-title", on: { cancel: (event) => { event.preventDefault(); answer(false); } } },
      element("h3", { id: "confirm-title" }, plain(object.title) || t("slack.confirm")),
      element("div", { class: "text" }, textObject(object.text, names)),
      element("div", { class: "confirm-buttons" },
        element("button", { type: "button", class: "slack-button", "data-test": "confirm-no", on: { click: () => answer(false) } }, plain(object.deny) || t("slack.no")),
        element("button", { type: "button", class: `slack-button ${style}`, "data-test": "confirm-yes", on: { click: () => answer(true) } }, plain(object.confirm) || t("slack.yes"))));
    place.append(dialog);
    dialog.showModal();
  });
}
