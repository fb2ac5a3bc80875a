import { readFileSync } from "node:fs";
import type { OperationDescriptor } from "@matrix-openapi/definitions";

/** A statement for each operation of an API: a call with every required parameter and a body, as the examples have them. */
export function everyCall(
  bundle: string,
  operations: Readonly<Record<string, OperationDescriptor>>,
  client: string,
): readonly string[] {
  const document = JSON.parse(readFileSync(new URL(import.meta.resolve(bundle)), "utf8")) as Described; // our own bundle
  return Object.values(operations).map((operation) => callOf(document, operation, client));
}

function callOf(document: Described, { method, path, operationId, responses }: OperationDescriptor, client: string) {
  const item = document.paths[path] ?? {};
  const operation = item[method.toLowerCase()] as Operation; // the table comes from the same description
  const body = bodyOf(document, operation);
  const init = [
    ...paramsOf(document, [...((item["parameters"] ?? []) as Parameter[]), ...(operation.parameters ?? [])]),
    ...(body === undefined ? [] : [`body: ${body}`]),
    ...(Object.entries(responses).some(([status, { kind }]) => status.startsWith("2") && kind === "json")
      ? []
      : ['parseAs: "blob"']),
  ];
  const parameters = init.length === 0 ? "" : `, { ${init.join(", ")} }`;
  return `export const ${client}_${operationId} = await ${client}.${method}(${JSON.stringify(path)}${parameters});`;
}

function paramsOf(document: Described, parameters: readonly Parameter[]): string[] {
  const required = parameters
    .map((parameter) => resolve(document, parameter))
    .filter((parameter) => parameter.required);
  const places = ["path", "query"].flatMap((place) => {
    const here = required.filter((parameter) => parameter.in === place);
    const values = here.map((parameter) => `${JSON.stringify(parameter.name)}: ${example(document, parameter)}`);
    return here.length === 0 ? [] : [`${place}: { ${values.join(", ")} }`];
  });
  return places.length === 0 ? [] : [`params: { ${places.join(", ")} }`];
}

function bodyOf(document: Described, { requestBody }: Operation): string | undefined {
  if (requestBody === undefined) return undefined;
  const json = resolve(document, requestBody).content["application/json"];
  return json === undefined ? "new Blob()" : example(document, json);
}

/** The example beside a schema, or else the schema's own. */
function example(document: Described, { example: only, examples = {}, schema = {} }: Exemplified): string {
  const [named] = Object.values(examples);
  const own = resolve(document, schema);
  const found = only ?? (named && resolve(document, named).value) ?? own.examples?.[0] ?? own.enum?.[0];
  if (found === undefined) throw new Error(`expected an example of ${JSON.stringify(schema)}, found none.`);
  return JSON.stringify(found);
}

function resolve<T extends object>(document: Described, node: T & { $ref?: string }): T {
  if (node.$ref === undefined) return node;
  const steps = node.$ref.slice(2).split("/");
  const target = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document); // bundles have no dangling references
  return resolve(document, target as T); // what a reference stands for has the shape of what it stands at
}

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Exemplified>> };
}

interface Parameter extends Exemplified {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

interface Exemplified {
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly schema?: { readonly examples?: readonly unknown[]; readonly enum?: readonly unknown[] };
}
