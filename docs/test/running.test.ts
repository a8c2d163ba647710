import "./prelude.js";
import { expect, test, vi } from "vitest";
import { pages } from "./pages.js";
import { pathOf, snippetsOf } from "./snippets.js";

const snippets = pages().flatMap(snippetsOf);

// Example servers do not exist; what is on this machine does.
const realFetch = globalThis.fetch;
vi.stubGlobal("fetch", (...[input, init]: Parameters<typeof fetch>) =>
  /^http:\/\/(?:127\.0\.0\.1|localhost)[:/]/.test(input instanceof Request ? input.url : String(input))
    ? realFetch(input, init)
    : Promise.reject(new TypeError("This is an example")),
);
for (const [name, value] of Object.entries({
  SCALEKIT_ENVIRONMENT_URL: "https://acme.scalekit.dev",
  SCALEKIT_RESOURCE_ID: "res_92015146095",
  CLIENT_SECRET: "secret of an example",
  STATE_SECRET: "0123456789abcdef0123456789abcdef",
  NONCE_SECRET: "0123456789abcdef0123456789abcdef",
}))
  vi.stubEnv(name, value);

for (const snippet of snippets) if (snippet.use === "tests") await import(pathOf(snippet, "js"));

test.each(
  snippets
    .filter(({ use }) => use === "run")
    .map((snippet) => [`${snippet.page.path}:${snippet.lines[0]}`, snippet] as const),
)("the code at %s runs", async (_, snippet) => {
  await expect(import(pathOf(snippet, "js"))).resolves.toBeDefined();
});
