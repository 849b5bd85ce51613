// How the story finds what it works with: by data-test names, and by what a control does or says.

/** one gives the first control of a name, all gives every one. */
export const one = (test) => document.querySelector(`[data-test="${test}"]`);
export const all = (test) => [...document.querySelectorAll(`[data-test="${test}"]`)];

/** shown gives the node back if a person could use it now, else null. */
export const shown = (node) => (node && node.getClientRects().length && !node.disabled ? node : null);

/** fits tells whether a control is meant: a text names what it does ("reply" is also "reply:K-2026-0001"), a pattern its words. */
export function fits(wanted, does, words) {
  if (wanted instanceof RegExp) return wanted.test(words);
  return does === wanted || String(does ?? "").startsWith(`${wanted}:`);
}

/** holds tells whether a text has the words or matches the pattern. */
export const holds = (text, wanted) => (wanted instanceof RegExp ? wanted.test(text) : text.includes(wanted));
