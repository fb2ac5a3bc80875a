/** @import { Content, MediaType, Node, Resolve, Resolved } from "./redocly.ts" */

/**
 * Follows a reference, if it is one, and remembers from which file the next one has to be read.
 * @template {object} T
 * @param {Node<T>} node
 * @param {string} from
 * @param {Resolve} resolve
 * @returns {{ node: T | undefined, from: string }}
 */
export function follow(node, from, resolve) {
  if (!node || !("$ref" in node)) return { node: node ?? undefined, from }; // a status with nothing behind it is null
  const target = /** @type {Resolved<T>} */ (resolve(node, from)); // a reference does not say what it points to
  return { node: target.node, from: target.location?.source.absoluteRef ?? from };
}

/**
 * The JSON forms of a body: there should be one at most.
 * @param {Content | undefined} content
 * @returns {[type: string, mediaType: MediaType][]}
 */
export function jsonForms(content) {
  return Object.entries(content ?? {}).filter(
    ([type, mediaType]) => mediaType && /^application\/(.+\+)?json\b/.test(type),
  );
}
