// What a page owes to who can't see it, can't hold a mouse or reads with difficulty, as far as a program can tell (WCAG 2.2, level AA,
// by the numbers named below). The value is a list of what is wrong; empty: nothing.
(() => {
  const wrong = [];
  const say = (what, element) => wrong.push(what + (element ? ": " + element.outerHTML.replace(/\s+/g, " ").slice(0, 160) : ""));
  const words = (text) => (text || "").replace(/\s+/g, " ").trim();
  const shown = (element) => element.checkVisibility({visibilityProperty: true}) && !element.closest("[aria-hidden=true]");
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);

  // 3.1.1 language, 2.4.2 title
  if (!/^(nl|en)$/.test(document.documentElement.lang)) say("the page does not say its language");
  if (!words(document.title)) say("the page has no title");

  // 1.3.1 one heading for the whole, and none that skips a level
  if (all("h1").length !== 1) say(`there are ${all("h1").length} first headings`);
  let level = 1;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const now = Number(heading.tagName[1]);
    if (now > level + 1) say("a heading skips a level", heading);
    level = now;
    if (!words(heading.textContent)) say("a heading says nothing", heading);
  }

  // 4.1.1 what refers to something finds it, and just one
  const ids = new Map();
  for (const element of document.querySelectorAll("[id]")) ids.set(element.id, (ids.get(element.id) || 0) + 1);
  for (const [id, count] of ids) if (count > 1) say(`${count} elements are called ${id}`);
  const named = (element, attribute) => (element.getAttribute(attribute) || "").split(/\s+/).filter(Boolean);
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of named(element, attribute)) if (!ids.has(id)) say(`${attribute} finds no ${id}`, element);
    }
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    if (link.hash.length > 1 && !ids.has(decodeURIComponent(link.hash.slice(1)))) say("a link within the page leads nowhere", link);
  }

  // 4.1.2 a name for whatever can be worked, 1.1.1 a text for each picture
  const texts = (element) => named(element, "aria-labelledby").map((id) => document.getElementById(id)?.textContent).join(" ");
  const inside = (element) => words(element.textContent) || [...element.querySelectorAll("img[alt], [aria-label], svg title")]
    .map((one) => one.alt || one.getAttribute("aria-label") || one.textContent).join(" ");
  const nameOf = (element) => words(element.getAttribute("aria-label")) || words(texts(element)) || words(inside(element)) || words(element.title);
  for (const field of all("input:not([type=hidden]), select, textarea")) {
    const labels = [...(field.labels || [])].map((label) => label.textContent).join(" ");
    if (!words(labels) && !words(field.getAttribute("aria-label")) && !words(texts(field))) say("a field has no label", field);
  }
  for (const control of all("button, a[href], summary, [role=button], [role=tab], [role=link], [role=menuitem]")) {
    if (!nameOf(control)) say("something that can be pressed has no name", control);
  }
  for (const picture of all("img")) if (!picture.hasAttribute("alt")) say("a picture has no text", picture);
  for (const element of all("[tabindex]")) if (element.tabIndex > 0) say("something is reached out of its order", element);

  // 3.3.1 what is wrong is said at its field, and tied to it
  for (const field of all("[aria-invalid=true]")) {
    const said = named(field, "aria-describedby").map((id) => words(document.getElementById(id)?.textContent)).join("");
    if (!said) say("a field is wrong, and nothing that is tied to it says why", field);
  }

  // 1.4.3 contrast: 4.5 to 1, or 3 to 1 where the letters are large
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d", {willReadFrequently: true});
  const colour = (css) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = css;
    brush.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const luminance = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => { // null: a picture is behind it, which has no one colour
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      layers.push(colour(style.backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), colour("canvas"));
  };
  const seen = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!words(walk.currentNode.data) || seen.has(element) || !shown(element)) continue;
    seen.add(element);
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (element.closest(":disabled, option, script, style, .unseen") || box.width <= 1 || box.height <= 1) continue;
    const ground = behind(element);
    if (!ground) continue;
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    const ink = colour(style.color);
    ink[3] *= opacity;
    const [light, dark] = [luminance(over(ink, ground)), luminance(ground)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < (large ? 3 : 4.5)) say(`the contrast is ${ratio.toFixed(2)} to 1`, element);
  }
  return wrong;
})()
