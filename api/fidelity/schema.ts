/** What the comparison reads of a JSON Schema: ours, and that of the facts with its own keys (facts/README.md). */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly patternInText?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly "x-extensible-enum"?: readonly unknown[];
  readonly default?: unknown;
  readonly defaultInText?: unknown;
  readonly deprecated?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly requiredSometimes?: readonly string[];
  readonly requiredOneOf?: readonly (readonly string[])[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly patternFormat?: string;
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly addedIn?: string;
  readonly changedIn?: readonly string[];
  readonly "x-addedInMatrixVersion"?: string;
  readonly "x-changedInMatrixVersion"?: string | readonly string[];
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly maximum?: number;
  readonly minimum?: number;
}

/** Follows the `$ref` of a node, if it has one; keys beside it win over those of its target. */
export type Follow = <T extends { readonly $ref?: string }>(node: T) => T;
