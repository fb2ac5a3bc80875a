import type { DocumentedOperation } from "./api-reference.ts";
import type { MediaType } from "./openapi.ts";

/** A request that can be pasted into a shell, against the reference server's default port. */
export function curlSample(documented: DocumentedOperation): string {
  const { descriptor } = documented;
  const body = exampleBody(documented);
  const origin = documented.api.slug === "identity" ? "http://localhost:8090" : "http://localhost:8008";
  const path = descriptor.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(example(documented, name)),
  );
  const query = requiredQuery(documented).map((name) => `${name}=${encodeURIComponent(example(documented, name))}`);
  return [
    `curl ${descriptor.method === "GET" ? "" : `-X ${descriptor.method} `}'${origin}${path}${query.length > 0 ? `?${query.join("&")}` : ""}'`,
    descriptor.auth.mode === "required" && `-H "Authorization: Bearer $ACCESS_TOKEN"`,
    body !== undefined && `-H 'Content-Type: application/json'`,
    body !== undefined && `-d '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`,
  ]
    .filter((line) => line !== false)
    .join(" \\\n  ");
}

/** The same request by our client, with the outcomes told apart. */
export function clientSample(documented: DocumentedOperation): string {
  const { descriptor } = documented;
  const body = exampleBody(documented);
  const path = descriptor.pathParams.map((name) => `${key(name)}: ${JSON.stringify(example(documented, name))}`);
  const query = requiredQuery(documented).map((name) => `${key(name)}: ${JSON.stringify(example(documented, name))}`);
  const params = [
    path.length > 0 && `path: { ${path.join(", ")} }`,
    query.length > 0 && `query: { ${query.join(", ")} }`,
  ].filter((part) => part !== false);
  const init = [
    params.length > 0 && `params: { ${params.join(", ")} },`,
    body !== undefined && `body: ${literal(body)},`,
    descriptor.responses["200"]?.kind === "html" && 'parseAs: "text",',
  ].filter((part) => part !== false);
  const call = `client.${descriptor.method}(${JSON.stringify(descriptor.path)}${init.length > 0 ? `, {\n  ${init.join("\n  ")}\n}` : ""})`;
  return `const result = await ${call};\nif (result.ok) console.log(result.status);`;
}

/** The first example of the request body, unless the operation takes none. */
export function exampleBody({ operation }: DocumentedOperation): unknown {
  const media: MediaType | undefined = Object.values(operation.requestBody?.content ?? {})[0];
  return media?.example ?? Object.values(media?.examples ?? {})[0]?.value;
}

function requiredQuery({ parameters }: DocumentedOperation): string[] {
  return parameters
    .filter((parameter) => parameter.in === "query" && parameter.required === true)
    .map(({ name }) => name);
}

function example({ api, parameters }: DocumentedOperation, name: string): string {
  const schema = parameters.find((parameter) => parameter.name === name)?.schema;
  const component = schema?.$ref?.split("/").at(-1) ?? "";
  const target = api.document.components.schemas[component] ?? schema;
  return String(target?.examples?.[0] ?? name);
}

function literal(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .replace(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, "$1$2:")
    .replaceAll("\n", "\n  ");
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
