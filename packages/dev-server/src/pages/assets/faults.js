import { $, fillRows, h } from "/_dev/dom.js";
import { change, state, view } from "/_dev/state.js";

const PHASES = {
  legacy: "Metadata and tokens name the environment; strict clients refuse this",
  transition: "Metadata names the MCP server, tokens the environment",
  resource: "Metadata and tokens name the MCP server",
};

const HEALTHY = { issuerPhase: "transition", keyServer: "healthy", tokenFault: "", clockOffset: 0 };

function renderFaults() {
  const { settings, choices } = state;
  for (const name of ["issuerPhase", "keyServer", "tokenFault"]) {
    const values = name === "tokenFault" ? ["", ...choices[name]] : choices[name];
    const options = values.map((value) =>
      h("option", { value }, value === "" ? "as they should be" : value.replaceAll("_", " ")),
    );
    $(name).replaceChildren(...options);
    $(name).value = settings[name];
  }
  if (document.activeElement !== $("clockOffset")) $("clockOffset").value = settings.clockOffset;
  for (const name of ["keyServer", "tokenFault", "clockOffset"]) {
    $(name).classList.toggle("broken", settings[name] !== HEALTHY[name]);
  }
  $("phase-help").textContent = PHASES[settings.issuerPhase];
  const rows = state.keys.map((key) =>
    h(
      "div.row",
      {},
      h("div", {}, h("code", {}, key.kid)),
      h(
        "span.actions",
        {},
        key.signs ? h("span.pill.good", {}, "signs") : h("span.pill.off", {}, "published"),
        h(
          "button.small.danger",
          {
            "aria-label": `Revoke key ${key.kid}`,
            onclick: () => change("DELETE", `keys/${key.kid}`, undefined, "Key revoked"),
          },
          "Revoke",
        ),
      ),
    ),
  );
  fillRows("key-list", rows, "There are no keys.");
}

view(({ settings, keys }) => [settings, keys], renderFaults);
$("rotate").onclick = () => change("POST", "keys", {}, "A new key signs now");
$("heal").onclick = () => change("PATCH", "settings", HEALTHY, "Everything works again");
for (const name of Object.keys(HEALTHY)) {
  $(name).onchange = ({ target }) => change("PATCH", "settings", { [name]: target.value }, "Changed");
}
