import type { Answer } from "../http.js";
import style from "./assets/dashboard.css?raw";
import document from "./assets/dashboard.html?raw";
import script from "./assets/dashboard.js?raw";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:";

const ASSETS: Readonly<Record<string, readonly [type: string, body: string]>> = {
  "/": ["text/html; charset=utf-8", document],
  "/_dev/dashboard.js": ["text/javascript; charset=utf-8", script],
  "/_dev/dashboard.css": ["text/css; charset=utf-8", style],
};

/** The page at `/` and what it loads. */
export function dashboardAsset(path: string): Answer | undefined {
  const asset = ASSETS[path];
  if (!asset) return undefined;
  const [type, body] = asset;
  return {
    status: 200,
    type,
    headers: {
      "Cache-Control": "no-store",
      "Content-Security-Policy": `${POLICY}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      "X-Frame-Options": "DENY",
    },
    body,
  };
}
