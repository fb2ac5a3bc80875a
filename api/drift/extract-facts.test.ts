import { afterAll, expect, test } from "vitest";
import { rm } from "node:fs/promises";
import { extractFacts } from "./extract-facts.ts";
import { fixtureRepository } from "./fixture-repository.ts";
import { readCheckout } from "./read-checkout.ts";

const repository = fixtureRepository();
afterAll(() => rm(repository, { recursive: true }));

const at = (tag: string): ReturnType<typeof extractFacts> => extractFacts(readCheckout(repository, tag), tag);
const greeting = {
  title: "Greeting",
  type: "object",
  requiredSometimes: ["tone"],
  properties: {
    text: { type: "string" },
    tone: { type: "string", enum: ["cool", "warm"], defaultInText: "cool" },
    by: { type: "object", patternProperties: { "^@": { type: "boolean", patternFormat: "mx-user-id" } } },
  },
};
const error = { title: "Error", type: "object", required: ["errcode"], properties: { errcode: { type: "string" } } };

test("an operation: its references followed, its `allOf` merged, what its text and the pages say", () => {
  expect(at("v1.2")["client-server"]["operations"]).toEqual([
    {
      operationId: "getGreetings",
      method: "GET",
      path: "/_matrix/client/v3/rooms/{roomId}/greetings",
      source: "greetings",
      page: "greetings",
      tags: ["Greetings"],
      deprecated: true,
      changedIn: ["1.10"],
      auth: { mode: "optional", schemes: ["accessTokenBearer"] },
      rateLimited: false,
      uia: false,
      guestAllowed: true,
      guestAddedIn: "1.2",
      params: [
        { name: "roomId", in: "path", required: true, type: "string", pattern: "^!" },
        { name: "limit", in: "query", required: false, type: "integer", defaultInText: 10 },
      ],
      requestContentTypes: [],
      responses: {
        200: {
          content: {
            "application/json": {
              type: "object",
              required: ["chunk"],
              properties: { chunk: { type: "array", items: greeting } },
            },
          },
        },
      },
    },
    {
      operationId: "greet",
      method: "POST",
      path: "/_matrix/client/v3/rooms/{roomId}/greetings",
      source: "greetings",
      page: "greetings",
      tags: ["Greetings"],
      deprecated: false,
      addedIn: "1.2",
      auth: { mode: "required", schemes: ["accessTokenBearer"] },
      rateLimited: true,
      uia: true,
      guestAllowed: false,
      params: [{ name: "roomId", in: "path", required: true, type: "string", pattern: "^!" }],
      requestContentTypes: ["application/json"],
      requestBody: {
        required: true,
        content: {
          "application/json": {
            ...greeting,
            required: ["text"],
            properties: {
              ...greeting.properties,
              text: { type: "string", addedIn: "1.2" },
              auth: { type: "object", title: "auth_data" },
            },
          },
        },
      },
      responses: {
        200: { content: {} },
        401: {
          content: {
            "application/json": {
              type: "object",
              required: ["flows"],
              properties: { flows: { type: "array", items: { type: "object" } } },
            },
          },
        },
        403: {
          content: { "application/json": error },
          errcodes: ["M_FORBIDDEN", "M_MUTED"],
          errcodesAddedIn: { M_MUTED: "1.2" },
        },
        429: { content: { "application/json": error } },
      },
      errcodesElsewhere: ["M_TOO_POLITE"],
    },
  ]);
});

test("a release in Swagger 2.0 gives facts of the same form", () => {
  const [greet] = at("v1.1")["client-server"]["operations"] as unknown[]; // a list in every file of operations
  expect(greet).toMatchObject({
    operationId: "greet",
    path: "/_matrix/client/v3/rooms/{roomId}/greetings",
    auth: { mode: "required", schemes: ["accessTokenBearer", "accessTokenQuery"] },
    params: [{ name: "roomId", in: "path", required: true, type: "string" }],
    requestBody: { required: true, content: { "application/json": greeting } },
    responses: {
      200: {
        content: { "application/json": { type: "object" } },
        headers: { Location: { required: false, type: "string" } },
      },
      "3XX": { content: {} },
    },
  });
});

test("events: kind, state key, form and section", () => {
  expect(at("v1.2").events).toMatchObject({
    counts: { schemas: 2, types: 2, msgtypes: 1 },
    msgtypes: { "m.wave": { required: ["msgtype"], fields: ["hand", "msgtype"] } },
    events: [
      {
        type: "m.mood",
        kinds: ["state"],
        addedIn: "1.2",
        addedInFrom: "text",
        stateKey: { rule: "empty", pattern: "^$" },
        topLevelRequired: ["content", "state_key", "type"],
        content: { type: "object", required: ["mood"], properties: { mood: { type: "string" } } },
      },
      {
        type: "m.room.message",
        kinds: [],
        variant: { msgtype: "m.wave" },
        topLevel: { sender: { type: "string" } },
        topLevelRequired: ["content", "type"],
      },
    ],
  });
});

test("error codes: the lists of the text, and who names them", () => {
  expect(at("v1.2").errcodes["errcodes"]).toEqual([
    {
      errcode: "M_FORBIDDEN",
      apis: ["client-server"],
      "client-server": { listed: "common", statuses: { 403: ["greet"] }, pages: ["index"] },
    },
    {
      errcode: "M_MUTED",
      apis: ["client-server"],
      "client-server": {
        listed: "common",
        addedIn: "1.2",
        statuses: { 403: ["greet"] },
        addedInFor: { "1.2": ["greet"] },
        pages: ["index"],
      },
    },
    {
      errcode: "M_TOO_POLITE",
      apis: ["client-server"],
      "client-server": { listed: "other", statuses: {}, operationsElsewhere: ["greet"], pages: ["index"] },
    },
  ]);
});

test("what is derived: counts, security schemes, definitions, user-interactive operations", () => {
  const { "client-server": clientServer, identity, uia } = at("v1.2");
  expect(clientServer["counts"]).toMatchObject({ operations: 2, paths: 1, deprecated: 1, guestAllowed: 1, params: 3 });
  expect(clientServer["securitySchemes"]).toMatchObject({
    accessTokenQuery: { name: "access_token", deprecated: true },
  });
  expect(clientServer["definitions"]).toEqual({ greeting });
  expect(identity["operations"]).toMatchObject([
    { operationId: "ping", page: "identity-service-api", auth: { mode: "none" } },
  ]);
  expect(uia["operations"]).toMatchObject([{ operationId: "greet", method: "POST" }]);
});
