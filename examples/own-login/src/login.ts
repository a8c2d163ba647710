import { type ErrorRequestHandler, type Request, type Response, Router, urlencoded } from "express";
import { type LoginReports, loginRequestOf } from "./login-request.js";
import { continuePage, homePage, loginPage, unfinishedPage } from "./pages.js";
import { Sessions } from "./session.js";
import type { User, Users } from "./users.js";

/**
 * The application's own pages. The login page is the one that was there before; what was added is that it may have been
 * called by the authorization server, and then says there who logged in.
 */
export function ownPages(users: Users, reports: LoginReports): Router {
  const sessions = new Sessions();
  const userOf = (request: Request) => users.find(sessions.of(request) ?? "");
  const router = Router();

  router.get("/", (request, response) => {
    response.send(homePage(userOf(request)));
  });

  router.get("/login", (request, response) => {
    const waiting = loginRequestOf(request.query);
    const user = userOf(request);
    // Nobody else's page may frame a page whose button connects accounts.
    response.set({ "Content-Security-Policy": "frame-ancestors 'none'", "Referrer-Policy": "no-referrer" });
    response.send(waiting && user ? continuePage(waiting, user) : loginPage(waiting));
  });

  router.post("/login", urlencoded({ extended: false }), async (request, response) => {
    const form = request.body as Readonly<Record<string, unknown>>;
    const waiting = loginRequestOf(form);
    if (waiting && form["decision"] === "cancel")
      return response.redirect(303, await reports.cancelled(waiting));
    const user = form["decision"] === "continue" ? userOf(request) : begun(form, response);
    if (user === undefined)
      return response.status(401).send(loginPage(waiting, "Wrong e-mail address or password"));
    response.redirect(303, waiting ? await reports.loggedIn(waiting, user) : "/");
  });

  const begun = (form: Readonly<Record<string, unknown>>, response: Response): User | undefined => {
    const user = users.authenticate(String(form["email"]), String(form["password"]));
    if (user !== undefined) sessions.begin(response, user.id);
    return user;
  };
  router.use(unfinished);
  return router;
}

/** The authorization server no longer waits for this login, or cannot be reached. */
const unfinished: ErrorRequestHandler = (error, _request, response, _next) => {
  console.error(error);
  response.status(502).send(unfinishedPage());
};
