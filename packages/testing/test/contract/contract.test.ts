import { describe, expect, it } from "vitest";
import {
  chapters,
  contract,
  createTokenMint,
  requestBytes,
  scenarios,
  wrongTokens,
} from "../../src/index.js";

describe("the contract", () => {
  it("names each of its tests differently", () => {
    const titles = [...contract, ...scenarios].map(({ title }) => title);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });

  it("says of each test in which standard its reason stands", () => {
    for (const { title, why, rows } of [...contract, ...scenarios]) {
      expect(why.length, title).toBeGreaterThan(10);
      expect(rows.length, title).toBeGreaterThan(0);
      expect(rows.join(" "), title).toMatch(/^[NRPG]\d+( [NRPG]\d+)*$/);
    }
  });

  it("says why where it leaves a choice to frameworks", () => {
    const choices = contract.filter(({ expected }) => Array.isArray(expected) && expected.length > 1);
    expect(choices.filter(({ because }) => because === undefined).map(({ title }) => title)).toEqual([]);
  });

  it("sends every wrong token that the mint can make", () => {
    const titles = new Set(contract.map(({ title }) => title));
    for (const { title } of Object.values(wrongTokens)) expect(titles).toContain(`refuses ${title}`);
  });

  it("has a chapter for everything", () => {
    expect(chapters.flatMap(({ rows }) => rows)).toEqual(contract);
    expect(contract.length + scenarios.length).toBeGreaterThan(550);
  });

  it("makes requests that can be sent", async () => {
    const mint = await createTokenMint({ decoyKeys: true });
    for (const row of contract) {
      const bytes = requestBytes(row.request({ mint, partner: mint }), { target: "/mcp", host: "127.0.0.1" });
      expect(bytes.indexOf("\r\n\r\n"), row.title).toBeGreaterThan(0);
    }
    await mint.close();
  });
});
