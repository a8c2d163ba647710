import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Tokens without content, and the introspection answers that belong to them (RFC 7662 §2.2). */
export class OpaqueTokens {
  private readonly answers = new Map<string, Readonly<Record<string, unknown>>>();
  private readonly client: { readonly id: string; readonly secret: string } | undefined;

  constructor(client?: { readonly id: string; readonly secret: string }) {
    this.client = client;
  }

  issue(answer: Readonly<Record<string, unknown>>): string {
    const token = `opaque_${randomBytes(24).toString("base64url")}`;
    this.answers.set(token, answer);
    return token;
  }

  revoke(token: string): void {
    this.answers.delete(token);
  }

  introspect(request: IncomingMessage, body: string): { status?: number; json: unknown } {
    if (!this.mayAsk(request.headers.authorization))
      return { status: 401, json: { error: "invalid_client" } };
    const token = new URLSearchParams(body).get("token") ?? "";
    return { json: this.answers.get(token) ?? { active: false } };
  }

  private mayAsk(authorization: string | undefined): boolean {
    if (this.client === undefined) return true;
    const { id, secret } = this.client;
    return authorization === `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
  }
}
