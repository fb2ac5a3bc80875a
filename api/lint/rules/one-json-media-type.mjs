import { jsonForms } from "../follow.mjs";

/** @import { Content, Context, Rule } from "../redocly.ts" */

/**
 * A status has one JSON form, or a generated client could not tell which of two types it has read.
 * @type {Rule}
 */
export const oneJsonMediaType = () => ({
  Response: (response, context) => check(response.content, context),
  RequestBody: (body, context) => check(body.content, context),
});

/**
 * @param {Content | undefined} content
 * @param {Context} context
 */
function check(content, { location, report }) {
  const types = jsonForms(content).map(([type]) => type);
  if (types.length < 2) return;
  report({
    message: `A body has ${types.length} JSON media types (${types.join(", ")}); expected one. Keep application/json and describe the forms in its schema.`,
    location: location.child("content"),
  });
}
