// A menu that opens from a button and floats above everything (the platform's popover), worked with mouse or arrow keys.

import { element } from "./dom.js";

let count = 0;

/**
 * menuButton makes a button and the menu it opens. items is called at each opening and gives {label, icon, choose, test, checked, disabled}
 * or null for a line between groups. Returns one node that holds both.
 */
export function menuButton({ label, content, className = "", test, menuTest, items, focus }) {
  count += 1;
  const id = `menu-${count}`;
  const menu = element("div", { id, class: "menu", role: "menu", popover: "auto", "aria-label": label, "data-test": menuTest });
  const button = element("button", {
    type: "button", class: className, "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id,
    "aria-label": label, title: label, "data-test": test, "data-focus": focus, on: { click: () => toggle(button, menu, items) },
  }, content);
  menu.addEventListener("toggle", (event) => button.setAttribute("aria-expanded", String(event.newState === "open")));
  menu.addEventListener("keydown", (event) => walk(menu, event));
  return element("span", { class: "menu-holder" }, button, menu);
}

/** openMenu opens the menu of a menuButton where a pointer is, as a long press or the other button of a mouse does. */
export function openMenu(holder, event) {
  const [button, menu] = holder.children;
  if (menu.matches(":popover-open")) return;
  at.set(menu, { x: event.clientX, y: event.clientY });
  button.click();
  at.delete(menu);
}

// Where a menu is to open, if not beside its button.
const at = new WeakMap();

function toggle(button, menu, items) {
  if (menu.matches(":popover-open")) {
    menu.hidePopover();
    return;
  }
  menu.replaceChildren(...items().map((item) => (item ? entry(menu, button, item) : element("hr"))));
  menu.showPopover();
  place(button, menu);
  menu.querySelector("button:not(:disabled)")?.focus();
}

function entry(menu, button, item) {
  return element("button", {
    type: "button", role: item.checked === undefined ? "menuitem" : "menuitemradio", "data-test": item.test, disabled: item.disabled,
    "aria-checked": item.checked === undefined ? undefined : String(item.checked), class: "menu-item",
    on: {
      click: () => {
        menu.hidePopover();
        button.focus();
        item.choose();
      },
    },
  }, item.icon, element("span", { class: "menu-words" }, element("span", {}, item.label), item.hint && element("small", {}, item.hint)));
}

// The menu stands above or below its button, wherever there is more room, and within the window.
function place(button, menu) {
  const pointer = at.get(menu);
  const near = pointer ? new DOMRect(pointer.x, pointer.y, 0, 0) : button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = window.innerHeight - near.bottom >= size.height + 8 || near.top < window.innerHeight / 2;
  const top = below ? near.bottom + 4 : near.top - size.height - 4;
  const left = Math.min(near.left, window.innerWidth - size.width - 8);
  menu.style.top = `${Math.max(8, Math.min(top, window.innerHeight - size.height - 8))}px`;
  menu.style.left = `${Math.max(8, left)}px`;
}

function walk(menu, event) {
  const buttons = [...menu.querySelectorAll("button:not(:disabled)")];
  const now = buttons.indexOf(document.activeElement);
  const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  buttons[(next + buttons.length) % buttons.length]?.focus();
}
