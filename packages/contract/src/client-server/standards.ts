// Rules about every answer, and about what the server says that it speaks: https://spec.matrix.org/v1.19/client-server-api/#api-standards

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import type { Http } from "../http.ts";
import { clientOrigin } from "../http.ts";
import { isObject, member, stringMember } from "../json.ts";
import type { Outcome } from "../outcome.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { speaks } from "../versions.ts";
import { aliceOf, isRefused } from "./client.ts";
import { causeMedia } from "./media.ts";
import type { OperationId } from "./operations.ts";
import { operationOf, operations } from "./operations.ts";

export const versionsAreWellFormed: Rule = {
  id: "cs-63",
  title: "`/versions` lists versions as vX.Y or rX.Y.Z",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientversions"),
  reason: "Clients look these strings up, letter by letter.",
  needs: ["homeserver"],
  testable: true,
  async check({ homeserver }) {
    const answer = await homeserver.get("/_matrix/client/versions");
    const versions = member(answer.json, "versions");
    if (answer.status !== 200 || !Array.isArray(versions)) return fail(answer, "200 with a list `versions`");
    const wrong = versions.find((version) => !/^(v\d+\.\d+|r\d+\.\d+\.\d+)$/.test(String(version)));
    return wrong === undefined ? pass() : fail(answer, "versions as vX.Y or rX.Y.Z", `among them ${String(wrong)}`);
  },
};

export const versionsAreHonest: Rule = {
  id: "cs-64",
  title: "An operation of a version that is claimed is known",
  level: "must",
  specUrl: clientServerSpec("api-versions"),
  reason: "Clients call what the version has; M_UNRECOGNIZED then is a dead end.",
  needs: ["homeserver"],
  testable: true,
  async check({ homeserver, versions }) {
    const unknown: Exchange[] = [];
    const absent = (await offersSingleSignOn(homeserver)) ? mayBeAbsent : [...mayBeAbsent, ...singleSignOn];
    for (const [id, [method, template, since = 1]] of Object.entries<Operation>(operations)) {
      if (absent.includes(id) || !speaks(versions, since)) continue;
      // Without a token nothing is done: whoever has the operation asks for one, or for what the request lacks.
      const url = template.replaceAll(/\{\w+\}/g, "contract");
      const answer = await homeserver.send(method, url, method === "GET" || method === "DELETE" ? {} : { body: {} });
      if (isRefused(answer, 404, "M_UNRECOGNIZED") || isRefused(answer, 405, "M_UNRECOGNIZED")) unknown.push(answer);
    }
    const [first] = unknown;
    if (first === undefined) return pass();
    const names = unknown.map(({ method, url }) => operationOf(method, new URL(url).pathname) ?? url);
    return fail(
      first,
      `every operation of ${versions.at(-1) ?? "the version claimed"}`,
      `M_UNRECOGNIZED from ${names.join(", ")}`,
    );
  },
};

type Operation = readonly [method: string, path: string, since?: number];

/** Those whose absence is an answer: nothing is configured, or somebody else is asked for it. */
const mayBeAbsent: readonly string[] = [
  "getAuthMetadata",
  "getLoginFlows",
  "getWellknown",
  "getWellknownSupport",
  "getWellknownPolicy",
] satisfies readonly OperationId[];

const singleSignOn: readonly string[] = ["redirectToSSO", "redirectToIdP"] satisfies readonly OperationId[];

async function offersSingleSignOn(homeserver: Http): Promise<boolean> {
  const flows = member((await homeserver.get("/_matrix/client/v3/login")).json, "flows");
  return Array.isArray(flows) && flows.some((flow) => stringMember(flow, "type") === "m.login.sso");
}

export const unknownPathIsTold: Rule = {
  id: "cs-65",
  title: "An unknown path is 404 M_UNRECOGNIZED",
  level: "must",
  specUrl: clientServerSpec("common-error-codes"),
  reason: "By the code a client tells a server that does not have the operation from a thing that is not there.",
  needs: ["homeserver"],
  testable: true,
  async check({ homeserver }) {
    const answer = await homeserver.get("/_matrix/client/v3/contract/unknown");
    return isRefused(answer, 404, "M_UNRECOGNIZED") ? pass() : fail(answer, "404 M_UNRECOGNIZED");
  },
};

export const wrongMethodIsTold: Rule = {
  id: "cs-66",
  title: "A method that a path does not have is 405 M_UNRECOGNIZED",
  level: "must",
  specUrl: clientServerSpec("common-error-codes"),
  reason: "The same code as for an unknown path, since to the client it is the same.",
  needs: ["homeserver"],
  testable: true,
  async check({ homeserver }) {
    const answer = await homeserver.post("/_matrix/client/v3/account/whoami", {});
    return isRefused(answer, 405, "M_UNRECOGNIZED") ? pass() : fail(answer, "405 M_UNRECOGNIZED");
  },
};

export const malformedJsonIsTold: Rule = {
  id: "cs-67",
  title: "A body that is no JSON is M_NOT_JSON, one of another form M_BAD_JSON",
  level: "derived",
  specUrl: clientServerSpec("common-error-codes"),
  reason: "The one is a broken client or proxy, the other a field to mend.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const headers = { "content-type": "application/json" };
    const broken = await alice.post("/createRoom", '{"name": ', { headers });
    if (!isRefused(broken, 400, "M_NOT_JSON")) return fail(broken, "400 M_NOT_JSON");
    const wrong = await alice.post("/createRoom", { name: ["not", "a", "string"] });
    if (!isRefused(wrong, 400, "M_BAD_JSON", "M_INVALID_PARAM")) return fail(wrong, "400 M_BAD_JSON");
    return pass();
  },
};

export const errorsAreStandard: Rule = {
  id: "cs-68",
  title: "Every error is a JSON object with `errcode` and `error`",
  level: "must",
  specUrl: clientServerSpec("standard-error-response"),
  reason: "The one is for the client to act on, the other for the person to read.",
  needs: ["homeserver"],
  testable: true,
  check: causeAnswers,
  observe: (answer) => {
    if (!isApi(answer) || answer.status < 400) return null;
    // A challenge of user-interactive auth has an errcode only where a stage has failed.
    if (answer.status === 401 && Array.isArray(member(answer.json, "flows"))) return null;
    const isStandard =
      stringMember(answer.json, "errcode") !== undefined && stringMember(answer.json, "error") !== undefined;
    return isStandard ? pass() : fail(answer, "an error with `errcode` and `error`, both strings");
  },
};

export const answersAreJson: Rule = {
  id: "cs-69",
  title: "Every answer of the API is a JSON object of type application/json",
  level: "must",
  specUrl: clientServerSpec("api-standards"),
  reason: "Clients read it as such before they look at anything else.",
  needs: ["homeserver"],
  testable: true,
  check: causeAnswers,
  observe: (answer) => {
    if (!isApi(answer) || (isFile(answer) && answer.status < 400)) return null;
    const type = answer.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "none";
    if (type !== "application/json")
      return fail(answer, "`Content-Type: application/json`", `\`Content-Type: ${type}\``);
    // The operations of third-party networks answer with lists.
    return isObject(answer.json) || Array.isArray(answer.json) ? pass() : fail(answer, "a JSON object");
  },
};

export const serverDoesNotFail: Rule = {
  id: "cs-70",
  title: "No request of the run ends in an error of the server",
  level: "derived",
  specUrl: clientServerSpec("standard-error-response"),
  reason: "Whatever a client sends is the client's fault or is served; a 500 is neither.",
  needs: ["homeserver"],
  testable: true,
  check: causeAnswers,
  // A server that an operation asks in turn may be out of reach: 502 and 504 say so.
  observe: (answer) => {
    if (!isApi(answer)) return null;
    return answer.status === 500 || answer.status === 501 ? fail(answer, "an answer that the description has") : pass();
  },
};

export const webClientsReadAll: Rule = {
  id: "cs-71",
  title: "Web clients of any origin may ask, and read every answer, files included",
  level: "should",
  specUrl: clientServerSpec("web-browser-clients"),
  reason: "Without the headers a browser hides the answer, and the client sees a network error.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    await causeAnswers(context);
    const answer = await context.homeserver.send("OPTIONS", "/_matrix/client/v3/createRoom", { headers: preflight });
    const methods = answer.headers.get("access-control-allow-methods")?.toUpperCase() ?? "none";
    const headers = answer.headers.get("access-control-allow-headers")?.toLowerCase() ?? "none";
    if (answer.status >= 300) return fail(answer, "a preflight request to succeed");
    if (!["GET", "POST", "PUT", "DELETE", "OPTIONS"].every((method) => methods.includes(method)))
      return fail(answer, "`Access-Control-Allow-Methods` with GET, POST, PUT, DELETE and OPTIONS", methods);
    if (!["authorization", "content-type", "x-requested-with"].every((name) => headers.includes(name)))
      return fail(answer, "`Access-Control-Allow-Headers` with the three of the specification", headers);
    return pass();
  },
  observe: (answer) => {
    const { pathname } = new URL(answer.url);
    if (answer.server !== "homeserver" || !pathname.startsWith("/_matrix/")) return null;
    const origin = answer.headers.get("access-control-allow-origin") ?? "none";
    return origin === "*" || origin === clientOrigin
      ? pass()
      : fail(answer, "`Access-Control-Allow-Origin: *`", `\`Access-Control-Allow-Origin: ${origin}\``);
  },
};

const preflight = {
  origin: clientOrigin,
  "access-control-request-method": "POST",
  "access-control-request-headers": "authorization,content-type",
};

async function causeAnswers(context: Context): Promise<Outcome> {
  await context.homeserver.get("/_matrix/client/v3/login");
  await context.homeserver.get("/_matrix/client/v3/account/whoami");
  await causeMedia(context);
  return pass();
}

// Pages, redirects and preflights are for browsers.
function isApi({ server, method, url, status }: Exchange): boolean {
  const { pathname } = new URL(url);
  if (server !== "homeserver" || method === "OPTIONS" || (status >= 300 && status < 400)) return false;
  if (pathname.endsWith("/fallback/web") || pathname.includes("/login/sso/")) return false;
  return pathname.startsWith("/_matrix/client/") || pathname.startsWith("/_matrix/media/");
}

function isFile({ url }: Exchange): boolean {
  return /\/(download|thumbnail)\//.test(new URL(url).pathname);
}
