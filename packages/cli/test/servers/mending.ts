import type { Express, RequestHandler } from "express";

/** Verifies a token, and that it has the scopes: gives its claims, or throws. */
export type Verification = (
  token: string,
  scopes?: readonly string[],
) => Promise<Readonly<Record<string, unknown>>>;

/** What a sample server is configured with. */
export interface Site {
  readonly origin: string;
  readonly resource: string;
  readonly issuer: string;
}

/** The places of a sample server at which a reader of a report makes changes. */
export interface Mending {
  /** In front of everything. */
  readonly front?: (app: Express) => void;
  /** Between guard and MCP handler, with the body parsed. */
  readonly behind?: RequestHandler;
  /** In place of the sample's own verification of tokens. */
  readonly verification?: (own: Verification) => Verification;
  /** The guide's `startsWith("Bearer ")` becomes this; its first group is the token. */
  readonly bearer?: RegExp;
  /** The guide's guard is attached to the handler, and asks for no path. */
  readonly guardsHandler?: boolean;
}

/** How a sample server is started: by itself, or at a place and with changes. */
export interface SampleOptions {
  readonly at?: { readonly port: number; readonly resource: string };
  readonly mend?: (site: Site) => Mending;
}
