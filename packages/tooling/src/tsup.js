/** @type {import("tsup").Options} A published package: ESM and CJS, with types for both. */
export const library = {
  format: ["esm", "cjs"],
  clean: true,
  sourcemap: true,
  target: "node20",
  treeshake: true,
  // `node:stream` and not `stream`: bundlers and other runtimes tell by the prefix what is theirs to provide.
  removeNodeProtocol: false,
  // tsup 8 sets `baseUrl` for its declaration build, which TypeScript 6 deprecates (TS5101).
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
};

/** @type {import("tsup").Options} A program that is run, not imported: ESM, no types. */
export const program = {
  format: ["esm"],
  clean: true,
  sourcemap: true,
  target: "node20",
  removeNodeProtocol: false,
};
