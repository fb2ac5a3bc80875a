import { errcodeOf, isErrorReference } from "../errors.mjs";
import { follow, jsonForms } from "../follow.mjs";

/** @import { Rule, Schema } from "../redocly.ts" */

const challenge = /\/shared\/user-interactive-auth\/AuthenticationRequired\.yaml$/;

/**
 * Errors are references to `shared/errors`, one file for each code, so that the union of codes per status falls out in
 * types, docs and tests. The challenge of user-interactive auth is the one 401 that is something else.
 * @type {Rule}
 */
export const errorResponses = () => ({
  Operation({ responses = {} }, { location, report, resolve }) {
    for (const [status, written] of Object.entries(responses)) {
      if (!/^[45]/.test(status)) continue;
      const { node: response, from } = follow(written, location.source.absoluteRef, resolve);
      if (status === "401" && challenge.test(from)) continue;
      if (response && Object.keys(response.content ?? {}).length === 0) {
        report({
          message:
            `The ${status} says nothing of its error codes; expected a body that is a $ref to shared/errors/<M_CODE>.yaml, or a oneOf of such references. ` +
            "List the codes that it can have.",
          location: location.child(["responses", status]),
        });
      }
      for (const [, { schema }] of jsonForms(response?.content)) {
        const members = !schema || "$ref" in schema ? [schema] : (schema.oneOf ?? [schema]);
        if (members.every((member) => member && isErrorReference(member, from, resolve))) continue;
        report({
          message:
            `The body of ${status} is described in place; expected one $ref to shared/errors/<M_CODE>.yaml, or a oneOf of such references. ` +
            "Reference the codes, and add a file to shared/errors where one is missing.",
          location: location.child(["responses", status]),
        });
      }
    }
  },
  Schema(schema, { location, report }) {
    const errcode = location.pointer === "#/" ? errcodeOf(location.source.absoluteRef) : undefined;
    if (errcode === undefined || constants(schema).includes(errcode)) return;
    report({
      message: `The file is called ${errcode}.yaml, but its errcode is ${constants(schema).join(", ") || "no constant"}; expected \`errcode: {const: ${errcode}}\`. Make name and constant the same.`,
    });
  },
});

/**
 * The constants that an error's schema gives to `errcode`, in its own properties or in those it adds to another's.
 * @param {Schema} schema
 * @returns {unknown[]}
 */
function constants(schema) {
  const field = schema.properties?.["errcode"];
  const own = field && "const" in field ? [field.const] : [];
  return [...own, ...(schema.allOf ?? []).flatMap((part) => ("$ref" in part ? [] : constants(part)))];
}
