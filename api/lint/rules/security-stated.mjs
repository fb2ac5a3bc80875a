/** @import { Rule } from "../redocly.ts" */

/**
 * Whether a token is needed is decided for each operation and never inherited by forgetting it.
 * @type {Rule}
 */
export const securityStated = () => ({
  Operation({ operationId, security }, { location, report }) {
    if (security) return;
    report({
      message: `${operationId ?? "An operation"} does not state its security. Write \`security\`: \`[]\` where no token is needed, \`{}\` as one alternative where it is optional.`,
      location: location.key(),
    });
  },
});
