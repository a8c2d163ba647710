import { createProtectedServer, type Settings } from "./protected-server.js";

let serve: ((request: Request) => Promise<Response>) | undefined;

/** What Cloudflare Workers take. Settings come with each request, and never change while a worker lives. */
export default {
  fetch(request: Request, settings: Settings): Promise<Response> {
    serve ??= createProtectedServer(settings);
    return serve(request);
  },
};
