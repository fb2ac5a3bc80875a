import { randomUUID } from "node:crypto";
import type { Call, Routes } from "./answers.ts";
import { error, ok, page } from "./answers.ts";
import type { Stages } from "./stages.ts";
import { passwordFlows } from "./stages.ts";
import type { User, Users } from "./users.ts";

/** Logging in, with a password or with a token that somebody who is logged in has asked for. */
export function loginRoutes(users: Users, { authenticate }: Stages): Routes {
  const owners = new Map<string, User>();
  const login = ({ body }: Call) => {
    if (body["type"] === "m.login.token") {
      const owner = owners.get(String(body["token"]));
      owners.delete(String(body["token"]));
      return owner === undefined ? error(403, "M_FORBIDDEN") : ok(users.logIn(owner));
    }
    const user = users.identified(body["identifier"]);
    return user === undefined || user.password !== body["password"] ? error(403, "M_FORBIDDEN") : ok(users.logIn(user));
  };
  return {
    "POST /_matrix/client/v3/login": login,
    "GET /_matrix/static/client/login/": () => page("<p>Log in</p>"),
    "POST /_matrix/client/v1/login/get_token": users.loggedIn((call, { user }) => {
      const refused = authenticate(call, { flows: passwordFlows, subject: `${user.id} token` }, user);
      if (refused !== null) return refused;
      const login_token = randomUUID();
      owners.set(login_token, user);
      return ok({ login_token, expires_in_ms: 120_000 });
    }),
  };
}
