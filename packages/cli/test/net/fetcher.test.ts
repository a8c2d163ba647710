import { afterEach, describe, expect, it } from "vitest";
import { Fetcher } from "../../src/net/fetcher.js";
import { FetchPolicy } from "../../src/net/policy.js";
import { printable } from "../../src/net/printable.js";
import { listen, type Running } from "../servers/listen.js";

const servers: Running[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(({ close }) => close()));
});

function fetcherFor(origin: string, signal: AbortSignal = AbortSignal.timeout(10_000)): Fetcher {
  return new Fetcher(
    new FetchPolicy(new URL(origin), false),
    { timeout: 500, bytes: 10, redirects: 2 },
    signal,
  );
}

async function serve(listener: Parameters<typeof listen>[0]): Promise<string> {
  const server = await listen(listener);
  servers.push(server);
  return server.origin;
}

describe("the fetcher", () => {
  it("keeps header lines as they came, duplicates and all", async () => {
    const origin = await serve((_, response) => response.writeHead(200, { "X-A": ["1", "2"] }).end("hi"));
    const outcome = await fetcherFor(origin).fetch({ url: origin });
    expect(outcome).toMatchObject({ kind: "answer", status: 200, body: "hi", truncated: false });
    expect(outcome.kind === "answer" && outcome.headers.slice(0, 2)).toEqual([
      ["X-A", "1"],
      ["X-A", "2"],
    ]);
  });

  it("reads no more of a body than it may", async () => {
    const origin = await serve((_, response) => response.end("x".repeat(1000)));
    expect(await fetcherFor(origin).fetch({ url: origin })).toMatchObject({
      body: "x".repeat(10),
      truncated: true,
    });
  });

  it("leaves a stream as soon as it has begun", async () => {
    const origin = await serve(
      (_, response) => void response.writeHead(200, { "content-type": "text/event-stream" }).write(":\n"),
    );
    expect(await fetcherFor(origin).fetch({ url: origin })).toMatchObject({ status: 200, truncated: true });
  });

  it("gives up after its time", async () => {
    const origin = await serve(() => undefined);
    expect(await fetcherFor(origin).fetch({ url: origin })).toMatchObject({ reason: "timed out" });
  });

  it("stops when the run ends", async () => {
    const origin = await serve(() => undefined);
    expect(await fetcherFor(origin, AbortSignal.abort()).fetch({ url: origin })).toMatchObject({
      reason: "stopped",
    });
  });

  it("follows redirects within the origin only, and only a few", async () => {
    const origin = await serve((request, response) => {
      const locations: Record<string, string> = {
        "/a": "/b",
        "/loop": "/loop",
        "/away": "https://elsewhere.test/",
      };
      const location = locations[request.url ?? ""];
      if (location === undefined) response.end("end");
      else response.writeHead(302, { location }).end();
    });
    const fetch = (path: string) => fetcherFor(origin).fetch({ url: `${origin}${path}`, follow: true });
    expect(await fetch("/a")).toMatchObject({ body: "end", redirects: [`${origin}/b`] });
    expect(await fetch("/loop")).toMatchObject({ reason: "too many redirects" });
    expect(await fetch("/away")).toMatchObject({ reason: "redirect refused" });
  });

  it("reports a header that cannot be sent", async () => {
    const outcome = await fetcherFor("http://127.0.0.1").fetch({
      url: "http://127.0.0.1/",
      headers: [["X", "\n"]],
    });
    expect(outcome).toMatchObject({ kind: "failure" });
  });

  it("does not connect where it must not", async () => {
    const fetcher = fetcherFor("https://mcp.test");
    expect(await fetcher.fetch({ url: "https://127.0.0.1/" })).toMatchObject({ reason: "address refused" });
    expect(await fetcher.fetch({ url: "https://localhost/" })).toMatchObject({ reason: "address refused" });
    expect(await fetcher.fetch({ url: "file:///etc/passwd" })).toMatchObject({ reason: "url refused" });
    expect(await fetcher.fetch({ url: "nonsense" })).toMatchObject({ reason: "url refused" });
  });
});

describe("printable", () => {
  it("removes escape sequences, control characters and bidirectional overrides", () => {
    expect(printable("\u001b[31mred\u001b[0m\u0007 \u202eevil\u0000 \u001b]8;;http://x\u0007link")).toBe(
      "red   evil  link",
    );
  });

  it("cuts what is too long", () => {
    expect(printable("abcdef", 3)).toBe("abc…");
  });
});
