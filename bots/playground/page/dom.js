// Small helpers to build and keep DOM nodes. Text always becomes a text node: nothing that comes from outside is ever parsed as HTML.

const asProperty = new Set(["value", "checked", "selected", "multiple", "indeterminate", "srcdoc", "textContent"]);

/**
 * element makes one node. Attributes that are false, null or undefined are left out; `on` holds listeners by event name.
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (asProperty.has(name)) {
      node[name] = value;
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  return node;
}

/**
 * keepList makes the children of container the given entries ({key, version, build}), touching only those that are new or have another
 * version: focus, scrolling and what a screen reader has read stay as they were.
 */
export function keepList(container, entries) {
  const before = new Map();
  for (const child of container.children) before.set(child.kept?.key, child);
  let place = container.firstElementChild;
  const kept = new Set();
  for (const entry of entries) {
    let node = before.get(entry.key);
    before.delete(entry.key);
    if (!node || node.kept.version !== entry.version) {
      const fresh = entry.build();
      fresh.kept = { key: entry.key, version: entry.version };
      if (node) {
        if (place === node) place = fresh;
        replaceKeepingFocus(node, fresh);
      }
      node = fresh;
    }
    if (node === place) place = place.nextElementSibling;
    else container.insertBefore(node, place);
    kept.add(node);
  }
  for (const child of [...container.children]) if (!kept.has(child)) child.remove();
}

/**
 * replaceKeepingFocus puts fresh in the place of old. The control that had the focus is looked up again by its data-focus name.
 */
export function replaceKeepingFocus(old, fresh) {
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  const name = active?.dataset.focus;
  const range = active && "selectionStart" in active ? rangeOf(active) : null;
  old.replaceWith(fresh);
  if (!name) return;
  const again = [...fresh.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === name);
  again?.focus({ preventScroll: true });
  if (again && range) setRange(again, range);
}

// Inputs such as e-mail and number have no selection; asking for it throws or gives null.
function rangeOf(input) {
  try {
    return input.selectionStart === null ? null : [input.selectionStart, input.selectionEnd];
  } catch {
    return null;
  }
}

function setRange(input, range) {
  try {
    input.setSelectionRange(...range);
  } catch {
    // This kind of field has no selection to restore.
  }
}

/**
 * stayAtEnd runs change, and scrolls box to its end if that is what it showed before, or if the caller insists. From then on a box that shows its
 * end also does so when it becomes smaller or larger.
 */
export function stayAtEnd(box, change, insist = false) {
  if (!ends.has(box)) watchEnd(box);
  change();
  if (insist) ends.set(box, true);
  toEnd(box);
}

const ends = new WeakMap();

function watchEnd(box) {
  ends.set(box, true);
  box.addEventListener("scroll", () => ends.set(box, box.scrollHeight - box.scrollTop - box.clientHeight < 40), { passive: true });
  new ResizeObserver(() => toEnd(box)).observe(box);
}

function toEnd(box) {
  if (ends.get(box)) box.scrollTop = box.scrollHeight;
}

/** clear removes all children. */
export function clear(node) {
  node.replaceChildren();
  return node;
}

/** hash gives a small, stable number for a text, for instance to choose a tint. */
export function hash(text) {
  let sum = 0;
  for (const character of String(text)) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return sum;
}

/** avatar is a round mark with the initials of a name; the name itself always stands beside it. */
export function avatar(name, extra = "") {
  const words = String(name).replace(/\(.*?\)/g, "").trim().split(/\s+/);
  const letters = [...(words[0] ?? "?")].slice(0, 1).concat(words.length > 1 ? [...words.at(-1)].slice(0, 1) : []);
  return element("span", { class: `avatar tint-${hash(name) % 6} ${extra}`, "aria-hidden": "true" }, letters.join("").toUpperCase());
}

/** grow lets a textarea be as high as its text, up to the limit that the style sheet sets. */
export function grow(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}
