import type { Schema } from "./schema.ts";
import { compareVersions } from "./versions.ts";

/**
 * What several alternatives allow together: a field exists if any of them has it, and is required if all objects
 * among them require it.
 */
export interface View {
  /** Undefined if any type will do. */
  readonly types: ReadonlySet<string> | undefined;
  /** The values that are named, closed or not; undefined if none is. */
  readonly values: ReadonlySet<unknown> | undefined;
  /** A value beside the named ones is valid too. */
  readonly open: boolean;
  readonly formats: ReadonlySet<string>;
  readonly hasPattern: boolean;
  readonly default: unknown;
  readonly deprecated: boolean;
  readonly addedIn: string | undefined;
  readonly changedIn: readonly string[];
  readonly fields: ReadonlyMap<string, readonly Schema[]>;
  readonly required: ReadonlySet<string>;
  /** Of maps: what the values are, and whether the keys are described. */
  readonly mapValues: readonly Schema[];
  readonly keyed: boolean;
  readonly items: readonly Schema[];
  readonly branches: readonly Schema[];
}

/** Looks at alternatives, as `branchesOf` gives them, as at one schema. */
export function viewOf(branches: readonly Schema[]): View {
  const types = branches.map(typesOf);
  const scalars = branches.filter((branch) => !isObject(branch) && branch.type !== "array" && branch.type !== "null");
  const values = branches.flatMap(valuesOf);
  const objects = branches.filter(isObject);
  const fields = new Map<string, Schema[]>();
  for (const object of objects) {
    for (const [name, schema] of Object.entries(object.properties ?? {})) {
      if (isNever(schema)) continue;
      fields.set(name, [...(fields.get(name) ?? []), schema]);
    }
  }
  return {
    types: types.some((some) => some === undefined) ? undefined : new Set(types.flatMap((some) => some ?? [])),
    values: values.length === 0 ? undefined : new Set(values),
    open: scalars.some((branch) => branch.const === undefined && branch.enum === undefined),
    formats: new Set(branches.flatMap(({ format }) => format ?? [])),
    hasPattern: branches.some(({ pattern, patternInText }) => (pattern ?? patternInText) !== undefined),
    default: branches.map((branch) => branch.default ?? branch.defaultInText).find((value) => value !== undefined),
    deprecated: branches.length > 0 && branches.every(({ deprecated }) => deprecated === true),
    addedIn: commonVersion(branches),
    changedIn: [...new Set(branches.flatMap(changesOf))].toSorted(),
    fields,
    required: new Set([...fields.keys()].filter((name) => objects.every(({ required }) => required?.includes(name)))),
    mapValues: objects.flatMap(mapValuesOf),
    keyed: objects.some(({ propertyNames, patternProperties }) => (propertyNames ?? patternProperties) !== undefined),
    items: branches.flatMap(({ items }) => items ?? []),
    branches,
  };
}

function typesOf(schema: Schema): readonly string[] | undefined {
  if (isNever(schema)) return [];
  if (schema.type !== undefined) return [schema.type].flat();
  const values = valuesOf(schema);
  if (values.length > 0) return [...new Set(values.map((value) => typeof value))];
  if (isObject(schema)) return ["object"];
  return schema.items ? ["array"] : undefined;
}

function isObject({ type, properties, additionalProperties }: Schema): boolean {
  return type === undefined ? (properties ?? additionalProperties) !== undefined : [type].flat().includes("object");
}

/** `not: {}` is a field that must be absent. */
function isNever({ not }: Schema): boolean {
  return not !== undefined && Object.keys(not).length === 0;
}

function valuesOf(schema: Schema): readonly unknown[] {
  return schema.const === undefined ? (schema.enum ?? schema["x-extensible-enum"] ?? []) : [schema.const];
}

function mapValuesOf({ additionalProperties, patternProperties }: Schema): Schema[] {
  const others = typeof additionalProperties === "object" ? [additionalProperties] : [];
  return [...Object.values(patternProperties ?? {}), ...others.filter((schema) => Object.keys(schema).length > 0)];
}

/** A field is as old as its oldest form; one form without a version makes it as old as what it stands in. */
function commonVersion(branches: readonly Schema[]): string | undefined {
  const versions = branches.map((branch) => branch.addedIn ?? branch["x-addedInMatrixVersion"]);
  const known = versions.filter((version) => version !== undefined);
  return known.length < versions.length ? undefined : known.toSorted(compareVersions)[0];
}

function changesOf(branch: Schema): readonly string[] {
  return branch.changedIn ?? [branch["x-changedInMatrixVersion"] ?? []].flat();
}
