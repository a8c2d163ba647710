import type { Check } from "../check.js";
import { examined, skipped } from "../finding.js";
import { modernRequest } from "../mcp/message.js";
import { header, isRedirect } from "../net/answer.js";

export const redirectsCheck: Check = {
  id: "V8",
  title: "The URL answers directly, without a redirect",
  section: "RFC 9110 §15.4; MCP authorization, Token Handling",
  async examine(inspection) {
    const typed = await inspection.discover();
    if (typed.kind === "failure") return skipped("no answer");
    const { pathname, search } = inspection.url;
    const sibling = pathname.endsWith("/") ? pathname.slice(0, -1) : `${pathname}/`;
    const request = modernRequest({ method: "server/discover" });
    const beside =
      pathname === "/"
        ? undefined
        : await inspection.fetch({
            method: "POST",
            url: `${inspection.url.origin}${sibling}${search}`,
            headers: request.headers,
            body: request.body,
          });
    return examined(
      `${pathname}: ${typed.status}`,
      isRedirect(typed) && {
        code: "redirects",
        severity: "fail",
        seen: `${pathname} redirects (${typed.status}) to ${header(typed, "location")}`,
        why: "Hosts drop the token when they follow a redirect, or do not follow it for POST.",
        change: `Answer at the published URL itself, or publish ${header(typed, "location")} instead`,
      },
      beside?.kind === "answer" &&
        isRedirect(beside) && {
          code: "sibling-redirects",
          severity: "warn",
          seen: `${sibling} redirects (${beside.status}) to ${header(beside, "location")}`,
          why: "Whoever types the URL with the other slash loses the token on the way and sees a failing login.",
          change: `Serve ${sibling} with the same guarded handler, or answer it 404`,
        },
    );
  },
};
