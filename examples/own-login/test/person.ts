/** What a person types into the login page. */
export interface Typed {
  readonly email?: string;
  readonly password?: string;
  readonly decision?: "login" | "cancel";
}

/** The headless browser sends forms as they stand; at the login page of `origin`, this person fills them in first. */
export function personAt(origin: string, typed: Typed): { fetch: typeof fetch; visited: string[] } {
  const visited: string[] = [];
  return {
    visited,
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.origin === origin && url.pathname === "/login") visited.push(`${init?.method ?? "GET"} /login`);
      if (url.origin !== origin || url.pathname !== "/login" || init?.method !== "POST")
        return fetch(input, init);
      const form = new URLSearchParams(init.body as URLSearchParams);
      for (const [name, value] of Object.entries(typed)) form.set(name, value);
      return fetch(input, { ...init, body: form });
    },
  };
}
