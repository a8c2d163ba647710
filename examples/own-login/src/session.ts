import { randomBytes } from "node:crypto";
import type { Request, Response } from "express";

const cookie = "session";

/** Who is logged in to the application's own pages, by cookie. */
export class Sessions {
  readonly #users = new Map<string, string>();

  begin(response: Response, userId: string): void {
    const id = randomBytes(32).toString("base64url");
    this.#users.set(id, userId);
    // Lax: a form on another site cannot be sent with it. Behind https, add `secure: true`.
    response.cookie(cookie, id, { httpOnly: true, sameSite: "lax" });
  }

  /** Id of the user. */
  of(request: Request): string | undefined {
    const [, id] = /(?:^|;\s*)session=([\w-]+)/.exec(request.headers.cookie ?? "") ?? [];
    return id === undefined ? undefined : this.#users.get(id);
  }
}
