import type { AuthInfo } from "@mcp-authz/core";

/** What the tools of both SDKs' servers do, and what became of the long one. */
export class Tools {
  readonly #aborted: (() => void)[] = [];
  running = 0;

  /** Who the tool was told is calling. */
  whoami(auth: AuthInfo | undefined): string {
    return String(auth?.extra?.["subject"] ?? "nobody");
  }

  /** Runs until its signal fires. */
  async work(signal: AbortSignal): Promise<void> {
    this.running += 1;
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve());
    });
    this.running -= 1;
    for (const wake of this.#aborted.splice(0)) wake();
  }

  /** Resolves when a running tool has been aborted. */
  aborted(): Promise<void> {
    return new Promise((resolve) => this.#aborted.push(resolve));
  }
}

export const text = (value: string): { content: { type: "text"; text: string }[] } => ({
  content: [{ type: "text", text: value }],
});
