// Line drawings for buttons. They are decoration: each button says in words what it does.

const shapes = {
  mark: ["M7 20.5a9.5 9.5 0 1 1 13-10", "M11 17a4.6 4.6 0 1 1 5.6-5.6", "M18.5 19.5h.01"],
  send: ["M4 12h15", "M13 6l6 6-6 6"],
  attach: ["M19 11.5l-7.2 7.2a4.6 4.6 0 0 1-6.5-6.5l8-8a3 3 0 0 1 4.3 4.3l-7.9 7.9a1.5 1.5 0 0 1-2.1-2.1l7-7"],
  commands: ["M14.5 5l-5 14"],
  more: ["M6 12h.01", "M12 12h.01", "M18 12h.01"],
  lock: ["M7 11V8.5a5 5 0 0 1 10 0V11", "M6 11h12v8.5H6z"],
  home: ["M4 11.5L12 5l8 6.5", "M6.5 10v9h11v-9"],
  telephone: ["M8 3.5h8a1.5 1.5 0 0 1 1.5 1.5v14a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 19V5A1.5 1.5 0 0 1 8 3.5z", "M11 17.5h2"],
  workspace: ["M4 6.5h16v10H10.5L6.5 20v-3.5H4z"],
  desk: ["M3.5 6.5h17v11.5h-17z", "M4 7l8 6.5L20 7"],
  clock: ["M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16z", "M12 8v4.3l3 1.7"],
  play: ["M8 5.5l10.5 6.5L8 18.5z"],
  pause: ["M9 6v12", "M15 6v12"],
  stop: ["M7 7h10v10H7z"],
  close: ["M6.5 6.5l11 11", "M17.5 6.5l-11 11"],
  file: ["M7 3.5h7l4 4V20.5H7z", "M14 3.5v4h4"],
  photo: ["M4 6.5h16v12H4z", "M4 16l5-4.5 4 3.5 2.5-2 4.5 4", "M15.5 10h.01"],
  voice: ["M12 4.5a2.5 2.5 0 0 1 2.5 2.5v4.5a2.5 2.5 0 0 1-5 0V7A2.5 2.5 0 0 1 12 4.5z", "M6.5 11.5a5.5 5.5 0 0 0 11 0", "M12 17v3"],
  sticker: ["M5 5h14v8.5L13.5 19H5z", "M19 13.5h-5.5V19"],
  contact: ["M12 6a3 3 0 1 1 0 6 3 3 0 0 1 0-6z", "M6 19.5a6 6 0 0 1 12 0"],
  location: ["M12 21s-6-6.5-6-11a6 6 0 0 1 12 0c0 4.5-6 11-6 11z", "M12 10h.01"],
  edit: ["M5 19l1-4L15.5 5.5l3 3L9 18z"],
  copy: ["M9 8.5h10v11H9z", "M15 5.5H5v11"],
  eye: ["M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6z", "M12 12h.01"],
  pin: ["M9 4.5h6l-1 6 3 2.5H7l3-2.5z", "M12 13v7"],
  menu: ["M5 7.5h14", "M5 12h14", "M5 16.5h14"],
  image: ["M4 5.5h16v13H4z", "M4 15.5l5-4 4 3 3-2 4 3"],
};

const namespace = "http://www.w3.org/2000/svg";

/** icon draws one of the shapes above, in the colour of the text around it. */
export function icon(name) {
  const drawing = document.createElementNS(namespace, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("focusable", "false");
  if (name === "more") drawing.setAttribute("stroke-width", "2.8");
  for (const shape of shapes[name] ?? []) {
    const path = document.createElementNS(namespace, "path");
    path.setAttribute("d", shape);
    drawing.append(path);
  }
  return drawing;
}
