import { errcodeFacts } from "./errcode-facts.ts";
import { eventFacts, eventFormats, messageTypes, nonEventSchemas } from "./event-facts.ts";
import { documentsOf, type Documents } from "./follow-refs.ts";
import { itemsOf, mapValues, type JsonObject } from "./json.ts";
import { operationFacts } from "./operation-facts.ts";
import type { Checkout } from "./read-checkout.ts";
import { schemaFacts } from "./schema-facts.ts";
import { anchorOf, guestList, pagesOf, shownIn, type Page, type Shown } from "./text-facts.ts";

/** The files of facts, by name. */
export type Facts = Readonly<Record<FactFile, JsonObject>>;

/** One file of facts. */
export type FactFile = "client-server" | "identity" | "events" | "errcodes" | "uia";

/** The operations of both APIs, each in the order of its path. */
export type Operations = Readonly<Record<Page["api"], readonly JsonObject[]>>;

/**
 * What a checkout states in a form that can be read by machine; `correct` may mend its operations before anything is
 * counted or grouped by them.
 */
export function extractFacts(
  checkout: Checkout,
  version: string,
  correct: (operations: Operations) => Operations = (operations) => operations,
): Facts {
  const documents = documentsOf(checkout);
  const pages = pagesOf(checkout);
  const shown = shownIn(pages, version);
  const guests = guestList(pages, version);
  const written = (api: Page["api"]): JsonObject[] =>
    withText(operationFacts(documents, `data/api/${api}`), api, shown, guests);
  const operations = correct({ "client-server": written("client-server"), identity: written("identity") });
  const clientServer = operations["client-server"];
  const events = eventFacts(documents, shown);
  const errcodes = errcodeFacts(operations, pages, version);
  const definitions = Object.entries(shownDefinitions(documents, shown));
  const belongsToEvents = ([name]: readonly [string, unknown]): boolean => eventDefinitions.includes(name);
  const head = { spec: "Matrix", version };
  return {
    "client-server": {
      ...apiFacts(documents, "client-server", clientServer, version),
      definitions: Object.fromEntries(definitions.filter((entry) => !belongsToEvents(entry))),
    },
    identity: apiFacts(documents, "identity", operations.identity, version),
    events: {
      ...head,
      counts: {
        schemas: events.length,
        types: new Set(events.map(({ type }) => type)).size,
        msgtypes: Object.keys(messageTypes(events)).length,
      },
      formats: eventFormats(documents),
      msgtypes: messageTypes(events),
      events,
      definitions: Object.fromEntries(definitions.filter(belongsToEvents)),
      nonEventSchemas: nonEventSchemas(documents),
    },
    errcodes: { ...head, count: errcodes.length, errcodes },
    uia: { ...head, ...userInteractiveFacts(documents, clientServer) },
  };
}

/** Schemas that belong to events; the others belong to operations. */
const eventDefinitions = [
  "client_event",
  "encrypted_file",
  "m.mentions",
  "m.relates_to",
  "olm_payload",
  "room_key_bundle",
];

/** Adds what only the text around an operation says: its page, its section's version, whether guests may call it. */
function withText(
  operations: readonly JsonObject[],
  api: Page["api"],
  shown: readonly Shown[],
  guests: ReturnType<typeof guestList>,
): JsonObject[] {
  return operations.map((operation) => {
    const place = shown.find(
      (candidate) => candidate.kind === "http-api" && candidate.name === operation["source"] && candidate.api === api,
    );
    const { mode } = operation["auth"] as JsonObject; // operationFacts made it
    const guest = guests.get(anchorOf(operation));
    const twins = operations.filter(
      (other) => other !== operation && other["method"] === operation["method"] && other["path"] === operation["path"],
    );
    return {
      ...operation,
      ...(place !== undefined && { page: place.page }),
      ...(operation["addedIn"] === undefined &&
        place?.addedIn !== undefined && { addedIn: place.addedIn, addedInFrom: "text" }),
      ...(api === "client-server" && mode !== "none" && { guestAllowed: guest !== undefined }),
      ...(guest?.addedIn !== undefined && { guestAddedIn: guest.addedIn }),
      ...(twins.length > 0 && { sameEndpointAs: twins.map(({ operationId }) => operationId) }),
    };
  });
}

function shownDefinitions(documents: Documents, shown: readonly Shown[]): JsonObject {
  const paths = shown.filter(({ kind }) => kind === "definition").map(({ name }) => name);
  return Object.fromEntries(
    paths
      .map((path) => [path.replace(/^.*\//, ""), schemaFacts(documents, documents.load(`data/${path}.yaml`))] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function apiFacts(
  documents: Documents,
  api: Page["api"],
  operations: readonly JsonObject[],
  version: string,
): JsonObject {
  return {
    spec: "Matrix",
    version,
    api,
    counts: operationCounts(operations),
    tags: tagCounts(operations),
    securitySchemes: securitySchemes(documents, api),
    operations,
  };
}

function securitySchemes(documents: Documents, api: Page["api"]): JsonObject {
  return mapValues(documents.load(`data/api/${api}/definitions/security.yaml`), (scheme) => {
    const { description, ...rest } = documents.follow(scheme);
    return { ...rest, deprecated: /^\s*\*\*Deprecated/.test(String(description)) };
  });
}

function operationCounts(operations: readonly JsonObject[]): JsonObject {
  const count = (matches: (operation: JsonObject) => boolean): number => operations.filter(matches).length;
  const sum = (field: string): number =>
    operations.reduce((total, operation) => total + Object.keys(operation[field] ?? {}).length, 0);
  return {
    operations: operations.length,
    paths: new Set(operations.map(({ path }) => path)).size,
    endpoints: new Set(operations.map(({ method, path }) => `${String(method)} ${String(path)}`)).size,
    deprecated: count(({ deprecated }) => deprecated === true),
    uia: count(({ uia }) => uia === true),
    rateLimited: count(({ rateLimited }) => rateLimited === true),
    guestAllowed: count(({ guestAllowed }) => guestAllowed === true),
    auth: Object.fromEntries(
      ["required", "optional", "none"].map((mode) => [
        mode,
        count(({ auth }) => (auth as JsonObject)["mode"] === mode), // operationFacts made it
      ]),
    ),
    params: sum("params"),
    withRequestBody: count(({ requestBody }) => requestBody !== undefined),
    responses: sum("responses"),
  };
}

function tagCounts(operations: readonly JsonObject[]): JsonObject {
  const counts = new Map<string, number>();
  for (const tag of operations
    .flatMap(({ tags }) => itemsOf(tags))
    .map(String)
    .toSorted()) {
    counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

function userInteractiveFacts(documents: Documents, operations: readonly JsonObject[]): JsonObject {
  const definition = (name: string): JsonObject =>
    schemaFacts(documents, documents.load(`${definitionFolder}/${name}.yaml`));
  const schemas = {
    authData: "auth_data",
    authResponse: "auth_response",
    identifierSchema: "user_identifier",
    ssoLoginFlow: "sso_login_flow",
  };
  return {
    ...mapValues(schemas, (name) => definition(String(name))),
    operations: operations
      .filter(({ uia }) => uia === true)
      .map(({ operationId, method, path }) => ({ operationId, method, path })),
  };
}

const definitionFolder = "data/api/client-server/definitions";
