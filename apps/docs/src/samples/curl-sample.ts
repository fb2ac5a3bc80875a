import type { DocumentedOperation } from "../api-reference.ts";
import { exampleBody, exampleValue, requiredQuery } from "./example-values.ts";

/**
 * A request that can be pasted into a shell, against the reference server's default port; where the user has to
 * authenticate, the two of the exchange.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export function curlSample(documented: DocumentedOperation): string {
  const { uia } = documented.descriptor;
  const body = exampleBody(documented);
  const value = body?.kind === "json" ? body.value : undefined;
  const json = value === undefined ? undefined : JSON.stringify(value);
  if (uia === null) return request(documented, json && quote(json));
  const attempt = uia.stages.includes("m.login.password") ? passwordAttempt : { type: "m.login.dummy" };
  const auth = JSON.stringify({ ...attempt, session: "$SESSION" });
  const repeated = JSON.stringify({ ...value, auth: 0 }).replace('"auth":0', () => `"auth":${auth}`);
  return [
    "# Answers 401 with flows and a session",
    request(documented, quote(json ?? "{}")),
    "",
    "# The same with auth: once for each stage of a flow, in SESSION what the answer had as session",
    request(documented, quote(repeated).replace("$SESSION", `'"$SESSION"'`)),
  ].join("\n");
}

const passwordAttempt = {
  type: "m.login.password",
  identifier: { type: "m.id.user", user: "alice" },
  password: "correct horse battery staple",
};

function request(documented: DocumentedOperation, body: string | undefined): string {
  const { api, descriptor } = documented;
  const origin = api.slug === "identity" ? "http://localhost:8090" : "http://localhost:8008";
  const encoded = (name: string) => encodeURIComponent(String(exampleValue(documented, name)));
  const path = descriptor.path.replace(/\{([^}]+)\}/g, (_, name: string) => encoded(name));
  const query = requiredQuery(documented).map((name) => `${name}=${encoded(name)}`);
  return [
    `curl ${descriptor.method === "GET" ? "" : `-X ${descriptor.method} `}'${origin}${path}${query.length > 0 ? `?${query.join("&")}` : ""}'`,
    descriptor.auth.mode === "required" && `-H "Authorization: Bearer $ACCESS_TOKEN"`,
    body !== undefined && `-H 'Content-Type: application/json'`,
    body !== undefined && `-d ${body}`,
    exampleBody(documented)?.kind === "file" && "-H 'Content-Type: image/jpeg'",
    exampleBody(documented)?.kind === "file" && "--data-binary @tomato.jpg",
    kindOf200(descriptor) === "binary" && "-o tomato.jpg",
  ]
    .filter((line) => line !== false)
    .join(" \\\n  ");
}

function kindOf200({ responses }: DocumentedOperation["descriptor"]): string | undefined {
  return responses["200"]?.kind;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
