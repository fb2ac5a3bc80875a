// Rules about every answer of the homeserver; `check` only causes one that they speak about.

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { clientOrigin } from "../http.ts";
import { isObject, stringMember } from "../json.ts";
import type { Failed, Passed } from "../outcome.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";

export const unauthorizedIsJson: Rule = {
  id: "uia-48a",
  title: "Every 401 is a JSON object",
  level: "must",
  specUrl: clientServerSpec("api-standards"),
  reason: "It carries the flows or the errcode that tells the client how to go on.",
  needs: ["homeserver"],
  testable: true,
  check: causeUnauthorized,
  observe: (answer) => (isApi(answer) && answer.status === 401 ? judgeJson(answer) : null),
};

export const answersHaveCors: Rule = {
  id: "uia-48b",
  title: "Every answer lets web clients of any origin read it",
  level: "should",
  specUrl: clientServerSpec("web-browser-clients"),
  reason: "Without the header a browser hides the answer, the 401 included, and the client sees a network error.",
  needs: ["homeserver"],
  testable: true,
  check: causeUnauthorized,
  observe: (answer) => {
    if (!isApi(answer)) return null;
    const allowed = answer.headers.get("access-control-allow-origin");
    return allowed === "*" || allowed === clientOrigin
      ? pass()
      : fail(answer, "`Access-Control-Allow-Origin: *`", `\`Access-Control-Allow-Origin: ${allowed ?? "(none)"}\``);
  },
};

export const rateLimitIsTold: Rule = {
  id: "uia-48c",
  title: "A 429 is M_LIMIT_EXCEEDED",
  level: "must",
  specUrl: clientServerSpec("rate-limiting"),
  reason: "Clients wait and try again on this code, and on no other.",
  needs: ["homeserver"],
  testable: true,
  check: causeUnauthorized,
  observe: (answer) => {
    if (!isApi(answer) || answer.status !== 429) return null;
    return stringMember(answer.json, "errcode") === "M_LIMIT_EXCEEDED" ? pass() : fail(answer, "429 M_LIMIT_EXCEEDED");
  },
};

export const rateLimitTellsWhen: Rule = {
  id: "uia-48d",
  title: "A 429 says in `Retry-After` how long to wait",
  level: "should",
  specUrl: clientServerSpec("rate-limiting"),
  reason: "A client that has to guess either waits too long or makes it worse.",
  needs: ["homeserver"],
  testable: true,
  check: causeUnauthorized,
  observe: (answer) => {
    if (!isApi(answer) || answer.status !== 429) return null;
    return answer.headers.has("retry-after") ? pass() : fail(answer, "a `Retry-After` header", "none");
  },
};

async function causeUnauthorized({ homeserver }: Context): Promise<Passed> {
  await homeserver.get("/_matrix/client/v3/account/whoami");
  return pass();
}

// Fallback pages, and the way to single sign-on, are for people, on the same paths.
function isApi({ server, url }: Exchange): boolean {
  const { pathname } = new URL(url);
  if (pathname.endsWith("/fallback/web") || pathname.includes("/login/sso/")) return false;
  return server === "homeserver" && pathname.startsWith("/_matrix/client/");
}

function judgeJson(answer: Exchange): Passed | Failed {
  const type = answer.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    return fail(answer, "`Content-Type: application/json`", `\`Content-Type: ${type ?? "(none)"}\``);
  return isObject(answer.json) ? pass() : fail(answer, "a JSON object");
}
