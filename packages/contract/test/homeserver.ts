import type { Fetch } from "../src/http.ts";
import type { Mailbox } from "../src/mail/mailbox.ts";
import { accountRoutes } from "./homeserver/account.ts";
import type { Answer, Handler, Json, Routes } from "./homeserver/answers.ts";
import { error, ok } from "./homeserver/answers.ts";
import { deviceRoutes } from "./homeserver/devices.ts";
import { fallbackRoutes } from "./homeserver/fallback.ts";
import { loginRoutes } from "./homeserver/login.ts";
import { registrationRoutes } from "./homeserver/registration.ts";
import { createStages } from "./homeserver/stages.ts";
import { createUsers } from "./homeserver/users.ts";
import { createValidations, validationRoutes } from "./homeserver/validations.ts";

/**
 * A small homeserver in memory that obeys every rule of user-interactive auth, parts that the reference server does not
 * have included (single sign-on, cross-signing keys): what the checks are shown to pass on and, with faults, to fail on.
 * It shares no code with packages/server: a second implementation shows that the rules do not fit only ours.
 */
export function createHomeserver(): { readonly fetch: Fetch; readonly inbox: Mailbox } {
  const users = createUsers();
  const validations = createValidations();
  const stages = createStages(users, validations);
  const handlerOf = router({
    "GET /_matrix/client/versions": () => ok({ versions: ["v1.18", "v1.19"] }),
    ...registrationRoutes(users, stages),
    ...loginRoutes(users, stages),
    ...deviceRoutes(users, stages),
    ...accountRoutes(users, stages, validations),
    ...fallbackRoutes(stages),
    ...validationRoutes(validations),
  });
  return {
    fetch: async (request) => {
      const { pathname: path, searchParams: query } = new URL(request.url);
      const text = await request.text();
      const isJson = request.headers.get("content-type") === "application/json";
      const body = isJson ? (JSON.parse(text) as Json) : {}; // the checks send objects
      const bearer = request.headers.get("authorization")?.replace("Bearer ", "");
      return responseOf(handlerOf(`${request.method} ${path}`)({ path, query, body, bearer }));
    },
    inbox: validations.inbox,
  };
}

function router(routes: Routes): (request: string) => Handler {
  const unrecognized: Handler = () => error(404, "M_UNRECOGNIZED");
  return (request) => Object.entries(routes).find(([route]) => matches(route, request))?.[1] ?? unrecognized;
}

function matches(route: string, request: string): boolean {
  const [wanted, found] = [route.split("/"), request.split("/")];
  return wanted.length === found.length && wanted.every((part, index) => part === "*" || part === found[index]);
}

function responseOf({ status, body }: Answer): Response {
  const isPage = typeof body === "string";
  return new Response(isPage ? body : JSON.stringify(body), {
    status,
    headers: {
      "content-type": isPage ? "text/html; charset=utf-8" : "application/json",
      "access-control-allow-origin": "*",
    },
  });
}
