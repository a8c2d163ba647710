import { fileURLToPath } from "node:url";
import { bundle, kilobytes } from "../bundle.js";
import type { Chapter, Goal, Table } from "../report/chapter.js";
import { bindingBundle, bindings, core, coreBundle } from "../sizes.js";

const budget = { core: 12, binding: 2 };

const peers: Readonly<Record<string, string>> = {
  "jose, jwtVerify and remote keys": 'export { jwtVerify, createRemoteJWKSet } from "jose"',
  "express-oauth2-jwt-bearer": 'export { auth } from "express-oauth2-jwt-bearer"',
  "mcp-auth": 'export { MCPAuth, fetchServerConfig } from "mcp-auth"',
  "fast-jwt": 'export { createVerifier } from "fast-jwt"',
  "jsonwebtoken with jwks-rsa":
    'export { default as a } from "jsonwebtoken"; export { default as b } from "jwks-rsa"',
  "@scalekit-sdk/node": 'export { ScalekitClient } from "@scalekit-sdk/node"',
};

/** Bytes, minified and gzipped. */
export async function size(): Promise<Chapter> {
  const [jose, ...others] = await Promise.all(
    Object.entries(peers).map(async ([name, code]) => {
      const external = name === "jose, jwtVerify and remote keys" ? [] : ["express"];
      return { name, kB: kilobytes(await bundle(code, external)) };
    }),
  );
  const ours = await Promise.all(
    (Object.keys(core) as (keyof typeof core)[]).map(async (name) => ({
      name: `core: ${name}`,
      kB: kilobytes(await coreBundle(name)),
    })),
  );
  const thin = await Promise.all(
    bindings.map(async (name) => ({
      name: `${name}, beside core`,
      kB: kilobytes(await bindingBundle(name)),
    })),
  );
  const whole = jose?.kB ?? Number.NaN;
  const row = ({ name, kB }: { name: string; kB: number }) =>
    [name, kB.toFixed(1), (kB / whole).toFixed(2)] as const;
  const gate = ours[0]?.kB ?? Number.NaN;
  const goal = (text: string, kB: number, most: number, because?: string): Goal => ({
    text: `${text}: at most ${most} kB gzipped`,
    measured: `${kB.toFixed(1)} kB`,
    met: kB <= most,
    because,
  });
  return {
    tables: [
      {
        title: "Bundles",
        notes: [
          "esbuild, minified and gzipped, kB of 1024 bytes. Ours are without `jose`, the others with what they bring.",
        ],
        head: ["bundle", "kB", "beside jose"],
        rows: [...ours, ...thin, ...(jose === undefined ? [] : [jose]), ...others].map(row),
      },
      await profile(gate),
    ],
    goals: [
      goal(
        "core, createGate without jose",
        gate,
        budget.core,
        "the table below shows the share of each file.",
      ),
      ...thin.map(({ name, kB }) => goal(name, kB, budget.binding)),
    ],
  };
}

/** Which files of core make up `createGate`. */
async function profile(gate: number): Promise<Table> {
  const source = fileURLToPath(new URL("../../packages/core/src", import.meta.url));
  const { metafile } = await bundle('export { createGate } from "./index.js"', ["jose"], source);
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {})
    .map(([path, { bytesInOutput }]) => ({
      file: path.split("core/src/").at(-1) ?? path,
      bytes: bytesInOutput,
    }))
    .sort((a, b) => b.bytes - a.bytes);
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const listed = files.filter(({ bytes }) => bytes / all >= 0.015);
  const rest = files.length - listed.length;
  const share = (bytes: number) => `${((100 * bytes) / all).toFixed(1)} %`;
  const restBytes = all - listed.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    title: "What core's createGate is made of",
    notes: [
      gate > budget.core
        ? `At ${gate.toFixed(1)} kB the goal of ${budget.core} kB is missed. Share of the minified bytes, file by file:`
        : "Share of the minified bytes, file by file:",
    ],
    head: ["file", "share"],
    rows: [
      ...listed.map(({ file, bytes }) => [`\`${file}\``, share(bytes)] as const),
      [`${rest} smaller files`, share(restBytes)],
    ],
  };
}
