/** The part of Redocly's visitor interface that the rules use; the CLI ships no types of its own. */

export interface Location {
  readonly source: { readonly absoluteRef: string };
  readonly pointer: string;
  child(path: string | readonly (string | number)[]): Location;
  key(): Location;
}

export interface Problem {
  readonly message: string;
  readonly location?: Location;
}

export interface Reference {
  readonly $ref: string;
}

export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Node<Schema>>>;
  readonly patternProperties?: unknown;
  readonly additionalProperties?: boolean | Node<Schema>;
  readonly propertyNames?: Node<Schema>;
  readonly allOf?: readonly Node<Schema>[];
  readonly anyOf?: readonly Node<Schema>[];
  readonly oneOf?: readonly Node<Schema>[];
  readonly discriminator?: { readonly propertyName: string; readonly mapping?: Readonly<Record<string, string>> };
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly "x-matrix-event-type"?: string;
  readonly "x-matrix-event-kind"?: string | readonly string[];
  readonly "x-matrix-state-key"?: string;
}

export interface MediaType {
  readonly schema?: Node<Schema>;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, unknown>>;
}

export type Content = Readonly<Record<string, MediaType>>;

export interface Response {
  readonly description?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Content;
}

export interface RequestBody {
  readonly content?: Content;
}

export interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  readonly security?: readonly unknown[];
  readonly requestBody?: Node<RequestBody>;
  readonly responses?: Readonly<Record<string, Node<Response>>>;
  readonly "x-matrix-uia"?: unknown;
}

/** A node as it is written: in place, or as a reference to another file. */
export type Node<T> = T | Reference;

export interface Resolved<T> {
  readonly node: T | undefined;
  readonly location: Location | undefined;
}

export type Resolve = <T extends object>(node: Node<T>, from?: string) => Resolved<T>;

export interface Context {
  readonly report: (problem: Problem) => void;
  readonly resolve: Resolve;
  /** Where the node is written, after following a reference to it. */
  readonly location: Location;
  /** Where the reference to it is written, or the same as `location`. */
  readonly rawLocation: Location;
  readonly type: { readonly name: string; readonly extensionsPrefix?: string };
}

export type Visit<T> = (node: T, context: Context) => void;

export interface Visitor {
  any?: Visit<object>;
  ref?: (node: Reference, context: Context, resolved: Resolved<object>) => void;
  Root?: Visit<object> | { leave: Visit<object> };
  PathItem?: Visit<object>;
  Operation?: Visit<Operation>;
  Parameter?: Visit<object>;
  RequestBody?: Visit<RequestBody>;
  Response?: Visit<Response>;
  MediaType?: Visit<MediaType>;
  Schema?: Visit<Schema>;
}

/** A rule: called once per description, so that what it remembers is never shared between two of them. */
export type Rule = () => Visitor;
