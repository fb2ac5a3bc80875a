import { expect, test } from "vitest";
import { compareOperation } from "./compare-operations.ts";
import type { Context } from "./compare-responses.ts";
import type { OperationFacts } from "./facts.ts";
import type { Operation } from "./operation.ts";

const error = (errcode: string, more: object = {}) => ({
  type: "object",
  properties: { errcode: { const: errcode } },
  ...more,
});
const errors = (...oneOf: object[]) => ({ content: { "application/json": { schema: { oneOf } } }, headers: {} });

const facts: OperationFacts = {
  operationId: "setNote",
  method: "PUT",
  path: "/notes/{id}",
  tags: ["Notes"],
  deprecated: false,
  addedIn: "1.3",
  auth: { mode: "required", schemes: ["accessTokenBearer", "accessTokenQuery"] },
  guestAllowed: true,
  params: [{ name: "limit", in: "query", required: false, type: "integer", default: 10, addedIn: "1.4" }],
  requestBody: { required: true, content: { "application/json": { type: "object" } } },
  responses: {
    "200": {
      content: { "application/json": { type: "object" } },
      headers: { Etag: { required: true, type: "string" } },
    },
    "403": { errcodes: ["M_FORBIDDEN", "M_LATE"], errcodesAddedIn: { M_LATE: "1.5" } },
  },
};

const ours: Operation = {
  operationId: "setNote",
  tags: ["Notes"],
  deprecated: false,
  auth: { mode: "required", schemes: ["accessTokenBearer", "accessTokenQuery"] },
  guest: true,
  uia: false,
  addedIn: "1.3",
  changedIn: [],
  parameters: [
    { name: "limit", in: "query", schema: { type: "integer", default: 10 }, "x-addedInMatrixVersion": "1.4" },
  ],
  requestBody: { required: true, content: { "application/json": { schema: { type: "object" } } } },
  responses: {
    "200": {
      content: { "application/json": { schema: { type: "object" } } },
      headers: { Etag: { required: true, schema: { type: "string" } } },
    },
    "403": errors(error("M_FORBIDDEN"), error("M_LATE", { "x-addedInMatrixVersion": "1.5" })),
  },
};

const ok = ours.responses["200"] ?? { content: {}, headers: {} };
const forbidden = ours.responses["403"] ?? ok;
const [limit] = ours.parameters;

test("two that agree have no difference", () => expect(find({})).toEqual([]));

test.each<[what: string, change: Partial<Operation>, found: string[]]>([
  ["the name", { operationId: "set_note" }, ["operationId value"]],
  ["the tag", { tags: ["Note"] }, ["tags value"]],
  ["the deprecation", { deprecated: true }, ["deprecated value"]],
  ["the need of a token", { auth: { ...ours.auth, mode: "optional" } }, ["auth value"]],
  ["the query token", { auth: { mode: "required", schemes: ["accessTokenBearer"] } }, ["auth value"]],
  ["interactive authentication", { uia: true }, ["uia value"]],
  ["guests", { guest: false }, ["guestAllowed value"]],
  ["its version", { addedIn: undefined }, ["addedIn version"]],
  ["its changes", { changedIn: ["1.5"] }, ["changedIn version"]],
  ["a parameter", { parameters: [] }, ["parameters.query.limit missing"]],
  [
    "where a parameter stands",
    { parameters: [{ name: "limit", in: "header" }] },
    ["parameters.query.limit missing", "parameters.header.limit extra"],
  ],
  [
    "a parameter's need",
    { parameters: [{ name: "limit", in: "query", ...limit, required: true }] },
    ["parameters.query.limit required"],
  ],
  [
    "a parameter's default",
    { parameters: [{ name: "limit", in: "query", "x-addedInMatrixVersion": "1.4", schema: { type: "integer" } }] },
    ["parameters.query.limit default"],
  ],
  [
    "a parameter's version",
    { parameters: [{ name: "limit", in: "query", schema: { type: "integer", default: 10 } }] },
    ["parameters.query.limit version"],
  ],
  ["the body", { requestBody: undefined }, ["requestBody missing"]],
  ["the body's need", { requestBody: { content: {}, ...ours.requestBody, required: false } }, ["requestBody required"]],
  [
    "the body's form",
    { requestBody: { required: true, content: { "text/plain": {} } } },
    ["requestBody.application/json missing", "requestBody.text/plain extra"],
  ],
  ["a status", { responses: { "403": forbidden } }, ["responses.200 missing"]],
  [
    "a status too many",
    { responses: { ...ours.responses, "204": { content: {}, headers: {} } } },
    ["responses.204 extra"],
  ],
  [
    "an error too many",
    { responses: { ...ours.responses, "404": errors(error("M_NOT_FOUND")) } },
    ["responses.404.M_NOT_FOUND extra"],
  ],
  [
    "an answer's form",
    { responses: { ...ours.responses, "200": { ...ok, content: { "text/html": {} } } } },
    ["responses.200.application/json missing", "responses.200.text/html extra"],
  ],
  [
    "an answer's body",
    {
      responses: {
        ...ours.responses,
        "200": { ...ok, content: { "application/json": { schema: { type: "array" } } } },
      },
    },
    ["responses.200.body type"],
  ],
  [
    "a header",
    { responses: { ...ours.responses, "200": { ...ok, headers: {} } } },
    ["responses.200.headers.Etag missing"],
  ],
  [
    "a header's need",
    { responses: { ...ours.responses, "200": { ...ok, headers: { Etag: { schema: { type: "string" } } } } } },
    ["responses.200.headers.Etag required"],
  ],
  [
    "a header too many",
    { responses: { ...ours.responses, "200": { ...ok, headers: { ...ok.headers, Age: {} } } } },
    ["responses.200.headers.Age extra"],
  ],
  [
    "a code",
    { responses: { ...ours.responses, "403": errors(error("M_FORBIDDEN")) } },
    ["responses.403.M_LATE missing"],
  ],
  [
    "a code's version",
    { responses: { ...ours.responses, "403": errors(error("M_FORBIDDEN"), error("M_LATE")) } },
    ["responses.403.M_LATE version"],
  ],
  [
    "a code too many",
    { responses: { ...ours.responses, "403": errors(...errorsOf(forbidden), error("M_OTHER")) } },
    ["responses.403.M_OTHER extra"],
  ],
])("%s", (_, change, found) => expect(find(change)).toEqual(found));

test("a status is there where common-errors.yaml adds its codes", () => {
  const { "200": first = ok } = ours.responses;
  const context: Context = {
    ...bare,
    commonErrcodes: (_, status) => (status === "403" ? ["M_FORBIDDEN", "M_LATE"] : []),
  };
  expect(compareOperation(facts, { ...ours, responses: { "200": first } }, context)).toEqual([]);
});

test("the version of a code may stand once, for all operations", () => {
  const { errcodesAddedIn: _, ...response } = facts.responses["403"] ?? {};
  const withoutVersion = { ...facts, responses: { ...facts.responses, "403": response } };
  expect(compareOperation(withoutVersion, ours, { ...bare, errcodeVersions: new Map([["M_LATE", "1.5"]]) })).toEqual(
    [],
  );
  expect(compareOperation(withoutVersion, ours, bare)).toHaveLength(1);
});

const bare: Context = { follow: (node) => node, commonErrcodes: () => [], errcodeVersions: new Map() };

function find(change: Partial<Operation>): string[] {
  return compareOperation(facts, { ...ours, ...change }, bare).map(({ at, kind }) => `${at} ${kind}`);
}

function errorsOf(response: Operation["responses"][string]): object[] {
  return [...(response.content["application/json"]?.schema?.oneOf ?? [])];
}
