import { generate } from "selfsigned";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

interface Shape {
  /** Default: the loopback address. */
  readonly name?: "other.example";
  readonly expired?: true;
  /** Who signs it. Default: itself. */
  readonly authority?: Certificate;
}

/** A certificate for a server on loopback, or one that is wrong in one way. */
export async function certificate({ name, expired, authority }: Shape = {}): Promise<Certificate> {
  const altName =
    name === undefined ? { type: 7 as const, ip: "127.0.0.1" } : { type: 2 as const, value: name };
  const { private: key, cert } = await generate([{ name: "commonName", value: "server" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [altName] }],
    ...(expired ? { notBeforeDate: new Date("2020-01-01"), notAfterDate: new Date("2021-01-01") } : {}),
    ...(authority === undefined ? {} : { ca: authority }),
  });
  return { key, cert };
}

/** An authority that nobody trusts by itself. */
export async function certificateAuthority(): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "authority" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "basicConstraints", cA: true }],
  });
  return { key, cert };
}
