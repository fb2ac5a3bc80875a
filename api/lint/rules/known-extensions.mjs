import { Ajv2020 } from "ajv/dist/2020.js";

/** @import { ValidateFunction } from "ajv" */
/** @import { Rule } from "../redocly.ts" */

const version = { type: "string", pattern: "^(r0|1)\\.\\d+(\\.\\d+)?$" };
const word = { type: "string", minLength: 1 };
const words = { type: "array", items: word, uniqueItems: true };
const paths = { type: "array", items: { type: "string", pattern: "^/" }, uniqueItems: true };
const eventKind = {
  enum: ["state", "message", "ephemeral", "presence", "account_data", "room_account_data", "to_device"],
};

/**
 * The extensions of this description, each with the shape of its value.
 * @type {Readonly<Record<string, object>>}
 */
const shapes = {
  "x-addedInMatrixVersion": version,
  "x-changedInMatrixVersion": { anyOf: [version, { type: "array", items: version, minItems: 2, uniqueItems: true }] },
  "x-deprecatedInMatrixVersion": version,
  "x-matrix-history": {
    type: "object",
    required: ["stable", "unstable"],
    properties: { stable: paths, unstable: paths },
    additionalProperties: false,
  },
  "x-matrix-uia": {
    type: "object",
    required: ["stages", "exemptions"],
    properties: { stages: { ...words, minItems: 1 }, exemptions: words },
    additionalProperties: false,
  },
  "x-matrix-guest": { type: "boolean" },
  "x-matrix-pagination": {
    type: "object",
    required: ["request", "response", "items"],
    properties: { request: word, response: word, items: word },
    additionalProperties: false,
  },
  "x-matrix-txn": word,
  "x-extensible-enum": { ...words, minItems: 1 },
  "x-matrix-event-type": word,
  "x-matrix-event-kind": {
    anyOf: [eventKind, { type: "array", items: eventKind, minItems: 2, uniqueItems: true }],
  },
  "x-matrix-state-key": { enum: ["empty", "user_id", "room_id", "token", "any"] },
};

const ajv = new Ajv2020();
/** @type {Map<string, ValidateFunction>} */
const validators = new Map(Object.entries(shapes).map(([name, shape]) => [name, ajv.compile(shape)]));

/**
 * An extension exists only where this list knows it, or a typo would be silence.
 * @type {Rule}
 */
export const knownExtensions = () => ({
  any(node, { location, report, type }) {
    if (type.extensionsPrefix === undefined || Array.isArray(node)) return;
    for (const [key, value] of Object.entries(node)) {
      if (!key.startsWith("x-")) continue;
      const validate = validators.get(key);
      if (!validate) {
        report({
          message: `The extension ${key} is not known; expected one of ${[...validators.keys()].join(", ")}. Correct its name, or add its shape to known-extensions.mjs.`,
          location: location.child(key).key(),
        });
      } else if (!validate(value)) {
        report({
          message: `The value of ${key} is ${JSON.stringify(value)}; expected another form: ${ajv.errorsText(validate.errors, { dataVar: "it" })}. The shapes are in known-extensions.mjs.`,
          location: location.child(key),
        });
      }
    }
  },
});
