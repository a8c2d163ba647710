import { describe, expect, it, vi } from "vitest";
import { rewriterFor } from "../../src/mcp/rewriter.js";

const upper = (message: unknown) => ({ ...(message as object), seen: true });

/** Sends `text` through in pieces of `size` bytes. */
function through(contentType: string, text: string, size = 1_000_000): string {
  const rewriter = rewriterFor(contentType, upper);
  if (rewriter === undefined) return text;
  const bytes = new TextEncoder().encode(text);
  const out: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size)
    out.push(rewriter.push(bytes.slice(start, start + size)));
  out.push(rewriter.end());
  return Buffer.concat(out).toString();
}

it.each(["text/html", "text/plain", "application/octet-stream", "application/jsonl", undefined, null, ""])(
  "an answer of type %j goes out as it came",
  (type) => {
    expect(rewriterFor(type, upper)).toBeUndefined();
  },
);

describe.each([1, 2, 3, 7, 1_000_000])("in pieces of %d bytes", (size) => {
  it("a JSON answer is rewritten as a whole", () => {
    expect(through("application/json; charset=utf-8", '{"a":"ü€😀"}', size)).toBe('{"a":"ü€😀","seen":true}');
  });

  it("a byte order mark belongs to no message", () => {
    expect(through("application/json", '\ufeff{"a":"\ufeff"}', size)).toBe('{"a":"\ufeff","seen":true}');
    expect(through("text/event-stream", '\ufeffdata: {"a":"\ufeff"}\n\n', size)).toBe(
      'data: {"a":"\ufeff","seen":true}\n\n',
    );
  });

  it("a batch is rewritten message by message", () => {
    expect(through("application/json", '[{"a":1},{"b":2}]', size)).toBe(
      '[{"a":1,"seen":true},{"b":2,"seen":true}]',
    );
  });

  it.each(["not json", "", "5", '"text"', "null", "{"])(
    "what is no message goes out as it came: %j",
    (text) => {
      expect(through("application/json", text, size)).toBe(text);
    },
  );

  it.each(["\n\r\n", "\r\n\n", "\n\r", "\r\r\n"])("an event may end in lines of two kinds: %j", (end) => {
    const stream = `data: {"a":1}${end}data: {"b":2}${end}`;
    expect(through("text/event-stream", stream, size).split(/[\r\n]+/)).toEqual([
      'data: {"a":1,"seen":true}',
      'data: {"b":2,"seen":true}',
      "",
    ]);
  });

  it.each(["\n", "\r\n", "\r"])("each event of a stream is rewritten, with line ends %j", (end) => {
    const stream = `: hello${end}${end}event: message${end}id: 7${end}data: {"a":"ü"}${end}${end}`;
    expect(through("text/event-stream", stream, size).split(/\r\n|\n|\r/)).toEqual([
      ": hello",
      "",
      "event: message",
      "id: 7",
      'data: {"a":"ü","seen":true}',
      "",
      "",
    ]);
  });

  it("data over several lines is one message", () => {
    expect(through("text/event-stream", 'data: {"a":\ndata:1}\n\n', size)).toBe(
      'data: {"a":1,"seen":true}\n\n',
    );
  });

  it("data that is no message goes out with the same meaning", () => {
    expect(through("text/event-stream", "data: hello\n\n", size)).toBe("data: hello\n\n");
  });

  it("an event that never ended is not invented an end", () => {
    for (const end of ["", "\n"])
      expect(through("text/event-stream", `data: {"a":1}${end}`, size)).toBe('data: {"a":1,"seen":true}\n');
    expect(through("text/event-stream", 'data: {"a":', size)).toBe('data: {"a":\n');
  });

  it("lines of data that are no message together stay lines of data", () => {
    for (const stream of ['data: {"a":1}\ndata: x\n\n', "data: x\ndata: id: 5\n\n"])
      expect(through("text/event-stream", stream, size)).toBe(stream);
  });

  it("a line of data may do without a colon", () => {
    expect(through("text/event-stream", 'data: {"a":1}\ndata\n\n', size)).toBe(
      'data: {"a":1,"seen":true}\n\n',
    );
  });

  it("a second byte order mark is left to no client", () => {
    expect(through("text/event-stream", '\ufeff\ufeffdata: {"a":1}\n\n', size)).toBe(
      'data: {"a":1,"seen":true}\n\n',
    );
  });
});

it.each(["application/json", "text/event-stream"])(
  "whoever writes %s may fill its buffer anew for the next piece",
  (type) => {
    const rewriter = rewriterFor(type, upper);
    const buffer = new Uint8Array(3);
    const out: Uint8Array[] = [];
    const data = type === "application/json" ? ['{"a', '":1', "}  "] : ["dat", "a:{", "}\n\n"];
    for (const piece of data) {
      new TextEncoder().encodeInto(piece, buffer);
      out.push(rewriter?.push(buffer) as Uint8Array);
    }
    buffer.fill(0);
    out.push(rewriter?.end() as Uint8Array);
    expect(Buffer.concat(out).toString()).toMatch(/^(\{"a":1,"seen":true\}|data: \{"seen":true\}\n\n)$/);
  },
);

it.each(["\n", "\r", "\r\n"])(
  "each byte of a stream is looked at once or twice, with line ends %j",
  (end) => {
    const bytes = new TextEncoder().encode(`id: 1${end}${end}`.repeat(2_000));
    const indexOf = vi.spyOn(Uint8Array.prototype, "indexOf");
    const reader = rewriterFor("text/event-stream", upper);
    for (let start = 0; start < bytes.length; start += 5_000) reader?.push(bytes.slice(start, start + 5_000));
    let looked = 0;
    indexOf.mock.calls.forEach(([, from = 0], call) => {
      const found = indexOf.mock.results[call]?.value as number;
      looked += (found < 0 ? 5_000 : found + 1) - from;
    });
    indexOf.mockRestore();
    expect(looked).toBeLessThan(4 * bytes.length);
  },
);

it("a long event in many pieces is not put together for each of them", () => {
  const rewriter = rewriterFor("text/event-stream", upper);
  const data = `{"a":"${"x".repeat(4_000_000)}"}`;
  const bytes = new TextEncoder().encode(`data: ${data}\n\n`);
  const set = vi.spyOn(Uint8Array.prototype, "set");
  const out: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += 1000)
    out.push(rewriter?.push(bytes.subarray(start, start + 1000)) as Uint8Array);
  const copied = set.mock.calls.reduce((sum, [piece]) => sum + piece.length, 0);
  set.mockRestore();
  expect(copied).toBeLessThan(5 * bytes.length);
  expect(Buffer.concat(out).toString()).toBe(`data: ${data.slice(0, -1)},"seen":true}\n\n`);
});

it("an event goes out as soon as it is whole", () => {
  const rewriter = rewriterFor("text/event-stream", upper);
  const push = (text: string) => new TextDecoder().decode(rewriter?.push(new TextEncoder().encode(text)));
  expect(push("data: {}")).toBe("");
  expect(push("\n\ndata: {")).toBe('data: {"seen":true}\n\n');
  expect(push("}\n\n")).toBe('data: {"seen":true}\n\n');
});
