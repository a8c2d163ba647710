import { randomUUID } from "node:crypto";
import type { NextFunction, Request, Response } from "express";
import { Router } from "express";

/** Who may log in to the web pages. `subject` is what the identity provider calls the same person. */
const accounts = [
  { name: "ada", password: "lovelace", subject: "usr_ada" },
  { name: "alan", password: "turing", subject: "usr_alan" },
];

const sessions = new Map<string, string>();

/** POST /login and POST /logout: a cookie for whoever knows a password. */
export const login: Router = Router();

login.post("/login", (request, response) => {
  const { name, password } = (request.body ?? {}) as Record<string, unknown>;
  const account = accounts.find((one) => one.name === name && one.password === password);
  if (account === undefined) {
    response.status(401).json({ message: "Wrong name or password" });
    return;
  }
  const id = randomUUID();
  sessions.set(id, account.subject);
  response.cookie("session", id, { httpOnly: true, sameSite: "lax" }).json({ name: account.name });
});

login.post("/logout", (request, response) => {
  sessions.delete(sessionOf(request) ?? "");
  response.clearCookie("session").status(204).end();
});

/** Lets nobody through who has no session. */
export function requireSession(request: Request, response: Response, next: NextFunction): void {
  const subject = sessions.get(sessionOf(request) ?? "");
  if (subject === undefined) {
    response.status(401).json({ message: "Log in first" });
    return;
  }
  response.locals.subject = subject;
  next();
}

function sessionOf(request: Request): string | undefined {
  return /(?:^|; )session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
}
