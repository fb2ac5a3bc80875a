import type { Parameter } from "./operation.ts";
import type { Schema } from "./schema.ts";

/** What stands at the parameter itself holds for its schema too. */
export function ourSchema(parameter: Omit<Parameter, "name" | "in">): Schema {
  const { deprecated, "x-addedInMatrixVersion": added, "x-changedInMatrixVersion": changed, schema = {} } = parameter;
  return {
    allOf: [schema],
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(added === undefined ? {} : { "x-addedInMatrixVersion": added }),
    ...(changed === undefined ? {} : { "x-changedInMatrixVersion": changed }),
  };
}
