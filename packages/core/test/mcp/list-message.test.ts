import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMessage, stringifyMessage } from "../../src/mcp/list-message.js";

interface Listing {
  readonly id: unknown;
  readonly result: Record<string, unknown>;
}

const parse = (text: string) => parseMessage(Buffer.from(text));
const stringify = (message: unknown) => Buffer.from(stringifyMessage(message)).toString();
const parsed = (text: string) => parse(text) as Listing;
const messageOf = (list: string, id = 1, key = "tools") =>
  `{"jsonrpc":"2.0","id":${id},"result":{"${key}":${list},"nextCursor":"c"}}`;
const listFor = (name: string, length = 1) => JSON.stringify([{ name, description: "x".repeat(length) }]);

/** The list as the second message with it has it. */
function second(list: string): unknown {
  parsed(messageOf(list));
  return parsed(messageOf(list, 2)).result["tools"];
}

describe("a list that came before", () => {
  it("is the same one in all messages, and cannot be changed", () => {
    const list = listFor("same");
    const shared = second(list);
    const third = parsed(messageOf(list, 3));
    expect(third).toEqual({ jsonrpc: "2.0", id: 3, result: { tools: [expect.anything()], nextCursor: "c" } });
    expect(third.result["tools"]).toBe(shared);
    expect(Object.isFrozen(shared)).toBe(true);
  });

  it("is recognized whatever stands around it", () => {
    const list = listFor("surrounded");
    const shared = second(list);
    for (const text of [
      `{"result":{"_meta":{"icons":[1]},"tools":${list}},"id":"other"}`,
      `{"result":{"tools":${list}}}`,
      ` { "id" : 7 , "result" : { "ttlMs" : 5 , "tools":${list} , "_meta" : { "icons" : [ ] } } } `,
    ]) {
      const message = parsed(text);
      expect(message).toEqual(JSON.parse(text));
      expect(message.result["tools"]).toBe(shared);
    }
  });

  it.each([
    ["by a list under the same key", (list: string) => `{"result":{"tools":${list},"tools":[2]}}`],
    [
      "by a list under the same key, escaped",
      (list: string) => `{"result":{"tools":${list},"t\\u006fols":[2]}}`,
    ],
    ["by another result", (list: string) => `{"result":{"tools":${list}},"result":{"tools":[2]}}`],
    ["by a result that is none", (list: string) => `{"result":{"tools":${list}},"result":null}`],
  ])("counts for nothing when it is overruled %s", (_, textFor) => {
    const list = listFor("overruled");
    second(list);
    expect(JSON.stringify(parsed(textFor(list)))).toBe(JSON.stringify(JSON.parse(textFor(list))));
  });

  it.each([
    ["in another object", (list: string) => `{"params":{"tools":${list}},"result":{"tools":[2]}}`],
    ["in an item", (list: string) => `{"result":{"tools":[{"tools":${list}}]}}`],
    ["under a key that ends alike", (list: string) => `{"result":{"my\\"tools":${list},"tools":[2]}}`],
    ["in a string", (list: string) => `{"result":{"text":${JSON.stringify(`"tools":${list}`)},"tools":[2]}}`],
    ["as what overrules another", (list: string) => `{"result":{"tools":[2],"tools":${list}}}`],
    ["before more of an array", (list: string) => `{"result":{"tools":[${list},2]}}`],
    ["outside of any message", (list: string) => `[{"result":{"tools":${list}}}]`],
  ])("is taken for no other list where it stands %s", (_, textFor) => {
    const list = listFor("elsewhere");
    second(list);
    expect(JSON.stringify(parsed(textFor(list)))).toBe(JSON.stringify(JSON.parse(textFor(list))));
  });

  it("does not make JSON of what is none", () => {
    const list = listFor("broken");
    second(list);
    for (const text of [messageOf(`${list}0`), messageOf(list).slice(0, -1), messageOf(list, Number.NaN)])
      expect(() => parsed(text)).toThrow(SyntaxError);
  });
});

describe("what is remembered", () => {
  it("is no list of a message that is too long", () => {
    const list = listFor("long", 1 << 21);
    expect(second(list)).not.toBe(second(list));
  });

  it("leaves the others where they are", () => {
    const list = listFor("stays");
    const shared = second(list);
    parsed(messageOf(listFor("far too long", 1 << 21)));
    expect(parsed(messageOf(list)).result["tools"]).toBe(shared);
  });

  it("is not remembered twice where another stands before it in the message", () => {
    const list = listFor("behind");
    const behind = `{"result":{"_meta":{"tools":${list}},"tools":${list}}}`;
    const shared = second(list);
    for (let time = 0; time < 40; time++) expect(parsed(behind)).toEqual(JSON.parse(behind));
    expect(parsed(messageOf(list)).result["tools"]).toBe(shared);
  });

  it("is not looked for far behind the start of a message", () => {
    const list = listFor("far");
    const shared = second(list);
    const behind = (length: number) => `{"result":{"_meta":"${"ü".repeat(length)}","tools":${list}}}`;
    expect(parsed(behind(1_000)).result["tools"]).toBe(shared);
    expect(parsed(behind(3_000))).toEqual(JSON.parse(behind(3_000)));
    expect(parsed(behind(3_000)).result["tools"]).not.toBe(shared);
  });

  it.each([
    [2, 600_000],
    [30, 1],
  ])(
    "are the lists that came last: one stays behind %d others of %d characters, and goes with one more",
    (others, length) => {
      const list = listFor("pushed", length);
      const shared = second(list);
      const after = (count: number, name: string) => {
        for (let other = 0; other < count; other++) parsed(messageOf(listFor(`${name} ${other}`, length)));
        return parsed(messageOf(list)).result["tools"];
      };
      expect(after(others, "one")).toBe(shared);
      expect(after(others, "another")).toBe(shared);
      expect(after(others + 1, "one")).not.toBe(shared);
    },
  );
});

it("a list that was written before is not written again", () => {
  let written = 0;
  const item = { toJSON: () => ++written };
  const tools = [item];
  expect(stringify({ id: 1, result: { tools } })).toBe('{"id":1,"result":{"tools":[1]}}');
  expect(stringify({ result: { tools, more: [2] }, id: 2 })).toBe(
    '{"result":{"tools":[1],"more":[2]},"id":2}',
  );
  expect(written).toBe(1);
});

it.each([null, 5, {}, { result: null }, { result: {} }, { result: { tools: {} } }, { result: [[1]] }])(
  "a message without a list is written as ever: %j",
  (message) => {
    expect(stringify(message)).toBe(JSON.stringify(message));
  },
);

/** Lists that come again, so that they are remembered, and whatever else JSON may hold. */
const lists = [
  "[]",
  "[1]",
  listFor("a"),
  listFor("b"),
  '[{"tools":[1],"result":{"tools":[1]}}]',
  '[ 1e2, "\\u0041" ]',
];
const space = fc.constantFrom("", "", "", " ", "\n\t");
const key = fc.constantFrom(
  "tools",
  "tools",
  "t\\u006fols",
  "prompts",
  "result",
  'my\\"tools',
  "__proto__",
  "toJSON",
  "1",
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...lists),
    fc.json(),
    fc.constantFrom(
      "1E400",
      "-0",
      "0.10",
      '"ü€😀"',
      '"\\ud800"',
      '"\\"tools\\":[1]"',
      "[1]0",
      "{",
      "]",
      "'x'",
      "",
    ),
    tie("object"),
  ),
  object: fc
    .array(fc.tuple(space, key, space, tie("any"), space), { maxLength: 4 })
    .map((members) => members.map(([a, name, b, any, c]) => `${a}"${name}"${b}:${c}${any}`).join(","))
    .map((members) => `{${members}}`),
})).object as fc.Arbitrary<string>;
const message = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...lists), fc.nat(9)).map(([list, id]) => messageOf(list, id)),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(value, fc.constantFrom(...lists), value, fc.nat(9))
      .map(([before, list, after, id]) =>
        `{"id":${id},"result":${before.slice(0, -1)},"tools":${list},${after.slice(1)},"x":${after}}`
          .replaceAll("{,", "{")
          .replaceAll(",}", "}"),
      ),
  },
  { weight: 2, arbitrary: value },
  {
    weight: 1,
    arbitrary: fc.tuple(value, fc.nat(200)).map(([text, end]) => messageOf(text).slice(0, end)),
  },
);

it("whatever comes in whatever order is read and written as JSON.parse and JSON.stringify do it", () => {
  const seen = { shared: 0, whole: 0, broken: 0 };
  const outcome = (parse: (text: string) => unknown, write: (message: unknown) => string, text: string) => {
    try {
      return write(parse(text));
    } catch (error) {
      return (error as Error).name;
    }
  };
  fc.assert(
    fc.property(message, (text) => {
      const expected = outcome(JSON.parse, JSON.stringify, text);
      const read = outcome(parse, JSON.stringify, text);
      expect(read).toBe(expected);
      expect(outcome(parse, stringify, text)).toBe(expected);
      if (expected === "SyntaxError") seen.broken++;
      else if (Object.isFrozen(Object(Object(parsed(text)).result).tools)) seen.shared++;
      else seen.whole++;
    }),
    { numRuns: 3_000 },
  );
  // The property says something only if all ways are taken.
  for (const often of Object.values(seen)) expect(often).toBeGreaterThan(150);
});
