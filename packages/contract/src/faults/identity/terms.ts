import { isObject, member, stringMember } from "../../json.ts";
import type { Fault } from "../fault.ts";
import { rewriteResponse } from "../fault.ts";
import { asksFor, bearer } from "./endpoint.ts";

const unsigned = { errcode: "M_TERMS_NOT_SIGNED", error: "Agree to the terms first" };

/** What an identity server can get wrong about its terms. */
export const termsFaults: readonly Fault[] = [
  {
    rule: "is-14",
    name: "reading the terms takes an access token",
    wrap: rewriteResponse((request) =>
      asksFor(request, "GET terms") && bearer(request) === undefined
        ? { status: 401, body: { errcode: "M_UNAUTHORIZED", error: "No access token" } }
        : null,
    ),
  },
  {
    rule: "is-14",
    name: "policies have no version",
    wrap: rewriteResponse((request, { text }) =>
      asksFor(request, "GET terms") ? { body: text.replaceAll('"version"', '"revision"') } : null,
    ),
  },
  {
    rule: "is-15",
    name: "only what was agreed to last counts",
    wrap: requireAgreement((policies, answers) => {
      const last = answers.at(-1) ?? [];
      return policies.every((urls) => urls.some((url) => last.includes(url)));
    }),
  },
  {
    rule: "is-16",
    name: "every language has to be agreed to",
    wrap: requireAgreement((policies, answers) => policies.flat().every((url) => answers.flat().includes(url))),
  },
  {
    rule: "is-17",
    name: "agreeing to one policy is refused for want of the others",
    wrap: rewriteResponse((request) => (asksFor(request, "POST terms") ? { status: 403, body: unsigned } : null)),
  },
  {
    rule: "is-18",
    name: "terms that are not agreed to are a 401",
    wrap: rewriteResponse((_request, { json }) => (json["errcode"] === unsigned.errcode ? { status: 401 } : null)),
  },
  {
    rule: "is-18",
    name: "the terms can be read only once they are agreed to",
    wrap: rewriteResponse((request) =>
      asksFor(request, "GET terms") ? { status: 403, body: { ...unsigned, policies: {} } } : null,
    ),
  },
];

/** A server with another idea of when the terms are agreed to; `answers` is what a user has sent, in order. */
function requireAgreement(
  isEnough: (policies: readonly (readonly string[])[], answers: readonly (readonly string[])[]) => boolean,
): Fault["wrap"] {
  return (next) => {
    const answersOf = new Map<string | undefined, string[][]>();
    let policies: readonly (readonly string[])[] = [];
    return rewriteResponse((request, { status, json }) => {
      const user = bearer(request);
      const answers = answersOf.get(user) ?? [];
      if (asksFor(request, "GET terms")) policies = urlsOf(json["policies"]);
      if (asksFor(request, "POST terms")) answersOf.set(user, [...answers, stringsOf(request.json["user_accepts"])]);
      const isOpen = !asksFor(request, "GET account") || status !== 200 || isEnough(policies, answers);
      return isOpen ? null : { status: 403, body: unsigned };
    })(next);
  };
}

function urlsOf(policies: unknown): readonly (readonly string[])[] {
  return Object.values(isObject(policies) ? policies : {}).map((policy) =>
    Object.keys(isObject(policy) ? policy : {}).flatMap(
      (language) => stringMember(member(policy, language), "url") ?? [],
    ),
  );
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}
