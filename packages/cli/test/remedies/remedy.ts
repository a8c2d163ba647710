import type { Request, RequestHandler, Response } from "express";
import type { Mending, Site } from "../servers/mending.js";

/** What a reader does who follows one finding's `change`; the text names the site as it is now. */
export type Remedy = (change: string, site: Site) => Mending;

export type Remedies = Readonly<Record<string, Remedy>>;

/** All changes in one server: each place gets those that are made there, in order. */
export function together(mendings: readonly Mending[]): Mending {
  const { bearer } = mendings.find((mending) => mending.bearer !== undefined) ?? {};
  return {
    front: (app) => {
      for (const { front } of mendings) front?.(app);
    },
    behind: inTurn(mendings.flatMap(({ behind }) => behind ?? [])),
    verification: (own) =>
      mendings.reduce((verify, { verification }) => verification?.(verify) ?? verify, own),
    guardsHandler: mendings.some(({ guardsHandler }) => guardsHandler === true),
    ...(bearer === undefined ? {} : { bearer }),
  };
}

function inTurn(handlers: readonly RequestHandler[]): RequestHandler {
  return (request, response, next) => {
    const step = (at: number): void => {
      const handler = handlers[at];
      if (handler === undefined) next();
      else void handler(request, response, () => step(at + 1));
    };
    step(0);
  };
}

/** Lets a change have the last word on the head of every answer. */
export function onAnswer(change: (response: Response, request: Request) => void): Mending {
  return {
    front: (app) => {
      app.use((request, response, next) => {
        const writeHead = response.writeHead.bind(response) as (...parameters: unknown[]) => Response;
        response.writeHead = ((status: number, ...others: unknown[]) => {
          response.statusCode = status;
          change(response, request);
          return writeHead(response.statusCode, ...others);
        }) as typeof response.writeHead;
        next();
      });
    },
  };
}
