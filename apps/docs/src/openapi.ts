import type { EventKind, StateKeyRule } from "@matrix-openapi/definitions";

/** The part of OpenAPI 3.1 that the bundles use and the pages show. */
export interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses?: Readonly<Record<string, Response>>;
    readonly parameters?: Readonly<Record<string, Parameter>>;
    readonly headers?: Readonly<Record<string, Header>>;
  };
}

export type Method = "get" | "put" | "post" | "delete";
type PathItem = { readonly [method in Method]?: Operation } & {
  readonly parameters?: readonly Ref<Parameter>[];
};

/** When something came, changed and was discouraged, in versions of the specification. */
export interface Versions {
  readonly deprecated?: boolean;
  readonly "x-addedInMatrixVersion"?: string;
  readonly "x-changedInMatrixVersion"?: string | readonly string[];
  readonly "x-deprecatedInMatrixVersion"?: string;
}

export interface Operation extends Versions {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly externalDocs?: { readonly url: string };
  readonly parameters?: readonly Ref<Parameter>[];
  readonly requestBody?: { readonly description?: string; readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, Ref<Response>>>;
}

export interface Parameter extends Versions {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: unknown;
}

interface Header extends Versions {
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Response extends Versions {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Ref<Header>>>;
  readonly content?: Content;
}

export type Content = Readonly<Record<string, MediaType>>;

export interface MediaType {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly summary?: string; readonly value: unknown }>>;
}

export interface Schema extends Versions {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly not?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly contentSchema?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly discriminator?: { readonly propertyName: string };
  readonly examples?: readonly unknown[];
  readonly "x-extensible-enum"?: readonly unknown[];
  readonly "x-matrix-event-type"?: string;
  readonly "x-matrix-event-kind"?: EventKind | readonly EventKind[];
  readonly "x-matrix-state-key"?: StateKeyRule;
}

type Ref<T> = T | { readonly $ref: string };

/** Follows a reference of the form `#/components/<kind>/<name>`; what is no reference is given back as it is. */
export function follow<T extends object>(document: Document, value: Ref<T>): T {
  if (!("$ref" in value) || value.$ref === undefined) return value as T; // no reference, so it is the thing itself
  const target = value.$ref
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document); // a bundle has no dangling references
  return target as T; // what a reference leads to is what it stands for
}

/** The name of the component a schema refers to, if it does. */
export function componentName(schema: Schema): string | undefined {
  return schema.$ref?.split("/").at(-1);
}
