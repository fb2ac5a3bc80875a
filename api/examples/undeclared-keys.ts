/** The keywords that decide which keys an object's schema knows. */
interface ObjectSchema {
  readonly $ref?: string;
  readonly allOf?: readonly ObjectSchema[];
  readonly anyOf?: readonly ObjectSchema[];
  readonly oneOf?: readonly ObjectSchema[];
  readonly items?: ObjectSchema;
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
  readonly additionalProperties?: boolean | ObjectSchema;
}

/**
 * The keys of an example that its schema does not know. Matrix's objects are open, so that validation alone lets a
 * misspelt or outdated key pass; only a schema that states `additionalProperties` invites others.
 */
export function* undeclaredKeys(
  value: unknown,
  schema: ObjectSchema,
  named: Readonly<Record<string, ObjectSchema>>,
): Generator<string> {
  yield* inValue(value, [schema], "");

  function* inValue(part: unknown, written: readonly ObjectSchema[], at: string): Generator<string> {
    const schemas = written.flatMap(flatten);
    if (Array.isArray(part)) {
      const items = schemas.flatMap((one) => one.items ?? []);
      for (const [index, item] of part.entries()) yield* inValue(item, items, `${at}/${index}`);
    } else if (typeof part === "object" && part !== null) {
      for (const [key, child] of Object.entries(part)) yield* inField(key, child, schemas, at);
    }
  }

  function* inField(key: string, child: unknown, schemas: readonly ObjectSchema[], at: string): Generator<string> {
    const own = schemas.flatMap(({ properties }) => properties?.[key] ?? []);
    const other = schemas.flatMap(({ additionalProperties }) => additionalProperties ?? []);
    const closed = schemas.some(({ properties }) => properties) && other.every((one) => one === false);
    if (own.length === 0 && closed) yield `${at}/${key}`;
    const fits = own.length > 0 ? own : other.filter((one) => typeof one === "object");
    yield* inValue(child, fits, `${at}/${key}`);
  }

  /** A schema with all that it is made of. */
  function flatten(one: ObjectSchema): ObjectSchema[] {
    const target = one.$ref === undefined ? undefined : named[one.$ref.slice(one.$ref.lastIndexOf("/") + 1)];
    const parts = [target ?? [], one.allOf ?? [], one.anyOf ?? [], one.oneOf ?? []].flat();
    return [one, ...parts.flatMap(flatten)];
  }
}
