import { compactVerify, importJWK, type JWK } from "jose";
import type { Eventually } from "../eventually.js";
import { encodeBase64url } from "./base64url.js";

/**
 * Checks a signature with the one key that it was made for.
 * @param signed header and payload as they stand in the token
 */
export type CheckSignature = (alg: string, signed: string, signature: Uint8Array) => Eventually<boolean>;

/** All that differs between runtimes: how a key is imported and a signature checked, and a hash that answers at once. */
export interface SignaturePort {
  /** @throws when the key cannot be used */
  importKey(jwk: JWK): CheckSignature;
  sha256?(text: string): string;
}

type NodeCrypto = typeof import("node:crypto");

/** Every algorithm that may ever be allowed, all asymmetric (RFC 8725 §3.1): Node's digest, and its length in bytes for PSS. */
const digests: Record<string, readonly [string | null, number]> = {
  RS256: ["sha256", 32],
  RS384: ["sha384", 48],
  RS512: ["sha512", 64],
  PS256: ["sha256", 32],
  PS384: ["sha384", 48],
  PS512: ["sha512", 64],
  ES256: ["sha256", 32],
  ES384: ["sha384", 48],
  ES512: ["sha512", 66],
  EdDSA: [null, 32],
  Ed25519: [null, 32],
};

export const knownAlgorithms: readonly string[] = Object.keys(digests);

/** Found without an import, so that bundles for runtimes that lack it stay whole. */
export function nodeCrypto(): NodeCrypto | undefined {
  return globalThis.process?.getBuiltinModule?.("node:crypto");
}

/** Synchronous where the runtime has `node:crypto`. */
export function signaturePort(): SignaturePort {
  const crypto = nodeCrypto();
  return typeof crypto?.verify === "function" ? nodePort(crypto) : webPort;
}

function nodePort(crypto: NodeCrypto): SignaturePort {
  const { RSA_PKCS1_PSS_PADDING: padding } = crypto.constants;
  return {
    importKey(jwk) {
      const key = crypto.createPublicKey({ key: jwk as import("node:crypto").JsonWebKey, format: "jwk" });
      return (alg, signed, signature) => {
        const [digest, length] = digests[alg] ?? [null, 0];
        const data = Buffer.from(signed, "latin1");
        if (alg.startsWith("PS"))
          return crypto.verify(digest, data, { key, padding, saltLength: length }, signature);
        if (alg.startsWith("ES"))
          return (
            signature.length === 2 * length &&
            crypto.verify(digest, data, { key, dsaEncoding: "ieee-p1363" }, signature)
          );
        return crypto.verify(digest, data, key, signature);
      };
    },
    sha256: crypto.hash
      ? (text) => crypto.hash("sha256", text, "base64")
      : (text) => crypto.createHash("sha256").update(text).digest("base64"),
  };
}

const webPort: SignaturePort = {
  importKey(jwk) {
    const imported = new Map<string, ReturnType<typeof importJWK>>();
    return async (alg, signed, signature) => {
      const key = imported.get(alg) ?? importJWK(jwk, alg);
      imported.set(alg, key);
      try {
        await compactVerify(`${signed}.${encodeBase64url(signature)}`, await key, { algorithms: [alg] });
        return true;
      } catch {
        return false;
      }
    };
  },
};
