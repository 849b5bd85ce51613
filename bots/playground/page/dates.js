// Moments as people read them, always in the organisation's time zone, whatever the zone of this computer.

import { locale } from "./texts.js";

let zone = "Europe/Amsterdam";

/** setZone chooses the organisation's time zone (an IANA name); nothing changes when it is empty or unknown. */
export function setZone(name) {
  if (!name || name === zone) return;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    zone = name;
  } catch {
    // An unknown zone: the one we had stays.
  }
}

const formats = new Map();

function show(moment, options) {
  const key = locale() + zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options }));
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? "" : formats.get(key).format(date);
}

/** timeOf gives 09:05. */
export const timeOf = (moment) => show(moment, { hour: "2-digit", minute: "2-digit" });

/** dayOf gives a whole day: Sunday 22 November 2026. */
export const dayOf = (moment) => show(moment, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** shortDayOf gives 22 Nov 2026. */
export const shortDayOf = (moment) => show(moment, { day: "numeric", month: "short", year: "numeric" });

/** dayKey is the same for two moments on one calendar day, and sorts. */
export function dayKey(moment) {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(date);
}

/** secondsSince1970 turns what a date-and-time field holds ("2026-11-22T09:00", in the organisation's zone) into Unix seconds. */
export function secondsSince1970(local) {
  const wanted = Date.parse(`${local}:00Z`);
  if (Number.isNaN(wanted)) return null;
  let guess = wanted;
  // Twice: the first correction may cross a change of summer time.
  for (let round = 0; round < 2; round += 1) guess += wanted - Date.parse(`${localOf(guess)}:00Z`);
  return Math.floor(guess / 1000);
}

/** localOf gives a moment as a date-and-time field wants it: "2026-11-22T09:00". */
export function localOf(moment) {
  const text = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  }).format(new Date(moment));
  return text.replace(" ", "T");
}

/** slackDate fills a pattern such as "{date_long} {time}", as in <!date^1700000000^{date}|...>. */
export function slackDate(seconds, pattern) {
  const moment = Number(seconds) * 1000;
  const parts = {
    date_num: () => dayKey(moment),
    date: () => show(moment, { day: "numeric", month: "long", year: "numeric" }),
    date_short: () => shortDayOf(moment),
    date_long: () => dayOf(moment),
    date_pretty: () => show(moment, { day: "numeric", month: "long", year: "numeric" }),
    date_short_pretty: () => shortDayOf(moment),
    date_long_pretty: () => dayOf(moment),
    day_divider_pretty: () => dayOf(moment),
    time: () => timeOf(moment),
    time_secs: () => show(moment, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    ago: () => dayOf(moment),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => parts[name]?.() ?? whole);
}

/** daysBetween counts calendar days from one moment to another; negative when the second is earlier. */
export function daysBetween(from, to) {
  return Math.round((Date.parse(`${dayKey(to)}T00:00:00Z`) - Date.parse(`${dayKey(from)}T00:00:00Z`)) / 86400000);
}
