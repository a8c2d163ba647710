import { createHeadlessHost, type HeadlessHost, type ToolResult } from "@mcp-authz/testing";
import { StoryError } from "./story.js";

/** One thing that a client does at the library, and what must come of it. */
interface Scene {
  readonly title: string;
  readonly why: string;
  readonly play: (host: HeadlessHost) => Promise<string>;
  readonly expected: string;
  /** How often the person has logged in by then. */
  readonly logins: number;
}

const tools = async (host: HeadlessHost) => [...(await host.listTools())].sort().join(", ");
const words = async (call: Promise<ToolResult>) =>
  JSON.stringify((await call).content).replaceAll(/.*"text":"([^"]*)".*/g, "$1");

const scenes: readonly Scene[] = [
  {
    title: "It connects without a token, and searches",
    why: "search is declared public, so nobody has to log in for it, nor for looking around.",
    play: (host) => words(host.callTool("search")),
    expected: "Moby-Dick",
    logins: 0,
  },
  {
    title: "It sees what it may use, and nothing else",
    why: "This server filters its lists: the same declaration that refuses also hides.",
    play: tools,
    expected: "search",
    logins: 0,
  },
  {
    title: "It asks for its loans: 401, login, and the same connection goes on",
    why: "The first protected call is challenged; the client logs in and repeats it.",
    play: (host) => words(host.callTool("my_loans")),
    expected: "one book, overdue",
    logins: 1,
  },
  {
    title: "It sees more now",
    why: "my_loans and renew take loans:read, which it has. lend takes loans:write, and stays hidden.",
    play: tools,
    expected: "my_loans, renew, search",
    logins: 1,
  },
  {
    title: "It renews: the tool runs, finds an overdue loan, and only then refuses",
    why: "A LateDenial becomes 403 with a challenge like any other; the client steps up and repeats the call.",
    play: (host) => words(host.callTool("renew")),
    expected: "renewed",
    logins: 2,
  },
];

/**
 * Lets a real MCP client visit the library, and tells each scene.
 *
 * @throws {StoryError} when a scene was not as it must be.
 */
export async function playEncore(
  version: 1 | 2,
  url: string,
  tell: (title: string, why: string) => void,
): Promise<void> {
  const host = await createHeadlessHost({ url, version });
  try {
    await host.connect();
    for (const { title, why, play, expected, logins } of scenes) {
      const seen = await play(host);
      const counted = host.steps.filter(({ kind }) => kind === "login").length;
      if (seen !== expected)
        throw new StoryError(`"${title}" must end with ${expected}, and ended with ${seen}.`);
      if (counted !== logins)
        throw new StoryError(`"${title}": ${logins} logins must have happened by then, and ${counted} have.`);
      tell(title, why);
    }
  } finally {
    await host.close();
  }
}
