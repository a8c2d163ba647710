/** `oidc-provider`, which speaks the OAuth protocol here. */
export type ProtocolLibrary = typeof import("oidc-provider");

let loading: Promise<ProtocolLibrary> | undefined;

/**
 * Loads the library once. It is an ECMAScript module that this package's CommonJS build must reach as well,
 * and it tells every console at import time that it would rather run on a newer Node.js; it does run on all
 * that this package supports, so that one line is left out.
 */
export function protocolLibrary(): Promise<ProtocolLibrary> {
  loading ??= load();
  return loading;
}

async function load(): Promise<ProtocolLibrary> {
  const { warn } = console;
  console.warn = (...values: unknown[]) => {
    if (!String(values[0]).includes("oidc-provider WARNING: Unsupported runtime")) warn(...values);
  };
  try {
    return await import("oidc-provider");
  } finally {
    console.warn = warn;
  }
}
