import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

/** Somebody who has an account with the application. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly plan: "free" | "pro";
}

interface Account {
  readonly user: User;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** The application's users, as they were before anybody thought of MCP. */
export class Users {
  readonly #accounts = new Map<string, Account>();

  add(user: User, password: string): void {
    const salt = randomBytes(16);
    this.#accounts.set(user.email, { user, salt, hash: scryptSync(password, salt, 32) });
  }

  find(id: string): User | undefined {
    return [...this.#accounts.values()].find(({ user }) => user.id === id)?.user;
  }

  /** The same work and the same answer for a wrong password and for nobody at all. */
  authenticate(email: string, password: string): User | undefined {
    const account = this.#accounts.get(email);
    const hash = scryptSync(password, account?.salt ?? "nobody", 32);
    return account !== undefined && timingSafeEqual(hash, account.hash) ? account.user : undefined;
  }
}

/** Who can log in to the story. */
export function someUsers(): Users {
  const users = new Users();
  users.add({ id: "ada-1815", email: "ada@own.example", name: "Ada Lovelace", plan: "pro" }, "difference");
  users.add({ id: "alan-1912", email: "alan@own.example", name: "Alan Turing", plan: "free" }, "bombe");
  return users;
}
