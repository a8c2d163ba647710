import type { LoginRequest } from "./login-request.js";
import type { User } from "./users.js";

/** The form of everybody who is not logged in. */
export function loginPage(request: LoginRequest | undefined, fault = ""): string {
  return page(
    `<h1>Log in to Own</h1>
    <form method="post" action="/login">
      ${hidden(request)}
      <p role="alert">${escaped(fault)}</p>
      <p><label>E-mail <input name="email" type="email" autocomplete="username"></label></p>
      <p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>
      <button name="decision" value="login">Log in</button>
      ${request === undefined ? "" : '<button name="decision" value="cancel">Cancel</button>'}
    </form>`,
  );
}

/** Whoever is logged in already says so with a click: a link alone must not connect their account to anything. */
export function continuePage(request: LoginRequest, user: User): string {
  return page(
    `<h1>Go on as ${escaped(user.name)}?</h1>
    <form method="post" action="/login">
      ${hidden(request)}
      <button name="decision" value="continue">Continue</button>
      <button name="decision" value="cancel">Cancel</button>
    </form>`,
  );
}

export function homePage(user: User | undefined): string {
  return page(
    user === undefined ? '<p><a href="/login">Log in</a></p>' : `<p>Hello, ${escaped(user.name)}.</p>`,
  );
}

export function unfinishedPage(): string {
  return page("<p>This login is over. Go back to where you came from, and begin again.</p>");
}

function page(inside: string): string {
  return `<!doctype html><html lang="en"><title>Own</title><body>${inside}</body></html>`;
}

function hidden(request: LoginRequest | undefined): string {
  if (request === undefined) return "";
  const { id, state } = request;
  return `<input type="hidden" name="login_request_id" value="${escaped(id)}">
      <input type="hidden" name="state" value="${escaped(state)}">`;
}

function escaped(text: string): string {
  const entities = new Map([
    ["&", "&amp;"],
    ["<", "&lt;"],
    [">", "&gt;"],
    ['"', "&quot;"],
  ]);
  return text.replace(/[&<>"]/g, (character) => entities.get(character) ?? character);
}
