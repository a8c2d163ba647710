import type { Request, RequestHandler, Response } from "express";

/** A middleware of Express, without Express. */
export function withoutExpress(guard: RequestHandler): (token: string) => Promise<unknown> {
  const response = {
    set: () => response,
    status: () => response,
    json: (body: unknown) => {
      throw new Error(JSON.stringify(body));
    },
  };
  return (token) =>
    new Promise((resolve, reject) => {
      const headers: Record<string, string> = { authorization: `Bearer ${token}`, host: "mcp.example.com" };
      const get = (name: string) => headers[name.toLowerCase()];
      const request = { headers, get, protocol: "https", method: "POST", url: "/mcp", is: () => false };
      const done = guard(request as unknown as Request, response as unknown as Response, (error?: unknown) =>
        error === undefined ? resolve(request) : reject(error),
      );
      Promise.resolve(done).catch(reject);
    });
}
