import type { ServerContext } from "@modelcontextprotocol/server";
import type { Report } from "./operation.js";

/** Sends `notifications/progress` to a caller who asked for it with a progress token (MCP Progress). */
export function progressOf({ _meta, notify }: Pick<ServerContext["mcpReq"], "_meta" | "notify">): Report {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return async () => {};
  return (progress, total, message) =>
    notify({
      method: "notifications/progress",
      params: { progressToken, progress, total, message },
      // A caller who is gone gets no progress; the operation goes on to its next step, where it sees that.
    }).catch(() => {});
}
