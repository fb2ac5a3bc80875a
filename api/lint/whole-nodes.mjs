/** @import { Context, Rule, Visitor } from "./redocly.ts" */

const parts = new Set(["PathItem", "Operation", "Parameter", "RequestBody", "Response", "MediaType"]);
const branches = new Set(["allOf", "anyOf", "oneOf"]); // of a schema, whose other values may be null

/**
 * Keeps from a rule what is empty, such as a `get:` with nothing behind it: `struct` reports that with its place, and a
 * rule that stumbled over it would end the whole run without any.
 * @param {Rule} rule
 * @returns {Rule}
 */
export function wholeNodesOnly(rule) {
  return () =>
    /** @type {Visitor} */ (Object.fromEntries(Object.entries(rule()).map(([on, visit]) => [on, guarded(visit)]))); // the same keys
}

/** @param {unknown} visit */
function guarded(visit) {
  if (typeof visit !== "function") return visit;
  /** @type {(node: unknown, context: Context, resolved: unknown) => void} */
  return (node, context, resolved) => {
    if (isWhole(node, context.type.name)) visit(node, context, resolved);
  };
}

/**
 * @param {unknown} node
 * @param {string} type
 */
function isWhole(node, type) {
  if (typeof node !== "object" || node === null) return false;
  if (parts.has(type)) return !Object.values(node).includes(null);
  return Object.entries(node).every(
    ([key, value]) => !branches.has(key) || !Array.isArray(value) || !value.includes(null),
  );
}
