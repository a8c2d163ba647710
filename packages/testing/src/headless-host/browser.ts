/**
 * Plays the browser of a person who agrees to everything: follows redirects with a cookie jar, sends forms with
 * what stands in them, and stops where the authorization server sends it back to the client.
 *
 * @returns The parameters of the authorization response (RFC 6749 §4.1.2).
 * @throws {Error} when the authorization server shows a page that has no form, or sends it around in circles.
 */
export async function approve(
  authorizationUrl: URL,
  redirectUri: string,
  request: typeof fetch = fetch,
): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let next: { url: URL; form?: URLSearchParams } = { url: authorizationUrl };
  for (let visits = 0; visits < 20; visits += 1) {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const response = await request(next.url, {
      redirect: "manual",
      headers: { accept: "text/html", ...(cookie === "" ? {} : { cookie }) },
      ...(next.form === undefined ? {} : { method: "POST", body: next.form }),
    });
    keepCookies(cookies, response);
    const location = response.headers.get("location");
    if (location === null) {
      next = formOf(await response.text(), next.url, response.status);
      continue;
    }
    await response.body?.cancel();
    const url = new URL(location, next.url);
    if (url.href.startsWith(redirectUri)) return url.searchParams;
    next = { url };
  }
  throw new Error(`The login at ${authorizationUrl.origin} did not come to an end`);
}

function keepCookies(cookies: Map<string, string>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "" || /;\s*max-age=0/i.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  }
}

/** The first form of a page with its values, and the button that agrees: what pressing that button sends. */
function formOf(html: string, page: URL, status: number): { url: URL; form: URLSearchParams } {
  const [form, inside] = /<form\b[^>]*>([\s\S]*?)<\/form>/i.exec(html) ?? [];
  if (form === undefined || inside === undefined || status >= 400) {
    throw new Error(
      `The authorization server stopped with status ${status} at ${page.pathname}: ${textOf(html)}`,
    );
  }
  const tags = [...inside.matchAll(/<(?:input|button)\b[^>]*>/gi)].map(([tag]) => tag);
  const submits = (tag: string): boolean => /^<button|\stype="submit"/i.test(tag);
  const buttons = tags.filter(submits);
  const agrees = buttons.find((tag) => /primary|allow|approve|accept|continue/i.test(tag)) ?? buttons[0];
  const values = new URLSearchParams();
  for (const tag of tags) {
    const name = attribute(tag, "name");
    const left = submits(tag) ? tag !== agrees : isUnchosen(tag);
    if (name !== undefined && !left) values.append(name, attribute(tag, "value") ?? "");
  }
  return { url: new URL(attribute(form, "action") ?? "", page), form: values };
}

/** A box that is not ticked sends nothing. */
function isUnchosen(tag: string): boolean {
  return /\stype="(?:checkbox|radio)"/i.test(tag) && !/\schecked\b/i.test(tag);
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`^<[^>]*?\\s${name}="([^"]*)"`, "i").exec(tag)?.[1];
  return value?.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

function textOf(html: string): string {
  return html
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}
