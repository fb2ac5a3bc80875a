import { follow } from "../follow.mjs";

/** @import { Rule } from "../redocly.ts" */

const redirects = ["301", "302", "303", "307", "308", "3XX"];

/**
 * A redirect without a `Location` leads nowhere, so that clients can rely on the header where one is declared.
 * @type {Rule}
 */
export const redirectLocation = () => ({
  Operation({ responses = {} }, { location, report, resolve }) {
    for (const status of redirects) {
      const written = responses[status];
      if (!written) continue;
      const response = follow(written, location.source.absoluteRef, resolve).node;
      if (response?.headers?.["Location"]) continue;
      report({
        message: `The ${status} redirect declares no Location header. Add \`headers\` with \`Location\` and what it points to.`,
        location: location.child(["responses", status]),
      });
    }
  },
});
