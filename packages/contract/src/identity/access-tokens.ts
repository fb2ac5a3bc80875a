// Rules about access tokens of the identity server.

import { stringMember } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";
import { identityAccount } from "./account.ts";
import { askAccount } from "./agreement.ts";
import { spokenVersions } from "./spoken-versions.ts";
import { isError } from "./standard-error.ts";

export const bothWaysToSendAToken: Rule = {
  id: "is-7",
  title: "An access token is taken in the header and in the query",
  level: "must",
  specUrl: identitySpec("authentication"),
  reason: "Servers must support both, so that a client may choose; the query is deprecated, and gone after v1.19.",
  needs: ["identity"],
  testable: true,
  async check(context) {
    const { userId, token } = await identityAccount(context);
    const header = await askAccount(context, token);
    if (stringMember(header.json, "user_id") !== userId) return fail(header, "200 for a token in the header");
    const query = await context.identity.get("/_matrix/identity/v2/account", { query: { access_token: token } });
    if (stringMember(query.json, "user_id") === userId) return pass();
    const minors = (await spokenVersions(context)).map((version) => Number(/^v1\.(\d+)$/.exec(version)?.[1] ?? 0));
    if (minors.length > 0 && minors.every((minor) => minor > 19))
      return pass("a token in the query is not taken, which is right for the versions spoken here");
    return fail(query, "200 for a token in the query");
  },
};

export const unknownTokensAreUnauthorized: Rule = {
  id: "is-8",
  title: "A missing or unknown access token is a 401 M_UNAUTHORIZED",
  level: "must",
  specUrl: identitySpec("authentication"),
  reason: "The client learns from it that it has to get a new token, and does not mistake it for anything else.",
  needs: ["identity"],
  testable: true,
  async check(context) {
    for (const { method, path, ...request } of authenticatedRequests) {
      // The example of logout itself has the code of the client-server API.
      const errcodes = path === logoutPath ? ["M_UNAUTHORIZED", "M_UNKNOWN_TOKEN"] : ["M_UNAUTHORIZED"];
      for (const token of [undefined, context.random(32)]) {
        const answer = await context.identity.send(method, path, { ...request, token });
        if (!isError(answer, 401, ...errcodes))
          return fail(answer, `401 M_UNAUTHORIZED ${token === undefined ? "without a token" : "for an unknown token"}`);
      }
    }
    return pass();
  },
};

export const tokensStayOnTheirServer: Rule = {
  id: "is-9",
  title: "Access tokens of the identity server and of the homeserver are not interchangeable",
  level: "must",
  specUrl: identitySpec("authentication"),
  reason:
    "An identity server run by somebody else must not be able to act as its users, nor learn what opens accounts.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { token } = await identityAccount(context);
    const { accessToken } = await context.accounts.alice();
    const homeserver = await context.homeserver.get("/_matrix/client/v3/account/whoami", { token });
    if (homeserver.status !== 401) return fail(homeserver, "401 from the homeserver for an identity server's token");
    const identity = await askAccount(context, accessToken);
    if (identity.status !== 401) return fail(identity, "401 from the identity server for a homeserver's token");
    return pass();
  },
};

interface AuthenticatedRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
}

const logoutPath = "/_matrix/identity/v2/account/logout";

const unknownSession = { sid: "contract", client_secret: "contract" };

/** One complete request for each operation that needs a token; a signature may stand in for it when unbinding. */
const authenticatedRequests: readonly AuthenticatedRequest[] = [
  { method: "GET", path: "/_matrix/identity/v2/account" },
  { method: "POST", path: logoutPath },
  posted("terms", { user_accepts: [] }),
  { method: "GET", path: "/_matrix/identity/v2/hash_details" },
  posted("lookup", { algorithm: "sha256", pepper: "contract", addresses: [] }),
  posted("validate/email/requestToken", {
    client_secret: "contract",
    email: "contract@nobody.example",
    send_attempt: 1,
  }),
  posted("validate/email/submitToken", { ...unknownSession, token: "contract" }),
  posted("validate/msisdn/requestToken", {
    client_secret: "contract",
    country: "GB",
    phone_number: "07700900123",
    send_attempt: 1,
  }),
  posted("validate/msisdn/submitToken", { ...unknownSession, token: "contract" }),
  { method: "GET", path: "/_matrix/identity/v2/3pid/getValidated3pid", query: unknownSession },
  posted("3pid/bind", { ...unknownSession, mxid: "@contract:nobody.example" }),
  posted("store-invite", {
    medium: "email",
    address: "contract@nobody.example",
    room_id: "!contract:nobody.example",
    sender: "@contract:nobody.example",
  }),
  posted("sign-ed25519", { mxid: "@contract:nobody.example", token: "contract", private_key: "A".repeat(43) }),
];

function posted(path: string, body: object): AuthenticatedRequest {
  return { method: "POST", path: `/_matrix/identity/v2/${path}`, body };
}
