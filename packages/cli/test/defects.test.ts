import { describe, expect, it } from "vitest";
import { verify } from "../src/index.js";
import type { Misbehaviour } from "./defects/defect.js";
import { exposure } from "./defects/exposure.js";
import { metadata } from "./defects/metadata.js";
import { refusals } from "./defects/refusals.js";
import { startModelServer } from "./servers/model-server.js";

async function problemsOf(behaviour: Misbehaviour, path?: string): Promise<readonly string[]> {
  const server = await startModelServer(behaviour, path);
  try {
    const { findings } = await verify({ url: server.url });
    return findings
      .filter(({ outcome }) => outcome !== "pass" && outcome !== "skip")
      .map(({ check, code }) => `${check} ${code}`);
  } finally {
    await server.close();
  }
}

describe("verify from outside", () => {
  it("finds nothing in a server that does everything right", async () => {
    expect(await problemsOf({})).toEqual([]);
  });

  it.each([...refusals, ...metadata, ...exposure])("finds %s with %s", async (code, check, behaviour) => {
    expect(await problemsOf(behaviour)).toContain(`${check} ${code}`);
  });

  it("notes resource-origin-slash with V10, and it alone", async () => {
    const behaviour: Misbehaviour = { document: ({ origin }) => ({ resource: `${origin}/` }) };
    expect(await problemsOf(behaviour, "/")).toEqual(["V10 resource-origin-slash"]);
  });
});
