// Elements. Text from elsewhere only ever becomes text nodes and attributes.

export const $ = (id) => document.getElementById(id);

/** An element: `h("button.small", { onclick }, "Copy")`. */
export function h(name, properties, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (tag === "button") element.type = "button";
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined) continue;
    if (key.includes("-")) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.flat().filter((child) => child !== undefined));
  return element;
}

export function fillRows(id, rows, empty) {
  $(id).replaceChildren(...(rows.length > 0 ? rows : [h("p.empty", {}, empty)]));
}

let toastTimer;

export function toast(text) {
  $("toast").textContent = text;
  $("toast").classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => $("toast").classList.remove("shown"), 2500);
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied`);
  } catch {
    toast("The browser did not allow copying");
  }
}
