/** @import { Node, Resolve, Schema } from "./redocly.ts" */

const errorFile = /\/shared\/errors\/(M_[A-Z0-9_]+)\.yaml$/;

/**
 * The code that a file in `shared/errors` describes: its name.
 * @param {string} path
 * @returns {string | undefined}
 */
export function errcodeOf(path) {
  return errorFile.exec(path)?.[1];
}

/**
 * Whether a schema is written as a reference to one code of `shared/errors`.
 * @param {Node<Schema>} schema
 * @param {string} from
 * @param {Resolve} resolve
 */
export function isErrorReference(schema, from, resolve) {
  if (!("$ref" in schema)) return false;
  const target = resolve(schema, from).location;
  return target !== undefined && target.pointer === "#/" && errcodeOf(target.source.absoluteRef) !== undefined;
}
