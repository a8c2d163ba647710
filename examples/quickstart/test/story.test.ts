import { expect, test } from "vitest";
import { type Step, Story } from "../src/story.js";
import type { Exchange } from "../src/traffic.js";

function exchange(path: string, status = 200): Exchange {
  return {
    method: "GET",
    url: new URL(path, "http://127.0.0.1"),
    requestHeaders: new Headers(),
    requestBody: "",
    status,
    responseHeaders: new Headers(),
    responseBody: "the answer",
  };
}

function step(path: string): Step {
  return {
    title: `Get ${path}`,
    why: "Because.",
    is: ({ url }) => url.pathname === path,
    sent: () => [],
    received: () => [],
    faults: ({ status }) => (status === 200 ? [] : [`The status was ${status}.`]),
  };
}

function storyOf(...exchanges: Exchange[]): { story: Story; told: number[] } {
  const told: number[] = [];
  const isBookkeeping = ({ url }: Exchange) => url.pathname === "/beside";
  const story = new Story([step("/1"), step("/2")], isBookkeeping, ({ number }) => told.push(number));
  for (const one of exchanges) story.watch(one);
  return { story, told };
}

test("a story whose steps come in order, with bookkeeping between them, ends well", () => {
  const { story, told } = storyOf(exchange("/1"), exchange("/beside"), exchange("/2"));
  story.end();
  expect(told).toEqual([1, 2]);
});

test("a step that is missing is named", () => {
  const { story } = storyOf(exchange("/1"));
  expect(() => story.end()).toThrow('The story ended before step 2, "Get /2".');
});

test("a step that is wrong is named with what is wrong, and the story stops there", () => {
  const { story, told } = storyOf(exchange("/1", 500), exchange("/2"));
  expect(() => story.end()).toThrow('Step 1, "Get /1": The status was 500.');
  expect(told).toEqual([1]);
});

test("steps in another order are another story", () => {
  const { story } = storyOf(exchange("/2"), exchange("/1"));
  expect(() => story.end()).toThrow(
    'Instead of "Get /1" the client did GET /2, answered with 200: the answer',
  );
});

test("whatever comes after the last step does not belong there", () => {
  const { story } = storyOf(exchange("/1"), exchange("/2"), exchange("/3"));
  expect(() => story.end()).toThrow("After the last step the client went on with GET /3, answered with 200.");
});
