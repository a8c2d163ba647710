import { createHeadlessHost } from "@mcp-authz/testing";
import type { Stage } from "./steps.js";
import { isBookkeeping, stepsOn } from "./steps.js";
import type { ToldStep } from "./story.js";
import { Story } from "./story.js";
import { watchedFetch } from "./traffic.js";

/**
 * Lets a real MCP client go from nothing to a todo, and tells each step as it happens.
 *
 * @param version Which MCP SDK the client is built on.
 * @throws {StoryError} when a step was not as it must be.
 */
export async function playStory(
  version: 1 | 2,
  place: Pick<Stage, "url" | "environmentUrl" | "resourceId">,
  tell: (told: ToldStep) => void,
): Promise<void> {
  const { origin, pathname } = new URL(place.url);
  const stage: Stage = {
    ...place,
    metadataUrl: `${origin}/.well-known/oauth-protected-resource${pathname}`,
    opening: version === 2 ? "server/discover" : "initialize",
  };
  const story = new Story(stepsOn(stage), isBookkeeping(stage), tell);
  const host = await createHeadlessHost({
    url: place.url,
    version,
    fetch: watchedFetch((exchange) => story.watch(exchange)),
  });
  try {
    await host.connect();
    await host.listTools();
    await host.callTool("list_todos");
    await host.callTool("create_todo", { title: "Read the quickstart" });
    await host.callTool("list_todos");
  } catch (error) {
    // A client gives up where the story goes wrong; what went wrong says more than how the client put it.
    story.end();
    throw error;
  } finally {
    await host.close();
  }
  story.end();
}
