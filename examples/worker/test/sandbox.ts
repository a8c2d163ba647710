import { webcrypto } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import type worker from "../src/worker.js";

/** Bundled for no platform: an import that only Node.js could resolve would fail here. */
export async function bundleWorker(): Promise<{ code: string; imports: readonly string[] }> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL("../src/worker.ts", import.meta.url))],
    bundle: true,
    platform: "neutral",
    format: "iife",
    globalName: "worker",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["module", "main"],
    metafile: true,
    write: false,
  });
  const imports = Object.values(result.metafile.outputs).flatMap((output) => output.imports);
  return { code: result.outputFiles[0]?.text ?? "", imports: imports.map(({ path }) => path) };
}

/** What the Minimum Common Web API has, of this process. The buffers have to be those that its streams and its crypto make. */
const webGlobals = {
  ...{ fetch, Request, Response, Headers, URL, URLSearchParams, FormData, Blob },
  ...{ ReadableStream, WritableStream, TransformStream, TextEncoder, TextDecoder },
  ...{ AbortController, AbortSignal, Event, EventTarget, DOMException, MessageChannel },
  ...{ crypto, CryptoKey: webcrypto.CryptoKey, performance, console, structuredClone, atob, btoa },
  ...{ setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask },
  ...{ ArrayBuffer, Uint8Array, Uint16Array, Uint32Array, DataView },
};

/** Runs the bundle where nothing of Node.js is, and no code can be made from text, as on Workers. */
export function runInSandbox(code: string): { worker: typeof worker; evaluate(expression: string): unknown } {
  const options = { codeGeneration: { strings: false, wasm: false } };
  const context = createContext({ ...webGlobals }, options);
  runInContext(code, context);
  return {
    worker: runInContext("worker.default", context) as typeof worker,
    evaluate: (expression) => runInContext(expression, context),
  };
}
