import type { Answer, Call, Json } from "./answers.ts";
import type { Authentication, Refusal } from "./authentication.ts";
import { createAuthentication } from "./authentication.ts";
import type { User, Users } from "./users.ts";
import type { Validations } from "./validations.ts";

export const registrationToken = "open-sesame";
export const recaptchaResponse = "not-a-robot";
/** How somebody who is logged in shows that it is still them. */
export const passwordFlows = [["m.login.password"], ["m.login.sso"]];

export type Stages = ReturnType<typeof createStages>;

/** User-interactive auth with every stage that there is, each judged on its own. */
export function createStages(users: Users, validations: Validations) {
  const { require, completeOnPage } = createAuthentication();

  const wrongPassword = (auth: Json, owner: User | undefined): Refusal | null => {
    const user = users.identified(auth["identifier"]);
    if (user === undefined) return { status: 403, errcode: "M_FORBIDDEN" };
    return user.password === auth["password"] && (owner === undefined || owner === user)
      ? null
      : { status: 401, errcode: "M_FORBIDDEN" };
  };
  const judge = (auth: Json, owner: User | undefined): Refusal | null => {
    const { sid, client_secret } = (auth["threepid_creds"] ?? {}) as Json; // missing members read as undefined
    const refused = { status: 401, errcode: "M_UNAUTHORIZED" };
    switch (auth["type"]) {
      case "m.login.password":
        return wrongPassword(auth, owner);
      case "m.login.registration_token":
        return auth["token"] === registrationToken ? null : refused;
      case "m.login.recaptcha":
        return auth["response"] === recaptchaResponse ? null : refused;
      case "m.login.email.identity":
      case "m.login.msisdn":
        return validations.isValidated(sid, client_secret) ? null : refused;
      case "m.login.sso":
        return refused;
      default:
        return null;
    }
  };
  /** Null once the request is authenticated; `owner` is the only one whose password counts. */
  const authenticate = ({ body }: Call, authenticated: Omit<Authentication, "judge">, owner?: User): Answer | null =>
    require({ ...authenticated, judge: (auth) => judge(auth, owner) }, body["auth"] as Json | undefined); // an object in these tests

  return { authenticate, completeOnPage };
}
