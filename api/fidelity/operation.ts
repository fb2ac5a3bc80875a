import type { Api } from "./facts.ts";
import type { Schema } from "./schema.ts";
import { type Source, UnreadableError } from "./source.ts";

/** An operation of ours, with the references between its own parts followed. */
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  readonly auth: { readonly mode: "none" | "optional" | "required"; readonly schemes: readonly string[] };
  readonly guest: boolean | undefined;
  readonly uia: boolean;
  readonly addedIn: string | undefined;
  readonly changedIn: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody: { readonly required: boolean; readonly content: Content } | undefined;
  readonly responses: Readonly<Record<string, Response>>;
}

export interface Parameter extends Omit<Schema, "required"> {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

export type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

export interface Response {
  readonly content: Content;
  readonly headers: Readonly<Record<string, Omit<Parameter, "name" | "in">>>;
}

interface Ref {
  readonly $ref?: string;
}

export const methods = ["GET", "PUT", "POST", "DELETE"] as const;

/** The root of an API's description. */
export interface Root {
  readonly paths?: Readonly<Record<string, PathItem>>;
  readonly components?: {
    readonly parameters?: Readonly<Record<string, Parameter & Ref>>;
    readonly securitySchemes?: Readonly<Record<string, Readonly<Record<string, unknown>> & Ref>>;
  };
}

export interface PathItem extends Ref {
  readonly parameters?: readonly (Parameter & Ref)[];
  readonly get?: WrittenOperation;
  readonly put?: WrittenOperation;
  readonly post?: WrittenOperation;
  readonly delete?: WrittenOperation;
}

interface WrittenOperation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly deprecated?: boolean;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly (Parameter & Ref)[];
  readonly requestBody?: { readonly required?: boolean; readonly content?: Content } & Ref;
  readonly responses?: Readonly<Record<string, Partial<Response> & Ref>>;
  readonly "x-matrix-guest"?: boolean;
  readonly "x-matrix-uia"?: unknown;
  readonly "x-addedInMatrixVersion"?: string;
  readonly "x-changedInMatrixVersion"?: string | readonly string[];
}

/** Undefined if the path item has no such method. */
export function readOperation(source: Source, item: PathItem, method: string): Operation | undefined {
  const { follow } = source;
  const path = follow(item);
  const written = methodOf(path, method);
  if (!written) return undefined;
  const security = written.security ?? [];
  const body = written.requestBody && follow(written.requestBody);
  const parameters = new Map(
    [...(path.parameters ?? []), ...(written.parameters ?? [])]
      .map((parameter) => follow(parameter))
      .map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]),
  );
  return {
    operationId: written.operationId,
    tags: written.tags ?? [],
    deprecated: written.deprecated ?? false,
    auth: {
      mode:
        security.length === 0
          ? "none"
          : security.some((one) => Object.keys(one).length === 0)
            ? "optional"
            : "required",
      schemes: [...new Set(security.flatMap((one) => Object.keys(one)))].toSorted(),
    },
    guest: written["x-matrix-guest"],
    uia: written["x-matrix-uia"] !== undefined,
    addedIn: written["x-addedInMatrixVersion"],
    changedIn: [written["x-changedInMatrixVersion"] ?? []].flat(),
    parameters: [...parameters.values()],
    requestBody: body && { required: body.required ?? false, content: body.content ?? {} },
    responses: Object.fromEntries(
      Object.entries(written.responses ?? {}).map(([status, node]) => {
        const response = follow(node);
        const headers = Object.entries(response.headers ?? {}).map(([name, header]) => [name, follow(header)]);
        return [status, { content: response.content ?? {}, headers: Object.fromEntries(headers) }];
      }),
    ),
  };
}

/** Every operation of an API; one that cannot be read is reported where it is compared. */
export function readOperations(source: Source, api: Api): Operation[] {
  const { paths = {} } = source.read<Root>(`${api}/openapi.yaml`);
  return Object.values(paths).flatMap((item) =>
    methods.flatMap((method) => {
      try {
        return readOperation(source, item, method) ?? [];
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        return [];
      }
    }),
  );
}

export function methodOf(path: PathItem, method: string): WrittenOperation | undefined {
  return { GET: path.get, PUT: path.put, POST: path.post, DELETE: path.delete }[method];
}
