import type { Provider } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/express";
import type { ErrorRequestHandler, Express, RequestHandler } from "express";
import express from "express";
import { createNotesHandler } from "./mcp-server.js";
import { Notes } from "./notes.js";
import { login, requireSession } from "./session.js";

const webPages = "https://notes.example.com";

/** An application as it might have been running for years, with its own CORS, login, routes and error handler. */
export function createApplication(resource: string, provider: Provider): Express {
  const notes = new Notes();
  const app = express();
  app.disable("x-powered-by");

  // These five lines are all that MCP needs here. They come first: what follows is for the web pages.
  const tools = { list_notes: "notes:read", add_note: "notes:write" };
  const policy = { baseline: "notes:read", tools };
  const implies = { "notes:write": "notes:read" };
  const handler = createNotesHandler(notes);
  app.use(mcpAuthz({ resource, provider, policy, implies, handler }));

  app.use(cors);
  app.use(express.json());
  app.use(login);
  app.get("/notes", requireSession, (_request, response) => {
    response.json(notes.of(response.locals.subject));
  });
  app.post("/notes", requireSession, (request, response) => {
    response.status(201).json(notes.add(response.locals.subject, String(request.body.text)));
  });
  app.use((request, response) => {
    response.status(404).json({ message: `There is no ${request.path}` });
  });
  app.use(apologize);
  return app;
}

/** The web pages live on another origin and send their cookie along. */
const cors: RequestHandler = (request, response, next) => {
  response.vary("Origin");
  if (request.headers.origin === webPages) {
    response.set({
      "Access-Control-Allow-Origin": webPages,
      "Access-Control-Allow-Credentials": "true",
      "Access-Control-Allow-Headers": "Content-Type",
    });
  }
  if (request.method === "OPTIONS") response.status(204).end();
  else next();
};

const apologize: ErrorRequestHandler = (error, _request, response, _next) => {
  const status: unknown = error?.status;
  response
    .status(typeof status === "number" ? status : 500)
    .json({ message: "Sorry, that did not work", code: error?.type ?? "unknown" });
};
