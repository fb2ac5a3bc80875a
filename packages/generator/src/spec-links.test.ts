import { expect, test } from "vitest";
import type { OpenApiDocument } from "./document.ts";
import { linkOperations, specificationAnchor } from "./spec-links.ts";

// As the headings of https://spec.matrix.org/v1.19/ have them.
test.each([
  ["POST", "/_matrix/client/v3/login", "#post_matrixclientv3login"],
  ["GET", "/.well-known/matrix/policy_server", "#getwell-knownmatrixpolicy_server"],
  [
    "PUT",
    "/_matrix/client/v3/rooms/{roomId}/state/{eventType}/{stateKey}",
    "#put_matrixclientv3roomsroomidstateeventtypestatekey",
  ],
  ["GET", "/_matrix/client/v3/pushrules/", "#get_matrixclientv3pushrules"],
  ["POST", "/_matrix/client/v3/account/3pid/email/requestToken", "#post_matrixclientv3account3pidemailrequesttoken"],
  [
    "DELETE",
    "/_matrix/client/v3/user/{userId}/rooms/{roomId}/tags/{tag}",
    "#delete_matrixclientv3useruseridroomsroomidtagstag",
  ],
])("the place of %s %s", (method, path, anchor) => {
  expect(specificationAnchor(method, path)).toBe(anchor);
});

const url = "https://spec.matrix.org/v1.19/identity-service-api/";

test("links operations to their place, unless they say better", () => {
  const own = { externalDocs: { url: `${url}#general` } };
  const linked = linkOperations(describe({ url }, own));
  expect(linked.paths).toEqual({
    "/a": {
      summary: "A",
      get: { summary: "S", externalDocs: { url: `${url}#geta` }, operationId: "a" },
      post: { ...own, operationId: "b" },
    },
  });
  expect(Object.keys(linked.paths?.["/a"]?.["get"] ?? {})).toEqual(["summary", "externalDocs", "operationId"]);
});

test.each([[undefined], [{ url: "https://example.org/" }], [{ url: "https://spec.matrix.org.example.org/" }]])(
  "links nothing where the document is not about Matrix: %j",
  (externalDocs) => {
    const document = describe(externalDocs, {});
    expect(linkOperations(document)).toEqual(document);
  },
);

function describe(externalDocs: unknown, own: object): OpenApiDocument {
  const paths = { "/a": { summary: "A", get: { summary: "S", operationId: "a" }, post: { operationId: "b", ...own } } };
  return {
    openapi: "3.1.0",
    info: { title: "", version: "" },
    ...(externalDocs !== undefined && { externalDocs }),
    paths,
  };
}
