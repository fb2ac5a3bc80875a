import { member } from "../../json.ts";
import type { Fault, SeenRequest } from "../fault.ts";
import { rewriteResponse } from "../fault.ts";
import { isIdentity, submitsToken } from "./endpoint.ts";

const isOpaque = (value: unknown): boolean => typeof value === "string" && /^[0-9a-zA-Z.=_-]{1,255}$/.test(value);
const isWellFormed = ({ json }: SeenRequest): boolean => isOpaque(json["sid"]) && isOpaque(json["client_secret"]);
const isSubmitUrl = (request: SeenRequest): boolean =>
  !isIdentity(request) && ["sid", "client_secret", "token"].every((name) => name in request.json);

/** What an identity server can get wrong about tokens that are handed in. */
export const submissionFaults: readonly Fault[] = [
  {
    rule: "is-34",
    name: "the right token is no success",
    wrap: rewriteResponse((request, { status }) =>
      submitsToken(request, "POST") && status === 200 ? { body: { success: false } } : null,
    ),
  },
  {
    rule: "is-35",
    name: "a wrong token is a 200 without success, as it was before v1.18",
    wrap: answers200For("M_TOKEN_INCORRECT", false),
  },
  {
    rule: "is-36",
    name: "a malformed secret is M_UNKNOWN",
    wrap: rewriteResponse((request, { status, json }) =>
      submitsToken(request, "POST") && status === 400 && !isWellFormed(request)
        ? { body: { ...json, errcode: "M_UNKNOWN" } }
        : null,
    ),
  },
  {
    rule: "is-37",
    name: "a token is good for ever",
    wrap: answers200For("M_SESSION_EXPIRED", true),
  },
  {
    rule: "is-38",
    name: "the secret is not compared",
    wrap: answers200For("M_INVALID_PARAM", true),
  },
  {
    rule: "is-38",
    name: "an unknown session is answered without an errcode",
    wrap: rewriteResponse((request, { status }) =>
      submitsToken(request, "POST") && status === 400 ? { body: { success: false } } : null,
    ),
  },
  {
    rule: "is-39",
    name: "validating binds at once",
    wrap: (next) => async (request) => {
      const isSubmission = request.method === "POST" && new URL(request.url).pathname.endsWith("/submitToken");
      const sent: unknown = isSubmission ? await request.clone().json() : null;
      const { headers } = request;
      const answer = await next(request);
      if (!isSubmission || answer.status !== 200) return answer;
      const account: unknown = await (
        await next(new Request(new URL("/_matrix/identity/v2/account", request.url), { headers }))
      ).json();
      const [sid, client_secret] = [member(sent, "sid"), member(sent, "client_secret")];
      const body = JSON.stringify({ sid, client_secret, mxid: member(account, "user_id") });
      await next(
        new Request(new URL("/_matrix/identity/v2/3pid/bind", request.url), { method: "POST", headers, body }),
      );
      return answer;
    },
  },
  {
    rule: "is-40a",
    name: "the page behind a link is JSON",
    wrap: rewriteResponse((request, { status }) =>
      submitsToken(request, "GET") && status === 200
        ? { body: { success: true }, headers: { "content-type": "application/json" } }
        : null,
    ),
  },
  {
    rule: "is-40b",
    name: "a link leads to a page of the server's own",
    wrap: rewriteResponse((request, { status }) =>
      submitsToken(request, "GET") && status === 302
        ? { status: 200, body: "Thank you", headers: { "content-type": "text/plain", location: null } }
        : null,
    ),
  },
  {
    rule: "is-40b",
    name: "the query of `next_link` is lost",
    wrap: rewriteResponse((request, { headers }) =>
      submitsToken(request, "GET") && headers.has("location")
        ? { headers: { location: (headers.get("location") ?? "").replace(/\?.*$/, "") } }
        : null,
    ),
  },
  {
    rule: "is-40c",
    name: "a page says with 200 that it did not work",
    wrap: rewriteResponse((request, { status }) =>
      submitsToken(request, "GET") && status >= 400 ? { status: 200 } : null,
    ),
  },
  {
    rule: "is-40d",
    name: "clients are redirected as well",
    wrap: rewriteResponse((request, { status }) =>
      submitsToken(request, "POST") && status === 200
        ? { status: 302, body: "", headers: { location: "https://client.example/" } }
        : null,
    ),
  },
  {
    rule: "is-40e",
    name: "`submit_url` takes an access token",
    wrap: rewriteResponse((request) =>
      isSubmitUrl(request) && !request.headers.has("authorization")
        ? { status: 401, body: { errcode: "M_MISSING_TOKEN", error: "No access token" } }
        : null,
    ),
  },
  {
    rule: "is-40e",
    name: "`submit_url` takes any token",
    wrap: rewriteResponse((request) => (isSubmitUrl(request) ? { status: 200, body: { success: true } } : null)),
  },
];

/** Not for what is malformed: that is refused as it should be. */
function answers200For(errcode: string, success: boolean): Fault["wrap"] {
  return rewriteResponse((request, { json }) =>
    submitsToken(request, "POST") && json["errcode"] === errcode && isWellFormed(request)
      ? { status: 200, body: { success } }
      : null,
  );
}
