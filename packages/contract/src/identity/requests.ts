// Rules about requests that make no sense.

import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";
import { identityAccount } from "./account.ts";
import { hashDetails } from "./association.ts";
import { isError } from "./standard-error.ts";

export const unknownRequestsAreUnrecognized: Rule = {
  id: "is-5",
  title: "An unknown path is a 404 and a wrong method a 405, both M_UNRECOGNIZED",
  level: "derived",
  specUrl: identitySpec("standard-error-response"),
  reason: "This is how a client tells a feature that the server does not have from a mistake of its own.",
  needs: ["identity"],
  testable: true,
  async check({ identity }) {
    const path = await identity.get("/_matrix/identity/v2/contract/no-such-endpoint");
    if (!isError(path, 404, "M_UNRECOGNIZED")) return fail(path, "404 M_UNRECOGNIZED for an unknown path");
    const method = await identity.delete("/_matrix/identity/v2/lookup", {});
    if (!isError(method, 405, "M_UNRECOGNIZED")) return fail(method, "405 M_UNRECOGNIZED for a wrong method");
    return pass();
  },
};

export const missingParametersAreTold: Rule = {
  id: "is-10",
  title: "A request without a parameter it needs is M_MISSING_PARAMS",
  level: "derived",
  specUrl: identitySpec("standard-error-response"),
  reason: "The code says that the request is incomplete rather than wrong.",
  needs: ["identity"],
  testable: true,
  async check(context) {
    const { identity } = context;
    const { token } = await identityAccount(context);
    const { pepper } = await hashDetails(context);
    const answers = [
      await identity.post("/_matrix/identity/v2/account/register", {}),
      await identity.get("/_matrix/identity/v2/pubkey/isvalid"),
      await identity.post("/_matrix/identity/v2/lookup", { algorithm: "sha256", pepper }, { token }),
      await identity.post("/_matrix/identity/v2/3pid/bind", { client_secret: "contract" }, { token }),
    ];
    const wrong = answers.find((answer) => !isError(answer, 400, "M_MISSING_PARAMS"));
    return wrong === undefined ? pass() : fail(wrong, "400 M_MISSING_PARAMS");
  },
};
