import { jsonForms, follow } from "../follow.mjs";
import { nameOf } from "../named.mjs";

/** @import { Content, Context, Location, MediaType, Rule, Schema } from "../redocly.ts" */

/**
 * Every body and every named schema shows a real value: docs, mocks and tests are made from them.
 * @type {Rule}
 */
export const examples = () => {
  /** @type {Map<string, { name: string, location: Location }>} */
  const without = new Map();
  /** @type {Set<string>} */
  const shownByBody = new Set();
  return {
    Operation({ operationId = "An operation", requestBody, responses = {} }, context) {
      const origin = context.location.source.absoluteRef;
      if (requestBody) {
        const { node, from } = follow(requestBody, origin, context.resolve);
        checkBody(`The request body of ${operationId}`, node?.content, from, context);
      }
      for (const [status, written] of Object.entries(responses)) {
        if (!status.startsWith("2")) continue;
        const { node, from } = follow(written, origin, context.resolve);
        checkBody(`The ${status} response of ${operationId}`, node?.content, from, context);
      }
    },
    MediaType(mediaType, { location, resolve }) {
      if (!hasExample(mediaType) || !mediaType.schema || !("$ref" in mediaType.schema)) return;
      const target = resolve(mediaType.schema, location.source.absoluteRef).location;
      if (target) shownByBody.add(idOf(target));
    },
    Schema(schema, { location }) {
      const name = nameOf(location);
      if (name !== undefined && !hasExample(schema)) without.set(idOf(location), { name, location });
    },
    Root: {
      leave(_root, { report }) {
        for (const [id, { name, location }] of without) {
          if (shownByBody.has(id)) continue;
          report({
            message: `The schema ${name} has no example; expected at least one. Add \`examples\` with a realistic value.`,
            location: location.key(),
          });
        }
      },
    },
  };
};

/**
 * @param {string} what
 * @param {Content | undefined} content
 * @param {string} origin
 * @param {Context} context
 */
function checkBody(what, content, origin, { location, report, resolve }) {
  for (const [, mediaType] of jsonForms(content)) {
    const schema = mediaType.schema && follow(mediaType.schema, origin, resolve).node;
    if (hasExample(mediaType) || (schema && hasExample(schema))) continue;
    report({
      message: `${what} has no example; expected at least one. Add \`examples\` to its media type or schema.`,
      location: location.key(),
    });
  }
}

/** @param {Schema | MediaType} node */
const hasExample = ({ example, examples: several }) => example !== undefined || Object.keys(several ?? {}).length > 0;

/** @param {Location} location */
const idOf = ({ source, pointer }) => source.absoluteRef + pointer;
