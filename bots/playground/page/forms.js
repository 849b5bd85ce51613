// What a person has filled in, per view or message, kept apart from the DOM so that a redrawn block keeps it; and the checks that Slack's own client makes.

import { t } from "./texts.js";

/** Form holds the state of the interactive elements of one view or message: values[block_id][action_id], as Slack sends it. */
export class Form {
  constructor() {
    this.values = {};
  }

  /** get gives the state of an element; at first sight that is its initial value. */
  get(blockID, control) {
    this.values[blockID] ??= {};
    this.values[blockID][control.action_id] ??= initial(control);
    return this.values[blockID][control.action_id];
  }

  set(blockID, control, change) {
    this.values[blockID] = { ...this.values[blockID], [control.action_id]: { type: control.type, ...change } };
  }

  /** collect gives the state of exactly the blocks that are shown now. */
  collect(blocks) {
    const values = {};
    for (const [block, control] of controlsOf(blocks)) {
      if (!stateful.has(control.type)) continue;
      (values[block.block_id] ??= {})[control.action_id] = this.get(block.block_id, control);
    }
    return values;
  }

  /** check gives {block_id: sentence} for what Slack would not let through. */
  check(blocks) {
    const errors = {};
    for (const block of blocks ?? []) {
      if (block.type !== "input" || !block.element) continue;
      const problem = problemOf(block, this.get(block.block_id, block.element));
      if (problem) errors[block.block_id] = problem;
    }
    return errors;
  }
}

const stateful = new Set([
  "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "static_select", "external_select", "users_select", "conversations_select",
  "channels_select", "multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select", "checkboxes",
  "radio_buttons", "datepicker", "timepicker", "datetimepicker", "file_input",
]);

// controlsOf lists [block, element] for every interactive element of the blocks.
function controlsOf(blocks) {
  const found = [];
  for (const block of blocks ?? []) {
    for (const control of [block.element, block.accessory, ...(block.type === "actions" ? block.elements ?? [] : [])]) if (control?.action_id) found.push([block, control]);
  }
  return found;
}

function initial(control) {
  const { type } = control;
  const state = { type };
  if (/_text_input$|^number_input$/.test(type)) return type === "rich_text_input" ? { ...state, rich_text_value: control.initial_value ?? null } : { ...state, value: control.initial_value || null };
  if (type === "checkboxes" || /^multi_(static|external)_select$/.test(type)) return { ...state, selected_options: control.initial_options ?? [] };
  if (type === "file_input") return { ...state, files: [] };
  if (type === "multi_users_select") return { ...state, selected_users: control.initial_users ?? [] };
  if (type === "multi_conversations_select") return { ...state, selected_conversations: control.initial_conversations ?? [] };
  if (type === "multi_channels_select") return { ...state, selected_channels: control.initial_channels ?? [] };
  if (type === "users_select") return { ...state, selected_user: control.initial_user ?? null };
  if (type === "conversations_select") return { ...state, selected_conversation: control.initial_conversation ?? null };
  if (type === "channels_select") return { ...state, selected_channel: control.initial_channel ?? null };
  if (type === "datepicker") return { ...state, selected_date: control.initial_date ?? null };
  if (type === "timepicker") return { ...state, selected_time: control.initial_time ?? null };
  if (type === "datetimepicker") return { ...state, selected_date_time: control.initial_date_time ?? null };
  return { ...state, selected_option: control.initial_option ?? null };
}

/** contentOf gives what was filled in, whatever the kind of element; empty is null or an empty list. */
export const contentOf = (state) => Object.entries(state).find(([name]) => name !== "type")?.[1] ?? null;

function problemOf(block, state) {
  const control = block.element;
  const content = contentOf(state);
  const empty = content === null || content === "" || (Array.isArray(content) && content.length === 0) || (typeof content === "string" && content.trim() === "");
  if (empty) return block.optional ? "" : t(/input$/.test(control.type) ? "slack.required" : "slack.choose-required");
  if (typeof content !== "string") return "";
  const length = [...content].length;
  if (control.min_length && length < control.min_length) return t("slack.too-short", { count: control.min_length });
  if (control.max_length && length > control.max_length) return t("slack.too-long", { count: control.max_length });
  if (control.type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(content)) return t("slack.no-email");
  if (control.type === "url_text_input" && !/^https?:\/\/\S+$/.test(content)) return t("slack.no-url");
  if (control.type === "number_input" && !isNumber(content, control)) return t("slack.no-number");
  return "";
}

function isNumber(content, control) {
  if (!(control.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/).test(content)) return false;
  const number = Number(content);
  return !(control.min_value !== undefined && number < Number(control.min_value)) && !(control.max_value !== undefined && number > Number(control.max_value));
}
