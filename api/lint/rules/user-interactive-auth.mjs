import { follow, jsonForms } from "../follow.mjs";

/** @import { Context, Node, Operation, Rule, Schema } from "../redocly.ts" */

const challenge = /\/shared\/user-interactive-auth\/AuthenticationRequired\.yaml$/;

/**
 * The three signs of user-interactive auth come together: `auth` in the body, the 401 that asks for it, and the stages.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 * @type {Rule}
 */
export const userInteractiveAuth = () => ({
  Operation(operation, context) {
    const signs = {
      "`auth` in the request body": takesAuth(operation, context),
      "the 401 of shared/user-interactive-auth/AuthenticationRequired.yaml": challenges(operation, context),
      "x-matrix-uia": operation["x-matrix-uia"] !== undefined,
    };
    const found = Object.entries(signs).flatMap(([sign, has]) => (has ? [sign] : []));
    const missing = Object.entries(signs).flatMap(([sign, has]) => (has ? [] : [sign]));
    if (found.length === 0 || missing.length === 0) return;
    context.report({
      message:
        `${operation.operationId ?? "An operation"} has ${found.join(" and ")}, but not ${missing.join(" and ")}. ` +
        "Add what is missing, or remove the rest if the operation never asks for user-interactive auth.",
      location: context.location.key(),
    });
  },
});

/**
 * @param {Operation} operation
 * @param {Context} context
 */
function takesAuth({ requestBody }, { location, resolve }) {
  if (!requestBody) return false;
  const { node, from } = follow(requestBody, location.source.absoluteRef, resolve);
  return jsonForms(node?.content).some(([, { schema }]) => schema && declares("auth", schema, from, resolve));
}

/**
 * @param {Operation} operation
 * @param {Context} context
 */
function challenges({ responses }, { location, resolve }) {
  const written = responses?.["401"];
  return written !== undefined && challenge.test(follow(written, location.source.absoluteRef, resolve).from);
}

/**
 * Whether a schema, or one that it is made of, lists a property.
 * @param {string} name
 * @param {Node<Schema>} written
 * @param {string} origin
 * @param {Context["resolve"]} resolve
 * @returns {boolean}
 */
function declares(name, written, origin, resolve) {
  const { node: schema, from } = follow(written, origin, resolve);
  if (!schema) return false;
  if (schema.properties?.[name]) return true;
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return parts.some((part) => declares(name, part, from, resolve));
}
