import type { DocumentedOperation } from "../api-reference.ts";
import { exampleBody, exampleValue, requiredQuery } from "./example-values.ts";

/** The operation called by our client, with its result printed. */
export function clientSample(documented: DocumentedOperation): string {
  const { uia } = documented.descriptor;
  const print = printed(documented);
  if (uia === null) return `const result = await ${call(documented, [])};\n${print}`;
  return [
    "const result = await withUserInteractiveAuth(",
    indent(`(auth) =>\n${indent(call(documented, ["auth"]))},`),
    indent(`{\n${indent(handlersFor(uia.stages))}\n},`),
    `);\n${print}`,
  ].join("\n");
}

/** What there is to do with the answer: where an operation only redirects, there is no body to look at. */
function printed({ descriptor }: DocumentedOperation): string {
  if (Object.keys(descriptor.responses).some((status) => status.startsWith("2"))) {
    return "if (result.ok) console.log(result.data);";
  }
  return 'if (!result.ok && result.kind === "redirect") console.log(result.location);';
}

/** How an answer is read that is not JSON. */
const readAs: Readonly<Record<string, string>> = { html: "text", binary: "blob" };

function call(documented: DocumentedOperation, inScope: readonly string[]): string {
  const { descriptor } = documented;
  const valueOf = (name: string) => `${key(name)}: ${JSON.stringify(exampleValue(documented, name))}`;
  const path = descriptor.pathParams.map(valueOf);
  const query = requiredQuery(documented).map(valueOf);
  const params = [
    path.length > 0 && `path: { ${path.join(", ")} }`,
    query.length > 0 && `query: { ${query.join(", ")} }`,
  ].filter((part) => part !== false);
  const body = exampleBody(documented);
  const success = Object.keys(descriptor.responses).find((status) => status.startsWith("2"));
  const parseAs = readAs[descriptor.responses[success ?? ""]?.kind ?? ""];
  const init = [
    params.length > 0 && `params: { ${params.join(", ")} },`,
    body?.kind === "json" && `body: ${objectLiteral(body.value, inScope)},`,
    body?.kind === "file" && 'body: new Blob(["What grows where"], { type: "text/plain" }),',
    parseAs !== undefined && `parseAs: "${parseAs}",`,
  ].filter((part) => part !== false);
  return `client.${descriptor.method}(${JSON.stringify(descriptor.path)}${init.length > 0 ? `, {\n${indent(init.join("\n"))}\n}` : ""})`;
}

/** The password where it is asked for; where there is no account yet, what servers ask of new users. */
function handlersFor(stages: readonly string[]): string {
  const typical = stages.includes("m.login.password") ? ["m.login.password"] : Object.keys(handlers);
  return typical
    .filter((stage) => stages.includes(stage))
    .map((stage) => handlers[stage])
    .join("\n");
}

const handlers: Readonly<Record<string, string>> = {
  "m.login.password": `"m.login.password": (_params, { failure }) => {
  const password = prompt(failure?.error ?? "Your password");
  if (password === null) return null; // gives up
  return { identifier: { type: "m.id.user", user: "alice" }, password };
},`,
  "m.login.terms": `"m.login.terms": ({ policies }) =>
  confirm(\`Do you agree to \${Object.keys(policies).join(", ")}?\`) || null,`,
  "m.login.email.identity": `// once the user has followed the link that …/requestToken has sent
"m.login.email.identity": () => ({
  threepid_creds: { sid: "0KzEiA4r-3f1b", client_secret: "monkeys_are_GREAT" },
}),`,
  "m.login.dummy": `"m.login.dummy": true,`,
};

/** JSON as it is written in TypeScript, with names that are in scope added by their shorthand. */
function objectLiteral(value: object, inScope: readonly string[]): string {
  const entries = Object.entries(value).map(([name, field]) => `${key(name)}: ${literal(field)}`);
  const all = [...entries, ...inScope];
  if (entries.length === 0) return all.length === 0 ? "{}" : `{ ${all.join(", ")} }`;
  return `{\n${indent(`${all.join(",\n")},`)}\n}`;
}

function literal(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, "$1$2:");
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
