import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { LoginMethod, PrivateClientKey, RegisteredClient } from "../login/method.js";
import { UsageError } from "./exit.js";

/** The flags that say how to get a token. */
export interface LoginFlags {
  readonly login?: true;
  readonly auto?: true;
  readonly token?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly clientKey?: string;
  readonly clientKeyAlg: string;
  readonly clientMetadataUrl?: string;
}

export function addLoginFlags(command: Command): Command {
  return command
    .option("--login", "log in with the browser and examine what needs a token")
    .option("--auto", "log in without a browser, where the authorization server approves by itself")
    .option("--token <token>", "use this token (or MCP_AUTHZ_TOKEN); it goes to the given server only")
    .option("--client-id <id>", "a registered client: with --login or --auto for a user, alone for a machine")
    .option("--client-secret <secret>", "its secret (or MCP_AUTHZ_CLIENT_SECRET)")
    .option("--client-key <file>", "its private key (PKCS #8, PEM) in place of a secret")
    .option("--client-key-alg <alg>", "the key's JWS algorithm", "ES256")
    .option("--client-metadata-url <url>", "a Client ID Metadata Document to be known by");
}

/** What the flags ask for; undefined when they ask for no token. */
export function loginMethodOf(flags: LoginFlags, environment: NodeJS.ProcessEnv): LoginMethod | undefined {
  const token = flags.token ?? environment.MCP_AUTHZ_TOKEN;
  if (token !== undefined) {
    if (!/^[\w\-.~+/]+=*$/.test(token))
      throw new UsageError("the token holds characters that no bearer token has");
    return { kind: "token", token };
  }
  const client = clientOf(flags, environment);
  if (flags.login === true || flags.auto === true) {
    return {
      kind: flags.auto === true ? "auto" : "browser",
      ...(client === undefined ? {} : { client }),
      ...(flags.clientMetadataUrl === undefined ? {} : { metadataUrl: flags.clientMetadataUrl }),
    };
  }
  if (client === undefined) return undefined;
  const key = keyOf(flags);
  if (client.secret === undefined && key === undefined) {
    throw new UsageError("--client-id alone is not enough: add --client-secret or --client-key, or --login");
  }
  return { kind: "machine", client, ...(key === undefined ? {} : { key }) };
}

function clientOf(flags: LoginFlags, environment: NodeJS.ProcessEnv): RegisteredClient | undefined {
  const secret = flags.clientSecret ?? environment.MCP_AUTHZ_CLIENT_SECRET;
  if (flags.clientId === undefined) {
    if (flags.clientSecret !== undefined) throw new UsageError("--client-secret needs --client-id");
    return undefined;
  }
  return { id: flags.clientId, ...(secret === undefined ? {} : { secret }) };
}

function keyOf({ clientKey, clientKeyAlg }: LoginFlags): PrivateClientKey | undefined {
  if (clientKey === undefined) return undefined;
  try {
    return { pem: readFileSync(clientKey, "utf8"), algorithm: clientKeyAlg };
  } catch {
    throw new UsageError(`--client-key: ${clientKey} cannot be read`);
  }
}
