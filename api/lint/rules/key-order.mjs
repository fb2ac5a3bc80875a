/** @import { Context, Rule } from "../redocly.ts" */

const extensions = "x-…";
const orders = {
  PathItem: ["summary", "description", "parameters", "get", "put", "post", "delete", extensions],
  Operation: [
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "tags",
    "deprecated",
    "security",
    "parameters",
    "requestBody",
    "responses",
    extensions,
  ],
  Response: ["description", "headers", "content", extensions],
  RequestBody: ["description", "required", "content", extensions],
  Schema: [
    "description",
    "type",
    "required",
    "properties",
    "propertyNames",
    "additionalProperties",
    extensions,
    "examples",
  ],
};

/**
 * The same keys come in the same order everywhere, so that a reader finds them and a diff shows only what changed.
 * @type {Rule}
 */
export const keyOrder = () => ({
  PathItem: (node, context) => check(node, orders.PathItem, context),
  Operation: (node, context) => check(node, orders.Operation, context),
  Response: (node, context) => check(node, orders.Response, context),
  RequestBody: (node, context) => check(node, orders.RequestBody, context),
  Schema: (node, context) => check(node, orders.Schema, context),
});

/**
 * @param {object} node
 * @param {readonly string[]} order
 * @param {Context} context
 */
function check(node, order, { location, report }) {
  let last = { key: "", rank: -1 };
  for (const key of Object.keys(node)) {
    const rank = order.indexOf(key.startsWith("x-") ? extensions : key);
    if (rank === -1) continue;
    if (rank < last.rank) {
      report({
        message: `\`${key}\` comes after \`${last.key}\`; expected the order ${order.join(", ")}. Move it up.`,
        location: location.child(key).key(),
      });
      return;
    }
    last = { key, rank };
  }
}
