import fc from "fast-check";
import { expect, it } from "vitest";
import { authInfoOf } from "../../src/auth-info.js";
import { rewriterFor } from "../../src/mcp/rewriter.js";
import { createListing, type ListOptions } from "../../src/policy/listing.js";
import { createPolicy } from "../../src/policy/policy.js";
import { resourceOf } from "../../src/resource.js";
import { accessToken } from "../todo-gate.js";

const names = ["open", "read", "write", "hidden"];
const policies = [
  createPolicy({ tools: { open: { public: true }, read: "read", write: "write" } }, {}),
  createPolicy({ tools: { open: [], read: { anyOf: ["read", "write"] }, write: { roles: "writer" } } }, {}),
];
const callers = [
  undefined,
  ...[[], ["read"], ["read", "write"]].map((scopes) =>
    authInfoOf("t", accessToken({ scopes }), resourceOf("https://mcp.example.com/mcp")),
  ),
  authInfoOf("t", accessToken({ roles: ["writer"] }), resourceOf("https://mcp.example.com/mcp")),
];
const options: ListOptions[] = [
  {},
  { filter: true },
  { filter: ["write"] },
  { filter: true, securitySchemes: false },
];

const listings = policies.flatMap((policy) => options.map((lists) => createListing(policy, lists)));

/** Items whose name is not what it looks like: the last of two keys counts, in whatever way it is written. */
const item = fc.oneof(
  fc.constantFrom(...names).map((name) => `{"name":"${name}"}`),
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...names))
    .chain(([one, other]) =>
      fc.constantFrom(
        `{"name":"${one}","name":"${other}"}`,
        `{"name":"${one}","n\\u0061me":"${other}"}`,
        `{"inputSchema":{"name":"${one}"},"name":"${other}"}`,
        `{"__proto__":{"name":"${one}"},"title":"\\"name\\":\\"${other}\\""}`,
        `{ "description" : "{[", "name" : "${one}", "_meta":{"securitySchemes":["${other}"]}}`,
        `{"name":"${one}","_meta":{"a":1},"_meta":{"b":"ü€😀"}}`,
      ),
    ),
  fc.constantFrom("null", '"open"', "[]", "{}", '{"name":["open"]}', '{"name":1e1}'),
);
const list = fc.array(item, { maxLength: 5 }).map((items) => `[${items}]`);
const around = fc.constantFrom(
  (tools: string, id: number) =>
    `{"jsonrpc":"2.0","id":${id},"result":{"tools":${tools},"cacheScope":"public"}}`,
  (tools: string, id: number) => `{"result":{"tools":${tools},"_meta":{"icons":[1]}},"id":${id}}`,
  (tools: string, id: number) => `{"result":{"tools":[{"name":"hidden"}],"tools":${tools}},"id":${id}}`,
  (tools: string, id: number) => `{"result":{"tools":${tools},"t\\u006fols":[{"name":"hidden"}]},"id":${id}}`,
  (tools: string, id: number) => `{"result":{"tools":${tools}},"result":{"tools":[]},"id":${id}}`,
  (tools: string, id: number) => `{ "id": ${id}, "result": { "tools": ${tools} } }`,
  (tools: string, id: number) => `[{"id":${id},"result":{"tools":${tools}}}]`,
  (tools: string, id: number) => `{"id":${id},"error":{"data":{"result":{"tools":${tools}}}}}`,
  (tools: string, id: number) => `{"id":${id},"result":{"tools":${tools}`,
);
const request = fc.record({
  which: fc.nat(2),
  around,
  id: fc.nat(99),
  caller: fc.constantFrom(...callers),
  listing: fc.constantFrom(...listings),
  streamed: fc.boolean(),
});

it("each caller gets what parsing, changing and writing the whole answer makes of it, whoever asked before", () => {
  fc.assert(
    fc.property(
      fc.array(list, { minLength: 3, maxLength: 3 }),
      fc.array(request, { minLength: 1, maxLength: 40 }),
      (tools, requests) => {
        for (const { which, around, id, caller, listing, streamed } of requests) {
          const rewrite = listing("tools/list", caller) as (message: unknown) => unknown;
          const text = around(tools[which] as string, id);
          const [type, start, end] = streamed
            ? ["text/event-stream", "data: ", "\n\n"]
            : ["application/json", "", ""];
          const rewriter = rewriterFor(type, rewrite);
          const bytes = [rewriter?.push(Buffer.from(start + text + end)), rewriter?.end()] as Uint8Array[];
          expect(Buffer.concat(bytes).toString()).toBe(start + plainly(text, rewrite) + end);
        }
      },
    ),
    { numRuns: 300 },
  );
});

function plainly(text: string, rewrite: (message: unknown) => unknown): string {
  try {
    const message: unknown = JSON.parse(text);
    return JSON.stringify(Array.isArray(message) ? message.map(rewrite) : rewrite(message));
  } catch {
    return text;
  }
}

it("a list too deep to be written does not go out, the first time and later", () => {
  const rewrite = createListing(policies[0] as never, {})("tools/list", undefined) as (
    message: unknown,
  ) => unknown;
  const deep = `[{"name":"open","inputSchema":${"[".repeat(100_000)}${"]".repeat(100_000)}}]`;
  for (const id of [1, 2, 3]) {
    const text = `{"id":${id},"result":{"tools":${deep}}}`;
    const rewriter = rewriterFor("application/json", rewrite);
    rewriter?.push(Buffer.from(text));
    expect(Buffer.from(rewriter?.end() as Uint8Array).toString()).toBe(
      `{"jsonrpc":"2.0","id":${id},"error":{"code":-32603,"message":"Internal error"}}`,
    );
  }
});

it.each(["application/json", "text/event-stream"])(
  "whoever writes each %s into the same buffer is heard each time",
  (type) => {
    const rewrite = createListing(policies[0] as never, {})("tools/list", undefined) as (
      message: unknown,
    ) => unknown;
    const scratch = Buffer.alloc(500);
    const [start, end] = type === "application/json" ? ["", ""] : ["data: ", "\n\n"];
    for (const name of ["tenant_a", "tenant_a", "tenant_b", "tenant_c", "tenant_a"]) {
      const length = scratch.write(`${start}{"id":1,"result":{"tools":[{"name":"${name}"}]}}${end}`);
      const out = rewriterFor(type, rewrite)?.end(scratch.subarray(0, length)) as Uint8Array;
      expect(Buffer.from(out).toString()).toContain(`"name":"${name}"`);
    }
  },
);
