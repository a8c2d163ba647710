/** A browser without windows: keeps cookies, follows redirects when asked to. */
export class Browser {
  readonly #cookies = new Map<string, { value: string; path: string }>();

  async visit(
    url: string,
    init: RequestInit = {},
  ): Promise<{ status: number; location: string | null; html: string; headers: Headers }> {
    const { pathname } = new URL(url);
    const cookie = [...this.#cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join("; ");
    const response = await fetch(url, {
      redirect: "manual",
      ...init,
      headers: { ...init.headers, cookie, accept: "text/html" },
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const location = response.headers.get("location");
    return {
      status: response.status,
      location: location === null ? null : new URL(location, url).href,
      html: await response.text(),
      headers: response.headers,
    };
  }

  /** Visits, and goes on to wherever it is sent on the same origin. */
  async follow(
    url: string,
    init: RequestInit = {},
  ): Promise<Awaited<ReturnType<Browser["visit"]>> & { url: string }> {
    let here = url;
    let page = await this.visit(here, init);
    while (page.location !== null && new URL(page.location).origin === new URL(url).origin) {
      here = page.location;
      page = await this.visit(here);
    }
    return { ...page, url: here };
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split(/;\s*/);
    const at = pair.indexOf("=");
    const path = attributes.find((attribute) => attribute.toLowerCase().startsWith("path="))?.slice(5) ?? "/";
    const name = pair.slice(0, at);
    if (line.includes("expires=Thu, 01 Jan 1970")) this.#cookies.delete(name);
    else this.#cookies.set(name, { value: pair.slice(at + 1), path });
  }
}

export function csrfOf(page: string): string {
  return /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
}
