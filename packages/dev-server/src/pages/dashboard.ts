import type { Answer } from "../http.js";
import baseStyle from "./assets/base.css?raw";
import style from "./assets/dashboard.css?raw";
import document from "./assets/dashboard.html?raw";
import main from "./assets/dashboard.js?raw";
import dialog from "./assets/dialog.js?raw";
import dom from "./assets/dom.js?raw";
import faults from "./assets/faults.js?raw";
import log from "./assets/log.js?raw";
import people from "./assets/people.js?raw";
import servers from "./assets/servers.js?raw";
import state from "./assets/state.js?raw";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

const FILES: Readonly<Record<string, string>> = {
  "base.css": baseStyle,
  "dashboard.css": style,
  "dashboard.js": main,
  "dialog.js": dialog,
  "dom.js": dom,
  "faults.js": faults,
  "log.js": log,
  "people.js": people,
  "servers.js": servers,
  "state.js": state,
};

/** The page at `/`, and what it loads from `/_dev/`. */
export function dashboardAsset(path: string): Answer | undefined {
  if (path === "/") return asset("html", document);
  const name = path.startsWith("/_dev/") ? path.slice("/_dev/".length) : "";
  const body = FILES[name];
  return body === undefined ? undefined : asset(name.split(".").at(-1) ?? "", body);
}

function asset(kind: string, body: string): Answer {
  return {
    status: 200,
    type: TYPES[kind] ?? "text/plain",
    headers: {
      "Cache-Control": "no-store",
      "Content-Security-Policy": `${POLICY}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      "X-Frame-Options": "DENY",
    },
    body,
  };
}
