/** @import { Location } from "./redocly.ts" */

const component = /^#\/components\/schemas\/([^/]+)$/;

/**
 * The name under which generators will know the schema written at this place, or undefined where it is anonymous:
 * a file that holds one schema, or an entry of `components.schemas`.
 * @param {Location} location
 * @returns {string | undefined}
 */
export function nameOf({ source, pointer }) {
  if (pointer === "#/") return fileName(source.absoluteRef);
  return component.exec(pointer)?.[1];
}

/** @param {string} path */
const fileName = (path) => path.slice(path.lastIndexOf("/") + 1).replace(/\.ya?ml$/, "");
