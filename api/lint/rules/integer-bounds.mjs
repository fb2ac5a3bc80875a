/** @import { Rule } from "../redocly.ts" */

/**
 * Matrix integers are those of canonical JSON, and the contract tests take their boundary cases from the bounds.
 * https://spec.matrix.org/v1.19/appendices/#canonical-json
 * @type {Rule}
 */
export const integerBounds = () => ({
  Schema({ type, format, minimum, maximum, const: constant, enum: values }, { report }) {
    if (type !== "integer" || constant !== undefined || values) return;
    const bounded = isWithin(minimum) && isWithin(maximum);
    if (format === "int64" && bounded) return;
    report({
      message:
        `An integer has format ${format ?? "none"}, minimum ${minimum ?? "none"}, maximum ${maximum ?? "none"}; ` +
        `expected format int64 and both bounds within ±${Number.MAX_SAFE_INTEGER} (2^53 − 1). State all three.`,
    });
  },
});

/** @param {number | undefined} bound */
const isWithin = (bound) => bound !== undefined && Math.abs(bound) <= Number.MAX_SAFE_INTEGER;
