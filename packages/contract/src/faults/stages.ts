import { isObject, member } from "../json.ts";
import type { Fault, SeenRequest } from "./fault.ts";
import { answerInstead, rewriteResponse } from "./fault.ts";
import {
  accepted,
  authType,
  completedStages,
  identifier,
  isChallenge,
  isDeviceDeletion,
  isRegistration,
  refused,
} from "./matching.ts";

/** Faults in how a server judges the stages, one by one. */
export const stageFaults: readonly Fault[] = [
  ignores("uia-24", "the localpart is no user", (request) => identifier(request).user?.startsWith("@") === false),
  ignores(
    "uia-25",
    "third-party identifiers are not looked up",
    (request) => identifier(request).type === "m.id.thirdparty",
  ),
  ignores("uia-27", "phone numbers are not looked up", (request) => identifier(request).type === "m.id.phone"),
  {
    rule: "uia-26",
    name: "an unknown third-party identifier is a failed attempt like others",
    wrap: rewriteResponse((request, response) =>
      identifier(request).type === "m.id.thirdparty" && response.status === 403 ? refused(response) : null,
    ),
  },
  {
    rule: "uia-26",
    name: "logging in with an unknown third-party identifier is a 404",
    wrap: rewriteResponse((request, response) =>
      request.path.endsWith("/login") && response.status === 403 ? { status: 404 } : null,
    ),
  },
  {
    rule: "uia-28",
    name: "any user's password will do",
    wrap: (next) => {
      const passwords = new Map<unknown, string>();
      return rewriteResponse((request, response) => {
        const { password, username } = request.json;
        if (isRegistration(request) && typeof username === "string") passwords.set(password, username);
        const owner = passwords.get(member(request.json["auth"], "password"));
        const isOthers = owner?.endsWith("-bob") === true && identifier(request).user?.includes(owner) === true;
        return isOthers && isDeviceDeletion(request) && isChallenge(response) ? { status: 200, body: {} } : null;
      })(next);
    },
  },
  acceptsAnything("uia-29", "m.login.recaptcha"),
  refusesAlways("uia-29", "m.login.recaptcha"),
  {
    rule: "uia-30",
    name: "single sign-on is taken at the client's word",
    wrap: rewriteResponse((request, response) =>
      authType(request) === "m.login.sso" && isChallenge(response) ? accepted(response, "m.login.sso") : null,
    ),
  },
  acceptsAnything("uia-31", "m.login.email.identity"),
  refusesAlways("uia-31", "m.login.email.identity"),
  acceptsAnything("uia-32", "m.login.msisdn"),
  refusesAlways("uia-32", "m.login.msisdn"),
  {
    rule: "uia-33",
    name: "the dummy stage is refused",
    wrap: rewriteResponse((request, response) => (authType(request) === "m.login.dummy" ? refused(response) : null)),
  },
  alsoOffered("uia-35a", "m.login.registration_token"),
  acceptsAnything("uia-35b", "m.login.registration_token"),
  {
    rule: "uia-35b",
    name: "a bad registration token ends the attempt",
    wrap: rewriteResponse((request, response) =>
      authType(request) === "m.login.registration_token" &&
      response.json["errcode"] !== undefined &&
      isChallenge(response)
        ? { status: 403 }
        : null,
    ),
  },
  {
    rule: "uia-35c",
    name: "every registration token is valid",
    wrap: rewriteResponse((request) => (isValidity(request) ? { status: 200, body: { valid: true } } : null)),
  },
  {
    rule: "uia-35c",
    name: "validity is a string",
    wrap: rewriteResponse((request) => (isValidity(request) ? { status: 200, body: { valid: "false" } } : null)),
  },
  alsoOffered("uia-36a", "m.login.terms"),
  {
    rule: "uia-36b",
    name: "policies have no version",
    wrap: rewriteResponse((_request, response) => {
      const policies = member(member(response.json["params"], "m.login.terms"), "policies");
      if (!isObject(policies)) return null;
      const stripped = Object.entries(policies).map(([id, policy]) => {
        const { version: _version, ...languages } = isObject(policy) ? policy : {};
        return [id, languages];
      });
      return { body: { ...response.json, params: { "m.login.terms": { policies: Object.fromEntries(stripped) } } } };
    }),
  },
  refusesAlways("uia-36c", "m.login.terms"),
  alsoOffered("uia-37", "m.oauth"),
  {
    rule: "uia-37",
    name: "m.oauth has no page to approve it on",
    wrap: rewriteResponse((_request, response) =>
      member(response.json["params"], "m.oauth") === undefined ? null : { body: { ...response.json, params: {} } },
    ),
  },
];

function isValidity({ path }: SeenRequest): boolean {
  return path.endsWith("/m.login.registration_token/validity");
}

function ignores(rule: string, name: string, matches: (request: SeenRequest) => boolean): Fault {
  const answer = { status: 403, body: { errcode: "M_FORBIDDEN", error: "No such user" } };
  return {
    rule,
    name,
    wrap: answerInstead((request) => (isDeviceDeletion(request) && matches(request) ? answer : null)),
  };
}

function acceptsAnything(rule: string, stage: string): Fault {
  return {
    rule,
    name: `${stage} is completed by anything`,
    wrap: rewriteResponse((request, response) =>
      isRegistration(request) &&
      authType(request) === stage &&
      isChallenge(response) &&
      response.json["errcode"] !== undefined
        ? accepted(response, stage)
        : null,
    ),
  };
}

function refusesAlways(rule: string, stage: string): Fault {
  return {
    rule,
    name: `${stage} is never completed`,
    wrap: rewriteResponse((request, response) =>
      isRegistration(request) && completedStages(response).includes(stage) ? refused(response) : null,
    ),
  };
}

function alsoOffered(rule: string, stage: string): Fault {
  return {
    rule,
    name: `${stage} is offered for deleting a device`,
    wrap: rewriteResponse((request, response) => {
      const { flows } = response.json;
      if (!isDeviceDeletion(request) || !isChallenge(response) || !Array.isArray(flows)) return null;
      return { body: { ...response.json, flows: [...flows, { stages: [stage] }] } };
    }),
  };
}
