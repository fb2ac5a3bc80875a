import { inside, refuse, type Place } from "./bundles/place.ts";
import { resolve, type OpenApiDocument, type Schema } from "./document.ts";
import type { Pagination } from "./operation-descriptor.ts";
import { operationsOf, type LocatedOperation } from "./operations.ts";
import { refuseAll } from "./place-problems.ts";

/** Whether the parameters and fields exist that an operation's extensions name; clients would ask for the first page for ever. */
export async function checkNames(document: OpenApiDocument, root: string): Promise<void> {
  const place: Place = { pointer: "#", refusals: [] };
  for (const located of operationsOf(document)) {
    const here = inside(place, "paths", located.path, located.method.toLowerCase());
    checkPagination(document, located, inside(here, "x-matrix-pagination"));
    checkTransaction(located, inside(here, "x-matrix-txn"));
  }
  await refuseAll(place.refusals, root);
}

function checkPagination(document: OpenApiDocument, { operation, parameters }: LocatedOperation, place: Place): void {
  const pagination = operation["x-matrix-pagination"] as Pagination | undefined; // its shape was checked before
  if (pagination === undefined) return;
  const body = operation.requestBody && resolve(document, operation.requestBody).content["application/json"]?.schema;
  const query = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
  const sent = [...query, ...fieldsOf(document, body)];
  const answered = Object.entries(operation.responses ?? {})
    .filter(([status]) => status.startsWith("2"))
    .flatMap(([, response]) => fieldsOf(document, resolve(document, response).content?.["application/json"]?.schema));
  for (const key of ["request", "response", "items"] as const) {
    const [names, kind] =
      key === "request" ? [sent, "query parameter or field of the body"] : [answered, "field of the answer"];
    if (names.includes(pagination[key])) continue;
    refuse(
      inside(place, key),
      `"${pagination[key]}" is no ${kind}.`,
      names.length === 0 ? "Take x-matrix-pagination out." : `Name one of ${[...new Set(names)].join(", ")}.`,
    );
  }
}

function checkTransaction({ operation, parameters }: LocatedOperation, place: Place): void {
  const name = operation["x-matrix-txn"];
  const inPath = parameters.filter((parameter) => parameter.in === "path").map((parameter) => parameter.name);
  if (name === undefined || inPath.includes(String(name))) return;
  const hint = inPath.length === 0 ? "Take x-matrix-txn out." : `Name one of ${inPath.join(", ")}.`;
  refuse(place, `"${String(name)}" is no parameter of the path.`, hint);
}

/** The fields of a schema and of those it consists of; that it does not consist of itself was checked before. */
function fieldsOf(document: OpenApiDocument, schema: Schema | undefined): string[] {
  if (schema === undefined) return [];
  const { properties = {}, allOf = [], anyOf = [], oneOf = [] } = resolve<Schema>(document, schema);
  const inner = [...allOf, ...anyOf, ...oneOf].flatMap((part) => fieldsOf(document, part));
  return [...Object.keys(properties), ...inner];
}
