import { afterEach, expect, it, vi } from "vitest";
import { browserVisit } from "../../src/login/browser.js";

afterEach(() => {
  vi.useRealTimers();
});

it("gives up on a login page from which nobody comes back (login-abandoned, V32)", async () => {
  const { visit, close } = await browserVisit(
    () => undefined,
    () => undefined,
  );
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const returned = expect(visit(new URL("https://auth.example.com/authorize"))).rejects.toMatchObject({
    code: "login-abandoned",
  });
  vi.advanceTimersByTime(300_000);
  await returned;
  close();
});
