import { expect, it } from "vitest";
import { answersOf } from "../../src/index.js";
import { node, web } from "./mounts.js";

it("records the answers of bindings so that they can be compared", async () => {
  const [first, second] = await Promise.all([answersOf(node), answersOf(web)]);
  expect(first.length).toBeGreaterThan(400);
  expect(second).toEqual(first);
}, 60_000);
