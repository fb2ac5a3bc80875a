// Rules about every answer of the identity server; `check` only causes some that they speak about.

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { isObject, stringMember } from "../json.ts";
import type { Outcome } from "../outcome.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";
import { identityAccount } from "./account.ts";
import { isUnsigned } from "./agreement.ts";
import { isUnbindUnsupported } from "./association.ts";
import { isStandardError } from "./standard-error.ts";

export const answersAreJson: Rule = {
  id: "is-3",
  title: "Every answer is a JSON object, sent as `application/json` in UTF-8",
  level: "must",
  specUrl: identitySpec("api-standards"),
  reason: "Clients parse every body; only the page behind a mail's link is for people.",
  needs: ["identity"],
  testable: true,
  check: causeAnswers,
  observe: (answer) => {
    if (!isApi(answer) || isUnbind(answer)) return null;
    const [type = "", ...parameters] = (answer.headers.get("content-type") ?? "").toLowerCase().split(/\s*;\s*/);
    if (type !== "application/json")
      return fail(answer, "`Content-Type: application/json`", `\`Content-Type: ${type || "(none)"}\``);
    const charset = parameters.find((parameter) => parameter.startsWith("charset="));
    if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return fail(answer, "UTF-8", charset);
    // What is not UTF-8 has been read as this character, which no request of a run holds.
    if (answer.text.includes("\uFFFD")) return fail(answer, "a body in UTF-8", "bytes that are not UTF-8");
    return isObject(answer.json) ? pass() : fail(answer, "a JSON object");
  },
};

export const errorsAreStandard: Rule = {
  id: "is-4",
  title: "Every error has `errcode` and `error`",
  level: "must",
  specUrl: identitySpec("standard-error-response"),
  reason: "The one is for the client to act on, the other for the person to read.",
  needs: ["identity"],
  testable: true,
  check: causeAnswers,
  observe: (answer) => {
    if (!isApi(answer) || isUnbind(answer) || answer.status < 400) return null;
    return isStandardError(answer) ? pass() : fail(answer, "an error with `errcode` and `error`, both strings");
  },
};

export const answersHaveCors: Rule = {
  id: "is-6",
  title: "Every answer lets web clients of any origin read it, and the preflight lets them ask",
  level: "should",
  specUrl: identitySpec("web-browser-clients"),
  reason: "Without the headers a browser hides the answer, errors included, and the client sees a network error.",
  needs: ["identity"],
  testable: true,
  async check(context) {
    await causeAnswers(context);
    const answer = await context.identity.send("OPTIONS", "/_matrix/identity/v2/lookup", { headers: preflight });
    const methods = listIn(answer, "access-control-allow-methods");
    const headers = listIn(answer, "access-control-allow-headers");
    if (answer.status >= 300 || answer.headers.get("access-control-allow-origin") !== "*")
      return fail(answer, "a preflight request to succeed with `Access-Control-Allow-Origin: *`");
    if (!methods.includes("post") && !methods.includes("*"))
      return fail(answer, "`Access-Control-Allow-Methods` with POST", methods.join(", ") || "no such header");
    if (!["authorization", "content-type"].every((name) => headers.includes(name)))
      return fail(
        answer,
        "`Access-Control-Allow-Headers` with Authorization and Content-Type",
        headers.join(", ") || "no such header",
      );
    return pass();
  },
  observe: (answer) => {
    if (!isApi(answer)) return null;
    return answer.headers.get("access-control-allow-origin") === "*"
      ? pass()
      : fail(answer, "`Access-Control-Allow-Origin: *`", "no such header");
  },
};

export const termsAreAskedForOnAuthenticated: Rule = {
  id: "is-18",
  title: "M_TERMS_NOT_SIGNED is a 403, and only where an access token is needed",
  level: "derived",
  specUrl: identitySpec("terms-of-service"),
  reason: "Whoever has to agree first must be able to find the server, its terms and the way to an account.",
  needs: ["identity"],
  testable: true,
  async check(context) {
    await identityAccount(context);
    for (const path of publicPaths) await context.identity.get(path);
    return pass();
  },
  observe: (answer) => {
    if (!isApi(answer) || !isUnsigned(answer)) return null;
    if (answer.status !== 403) return fail(answer, "M_TERMS_NOT_SIGNED with status 403");
    if (isPublic(answer)) return fail(answer, "no M_TERMS_NOT_SIGNED from an endpoint that needs no access token");
    return pass();
  },
};

async function causeAnswers({ identity }: Context): Promise<Outcome> {
  await identity.get("/_matrix/identity/versions");
  await identity.get("/_matrix/identity/v2/terms");
  await identity.get("/_matrix/identity/v2/account");
  return pass();
}

const preflight = {
  origin: "https://client.example",
  "access-control-request-method": "POST",
  "access-control-request-headers": "authorization,content-type",
};

const publicPaths = ["/_matrix/identity/versions", "/_matrix/identity/v2", "/_matrix/identity/v2/terms"];

function isPublic({ method, url }: Exchange): boolean {
  const { pathname } = new URL(url);
  if (pathname === "/_matrix/identity/v2/account/register" || pathname.includes("/v2/pubkey/")) return true;
  return method === "GET" && publicPaths.includes(pathname);
}

// A link's answer is for people, and a preflight's has no body.
function isApi({ server, method, url }: Exchange): boolean {
  const { pathname } = new URL(url);
  if (server !== "identity" || method === "OPTIONS") return false;
  return pathname.startsWith("/_matrix/identity/") && !(method === "GET" && pathname.endsWith("/submitToken"));
}

// A body that is no Matrix error is how a server says that it does not support unbinding.
function isUnbind(answer: Exchange): boolean {
  const { pathname } = new URL(answer.url);
  const isFailure = isUnbindUnsupported(answer) && stringMember(answer.json, "errcode") === undefined;
  return pathname.endsWith("/3pid/unbind") && isFailure;
}

function listIn({ headers }: Exchange, name: string): readonly string[] {
  const value = headers.get(name) ?? "";
  return value
    .toLowerCase()
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
