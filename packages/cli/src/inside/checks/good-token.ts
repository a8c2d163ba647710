import { setTimeout } from "node:timers/promises";
import type { Check } from "../../check.js";
import { examined, skipped } from "../../finding.js";
import { header, type Outcome, succeeded, summary } from "../../net/answer.js";
import type { InsideSubject } from "../subject.js";

const list = { method: "tools/list" };

/** Whether the app takes the mint's tokens at all; without that, refusing wrong ones proves nothing. */
export async function takesTokens({ session, connect }: InsideSubject): Promise<boolean> {
  await connect();
  return succeeded(await session.probe(list));
}

export const goodTokenCheck: Check<InsideSubject> = {
  id: "I1",
  title: "A good token is let in",
  section: "RFC 6750 §2.1; RFC 9068 §4",
  async examine({ session, connect, mint, errors }) {
    await connect();
    const outcome = await session.probe(list);
    return examined(
      `tools/list: ${summary(outcome)}`,
      !succeeded(outcome) && {
        code: "inside-good-token-refused",
        severity: "fail",
        seen: `tools/list with a good token: ${summary(outcome)} ${errors()}`.trim(),
        why: "Nothing else can be examined: an app that refuses everything refuses wrong tokens, too.",
        change: `Start the app with issuer ${mint.issuer}, keys at ${mint.jwksUri} and audience ${mint.audience}, as the environment says`,
      },
    );
  },
};

export const outageCheck: Check<InsideSubject> = {
  id: "I4",
  title: "An outage of the authorization server is not the client's fault",
  section: "RFC 9110 §15.6.4",
  async examine(subject) {
    if (!(await takesTokens(subject))) return skipped("good tokens are refused");
    return subject.fresh(async ({ session, mint }) => {
      await mint.outage("refuse");
      const outcome = await session.probe(list, { token: mint.token() });
      await mint.restore();
      if (outcome.kind === "failure") return skipped(summary(outcome));
      const challenge = header(outcome, "www-authenticate");
      return examined(
        `good token, key server down: ${summary(outcome)}`,
        !succeeded(outcome) &&
          (outcome.status !== 503 || challenge !== undefined) && {
            code: "outage-blames-client",
            severity: "fail",
            seen: `a good token while the key server is down: ${summary(outcome)}${challenge === undefined ? "" : ", with a challenge"}`,
            why: "On a 401 every client throws its good token away, and users log in again during an outage.",
            change:
              "Answer 503 with Retry-After and without WWW-Authenticate when keys or introspection cannot be reached; serve on with the last good keys",
          },
      );
    });
  },
};

export const rotationCheck: Check<InsideSubject> = {
  id: "I3",
  title: "A new signing key is followed",
  section: "RFC 7517 §4.5; OpenID Connect Core §10.1.1",
  async examine(subject) {
    if (!(await takesTokens(subject))) return skipped("good tokens are refused");
    // Afresh: an app that has just met unknown keys may rightly wait before it asks for keys again.
    const [outcome, waited] = await subject.fresh(async (fresh) => {
      await takesTokens(fresh);
      await fresh.mint.rotate();
      const probe = (): Promise<Outcome> => fresh.session.probe(list, { token: fresh.mint.token() });
      const atOnce = await probe();
      if (succeeded(atOnce)) return [atOnce, 0];
      // It has just asked for the keys, for the first token. Asking again has its cool-down, which is no fault.
      await setTimeout(subject.keyCooldown);
      return [await probe(), subject.keyCooldown];
    });
    if (outcome.kind === "failure") return skipped(summary(outcome));
    const after = waited === 0 ? "" : `, ${Math.round(waited / 1000)} seconds later`;
    return examined(
      `token of a new key: ${summary(outcome)}${after}`,
      !succeeded(outcome) && {
        code: "rotation-not-followed",
        severity: "fail",
        seen: `a token signed with a key that was published after the start: ${summary(outcome)}${after}`,
        why: "When the authorization server rotates its keys, every login fails until the app is started again.",
        change: "Fetch the key set again when a token names a key that is not known (with a cool-down)",
      },
    );
  },
};
