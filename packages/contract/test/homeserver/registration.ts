import type { Call, Routes } from "./answers.ts";
import { error, ok } from "./answers.ts";
import type { Stages } from "./stages.ts";
import { registrationToken } from "./stages.ts";
import type { Users } from "./users.ts";

const flows = [
  ["m.login.registration_token", "m.login.terms", "m.login.dummy"],
  ["m.login.email.identity", "m.login.terms", "m.login.dummy"],
  ["m.login.recaptcha", "m.login.dummy"],
  ["m.login.msisdn", "m.login.dummy"],
];
const policies = { privacy: { version: "1", en: { name: "Privacy", url: "https://example.org/privacy" } } };
const params = { "m.login.terms": { policies }, "m.login.recaptcha": { public_key: "key" } };

/** Registering, as a user or as a guest. */
export function registrationRoutes(users: Users, { authenticate }: Stages): Routes {
  const register = (call: Call) => {
    const { body, query } = call;
    if (query.get("kind") === "guest") return ok(users.logIn(users.add(users.freshName("guest"), "")));
    const username = String(body["username"] ?? users.freshName("user"));
    if (!/^[a-z0-9._=/+-]+$/.test(username)) return error(400, "M_INVALID_USERNAME");
    if (users.isTaken(username)) return error(400, "M_USER_IN_USE");
    const refused = authenticate(call, { flows, params, subject: "register" });
    if (refused !== null) return refused;
    const user = users.add(username, String(body["password"]));
    return ok(body["inhibit_login"] === true ? { user_id: user.id } : users.logIn(user));
  };
  return {
    "POST /_matrix/client/v3/register": register,
    "GET /_matrix/client/v1/register/m.login.registration_token/validity": ({ query }) =>
      ok({ valid: query.get("token") === registrationToken }),
  };
}
