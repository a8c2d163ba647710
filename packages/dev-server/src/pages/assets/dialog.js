import { $, h, toast } from "/_dev/dom.js";
import { refresh } from "/_dev/state.js";

/** Asks for values, and saves them; what the server has against them is said in the dialog. */
export function openDialog({ title, fields, save }) {
  const dialog = $("dialog");
  const form = dialog.querySelector("form");
  const problem = dialog.querySelector(".problem");
  problem.hidden = true;
  $("dialog-title").textContent = title;
  dialog.querySelector(".fields").replaceChildren(...fields.map(field));
  form.onsubmit = async (event) => {
    if (event.submitter?.value === "cancel") return;
    event.preventDefault();
    if (!form.reportValidity()) return;
    try {
      await save(valuesOf(form, fields));
      dialog.close();
      await refresh();
      toast("Saved");
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  };
  dialog.showModal();
  dialog.querySelector(".fields :is(input, textarea, select)").focus();
}

function field({ name, label, help, options, rows, checked, ...properties }) {
  if (checked !== undefined) {
    return h("label.check", {}, h("input", { type: "checkbox", name, checked }), label);
  }
  const { value, ...rest } = properties;
  let input;
  if (options)
    input = h("select", { name }, ...options.map(([id, text]) => h("option", { value: id }, text)));
  else if (rows) input = h("textarea", { name, rows, ...rest });
  else input = h("input", { name, autocomplete: "off", ...rest });
  input.value = value;
  input.id = `field-${name}`;
  if (help) input.setAttribute("aria-describedby", `help-${name}`);
  return h(
    "div.field",
    {},
    h("label", { htmlFor: input.id }, label),
    input,
    help ? h("small", { id: `help-${name}` }, help) : undefined,
  );
}

function valuesOf(form, fields) {
  return Object.fromEntries(
    fields.map(({ name, checked }) => {
      const input = form.elements.namedItem(name);
      return [name, checked === undefined ? input.value.trim() : input.checked];
    }),
  );
}
