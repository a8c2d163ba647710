import { $, h } from "/_dev/dom.js";
import { refresh } from "/_dev/state.js";

const SHOWN = 300;
let filter = "";
let stale;

export function follow() {
  const source = new EventSource("/_dev/api/log");
  source.onmessage = ({ data }) => {
    const entry = JSON.parse(data);
    show(entry);
    // What is registered may have changed with it.
    if (["registration", "login", "token", "authorize", "management"].includes(entry.kind)) {
      clearTimeout(stale);
      stale = setTimeout(refresh, 150);
    }
  };
}

function show(entry) {
  $("log-empty").hidden = true;
  const item = h(
    "li",
    { "data-kind": entry.kind, hidden: filter !== "" && filter !== entry.kind },
    logEntry(entry),
  );
  $("log-entries").prepend(item);
  while ($("log-entries").children.length > SHOWN) $("log-entries").lastElementChild.remove();
}

function logEntry(entry) {
  const failed = entry.status >= 400 || entry.error !== undefined || entry.decision?.kind === "refused";
  const { id, at, kind, decision, ...facts } = entry;
  return h(
    "details",
    {},
    h(
      "summary",
      {},
      h("time", { dateTime: at }, new Date(at).toLocaleTimeString([], { hour12: false })),
      h("span.pill", {}, kind),
      h("span.what", {}, ...summary(entry)),
      h(
        failed ? "span.pill.bad" : "span.pill.good",
        {},
        failed ? `✕ ${entry.status || "refused"}` : `✓ ${entry.status || "granted"}`,
      ),
    ),
    h("dl.facts", {}, ...Object.entries({ ...facts, ...decision }).flatMap(fact)),
  );
}

function fact([name, value]) {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return [h("dt", {}, name), h("dd", {}, h("code", {}, text))];
}

function summary({
  kind,
  method,
  path,
  decision,
  grantType,
  granted,
  scope,
  error,
  errorDescription,
  detail,
}) {
  if (kind === "decision") {
    const operations = (decision?.operations ?? []).map((one) =>
      [one.method, ...(one.targets ?? [])].join(" "),
    );
    return [operations.join(", ") || "request", h("small", {}, decision?.reason ?? decision?.kind ?? "")];
  }
  const told = error ? [error, detail ?? errorDescription].filter(Boolean).join(": ") : undefined;
  const got = granted !== undefined ? `granted: ${granted || "nothing"}` : scope && `asked for: ${scope}`;
  const second = told ?? got;
  const first =
    grantType ?? (path.startsWith("/scalekit.v1.") ? path.split("/").pop() : `${method} ${shorten(path)}`);
  return [first, second ? h("small", {}, second) : undefined];
}

/** Without the ids, which are among the details. */
function shorten(path) {
  return path
    .replace(/^(\/api\/v1)?\/resources\/res_[^/]+\/(?=oauth|clients:register)/, "/")
    .replace(/res_(\d{4})\d{8,}/g, "res_$1…")
    .replace(/(\/interactions|\/oauth\/authorize)\/.+/, "$1/…");
}

$("log-filter").onchange = ({ target }) => {
  filter = target.value;
  for (const item of $("log-entries").children) item.hidden = filter !== "" && filter !== item.dataset.kind;
};
$("log-clear").onclick = () => {
  $("log-entries").replaceChildren();
  $("log-empty").hidden = false;
};
