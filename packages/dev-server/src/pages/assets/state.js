// What the page shows, and how it is changed: GET /_dev/api/state and the rest of /_dev/api.

import { h, toast } from "/_dev/dom.js";

export async function api(method, path, body) {
  const response = await fetch(`/_dev/api/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const value = await response.json();
  if (!response.ok) throw new Error(value.error ?? `The server answered ${response.status}.`);
  return value;
}

/** What the server said last. */
export let state;

/** What to render, by what it is rendered from. */
const views = [];

/** Renders `pick(state)` with `render` now and whenever it changes. */
export function view(pick, render) {
  views.push({ pick, render, text: undefined });
}

export async function refresh() {
  state = await api("GET", "state");
  const focused = document.activeElement?.getAttribute("aria-label");
  for (const one of views) rerender(one);
  if (focused && document.activeElement === document.body) {
    document.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  }
}

/** Renders what changed only, so that what is open stays open and what has the focus keeps it. */
function rerender(one) {
  const text = JSON.stringify(one.pick(state));
  if (one.text === text) return;
  one.text = text;
  one.render();
}

export async function change(method, path, body, said) {
  try {
    await api(method, path, body);
    await refresh();
    toast(said);
  } catch (error) {
    toast(error.message);
  }
}

/** A button that deletes, after asking. */
export function removal(what, path) {
  return h(
    "button.small.danger",
    {
      "aria-label": `Delete ${what}`,
      onclick: () => confirm(`Delete ${what}?`) && change("DELETE", path, undefined, `${what} deleted`),
    },
    "Delete",
  );
}
