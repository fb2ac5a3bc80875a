/** @import { Rule } from "../redocly.ts" */

/**
 * An operationId becomes a method's name in every language; `operation-operationId-unique` checks that it is one.
 * @type {Rule}
 */
export const operationId = () => ({
  Operation({ operationId: id }, { location, report }) {
    if (id !== undefined && /^[a-z][a-zA-Z0-9]*$/.test(id)) return;
    report({
      message: `The operationId is ${id ?? "missing"}; expected camelCase without a leading digit, such as deleteDevice. Rename it (upstream's logout_all is our logoutAll).`,
      location: id === undefined ? location.key() : location.child("operationId"),
    });
  },
});
