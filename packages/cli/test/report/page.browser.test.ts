import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { html, verify } from "../../src/index.js";
import { startModelServer } from "../servers/model-server.js";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
const flags = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

describe("the HTML report in a browser", () => {
  let browser: Browser;
  let page: string;

  beforeAll(async () => {
    browser = await chromium.launch({
      args: flags,
      ...(executablePath === undefined ? {} : { executablePath }),
    });
    const server = await startModelServer({
      withoutToken: (_, { challenge }) => ({
        status: 401,
        headers: { "www-authenticate": `${challenge}, error_description="${"x".repeat(400)}"` },
      }),
      exposes: false,
    });
    page = html(await verify({ url: server.url, login: { kind: "auto" }, tools: ["create_todo"] }));
    await server.close();
  });
  afterAll(() => browser.close());

  it.each([
    [375, "light"],
    [375, "dark"],
    [1440, "light"],
    [1440, "dark"],
  ] as const)("needs no sideways scrolling at %d pixels (%s) and can be read", async (width, colorScheme) => {
    const tab = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    await tab.setContent(page);
    const seen: Seen = await tab.evaluate(measure);
    const directory = process.env.MCP_AUTHZ_SCREENSHOTS;
    if (directory !== undefined) {
      await tab.screenshot({ path: `${directory}/report-${width}-${colorScheme}.png`, fullPage: true });
    }
    await tab.close();
    expect(seen.overflow).toBeLessThanOrEqual(0);
    expect(seen.clipped).toBe(0);
    expect(seen.smallest).toBeGreaterThanOrEqual(12);
    expect(luminance(seen.ink) > luminance(seen.paper)).toBe(colorScheme === "dark");
    expect(contrast(seen.ink, seen.paper)).toBeGreaterThan(7);
  });
});

interface Seen {
  readonly overflow: number;
  readonly smallest: number;
  readonly clipped: number;
  readonly ink: string;
  readonly paper: string;
}

/** Runs in the page, where there is a document. */
const measure = `(() => {
  const texts = [...document.querySelectorAll("dd, .request, .answer, .detail, h1, h2, .hosts li")];
  return {
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    smallest: Math.min(...texts.map((text) => Number.parseFloat(getComputedStyle(text).fontSize))),
    clipped: texts.filter((text) => text.getBoundingClientRect().right > window.innerWidth + 1).length,
    ink: getComputedStyle(document.body).color,
    paper: getComputedStyle(document.body).backgroundColor,
  };
})()`;

/** Relative luminance of a CSS rgb() colour (WCAG 2.2). */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}
