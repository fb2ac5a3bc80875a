import { nameOf } from "../named.mjs";

/** @import { Rule } from "../redocly.ts" */

const schemaName = /^([A-Z][A-Za-z0-9]*|M_[A-Z0-9_]+)$/;
const eventFile = /\/events\//;

/**
 * The file name is the component name is the generated type's name, so it has to be one everywhere and unique.
 * @type {Rule}
 */
export const componentNames = () => {
  /** @type {Map<string, string>} */
  const files = new Map();
  return {
    ref(reference, { type, report }, { location }) {
      if (type.name !== "Schema" || !location) return;
      const name = nameOf(location);
      if (name === undefined) {
        report({
          message: `${reference.$ref} points into the middle of a description; expected a whole schema. Give the schema a file of its own and reference that.`,
        });
        return;
      }
      const file = location.source.absoluteRef;
      if (!schemaName.test(name) && !eventFile.test(file)) {
        report({
          message: `The schema's file is called ${name}; expected PascalCase, or the errcode in shared/errors. Rename the file: it is the generated type's name.`,
        });
      }
      const other = files.get(name) ?? file;
      files.set(name, other);
      if (other !== file) {
        report({
          message: `Two schemas are called ${name}: ${other} and ${file}; expected one name each. Rename one of the files.`,
        });
      }
    },
  };
};
