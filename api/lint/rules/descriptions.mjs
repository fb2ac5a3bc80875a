import { nameOf } from "../named.mjs";

/** @import { Context, Rule } from "../redocly.ts" */

const shortest = 15;
const mostSentences = 3;

/**
 * Operations and named schemas say in one to three sentences what a reader cannot see from the types.
 * @type {Rule}
 */
export const descriptions = () => ({
  Operation({ summary, description, operationId = "An operation" }, context) {
    if (!summary) {
      context.report({
        message: `${operationId} has no summary. Add one: a short title in plain words.`,
        location: context.location.key(),
      });
    } else if (/[.!?]$/.test(summary)) {
      context.report({
        message: `The summary of ${operationId} ends like a sentence ("${summary}"); expected a title. Remove the full stop.`,
        location: context.location.child("summary"),
      });
    }
    checkDescription(operationId, description, context);
  },
  Schema({ description }, context) {
    const name = nameOf(context.location);
    if (name !== undefined) checkDescription(name, description, context);
  },
});

/**
 * @param {string} what
 * @param {string | undefined} description
 * @param {Context} context
 */
function checkDescription(what, description, { location, report }) {
  const fault = description === undefined ? "has no description" : faultOf(description.trim());
  if (!fault) return;
  report({
    message: `${what} ${fault}; expected one to ${mostSentences} sentences in plain words. Say what a reader cannot see from the types.`,
    location: description === undefined ? location.key() : location.child("description"),
  });
}

/** @param {string} description */
function faultOf(description) {
  if (description.length < shortest) return `has a description of ${description.length} characters`;
  if (!/[.!?)`:|]$/.test(description)) return "has a description that ends in the middle of a sentence";
  const sentences = description.replaceAll(/\b(e\.g|i\.e|etc)\./g, "").split(/[.!?]\s+(?=[A-Z`])/).length;
  return sentences > mostSentences ? `has a description of ${sentences} sentences` : undefined;
}
