import type { JsonBody, ParseAs, Result, SuccessStatus } from "./result.ts";

/** Calls the operations of an API by method and path, in openapi-fetch's shape. */
export interface TypedClient<Paths, Common> {
  readonly GET: Call<Paths, "get", Common>;
  readonly PUT: Call<Paths, "put", Common>;
  readonly POST: Call<Paths, "post", Common>;
  readonly DELETE: Call<Paths, "delete", Common>;
}

type Method = "get" | "put" | "post" | "delete";

/**
 * One method of a client. The paths that have this method are listed in place, since an alias would hide them from the
 * compiler's message about a misspelt one. It settles with a result whatever the server does; it rejects only with the reason of the
 * caller's own abort signal, or with what a behaviour or its callbacks threw.
 */
export type Call<Paths, M extends Method, Common> = <
  Path extends { [Path in keyof Paths]: Paths[Path] extends { [_ in M]: Operation } ? Path : never }[keyof Paths],
  As extends ParseAs = never,
>(
  path: Path,
  ...init: Init<OperationAt<Paths[Path], M>, As>
) => Promise<Result<OperationAt<Paths[Path], M>["responses"], Common, As>>;

interface Operation {
  readonly parameters: object;
  readonly responses: object;
}

type OperationAt<Item, M extends Method> = Item extends { [_ in M]: infer Op extends Operation } ? Op : never;

// A tuple, so that an object literal is checked for keys too many after the path has settled which operation it is.
type Init<Op extends Operation, As extends ParseAs> =
  Record<never, never> extends InitOf<Op, As> ? [init?: InitOf<Op, As>] : [init: InitOf<Op, As>];

type InitOf<Op extends Operation, As extends ParseAs> = PlatformInit &
  ParamsInit<Op["parameters"]> &
  BodyInit<Op> &
  ParseInit<Op["responses"], As>;

/** What `fetch` takes beside the request's own parts. `redirect` is `manual` unless set. */
export interface PlatformInit extends Omit<RequestInit, "body" | "headers" | "method" | "window"> {
  readonly headers?: HeadersInit;
}

type ParamsInit<Params> = Record<never, never> extends Params ? { params?: Params } : { params: Params };

type BodyInit<Op> = Op extends { requestBody: { content: infer Content } }
  ? { body: BodyOf<Content> }
  : Op extends { requestBody?: never }
    ? { body?: never }
    : Op extends { requestBody?: { content: infer Content } }
      ? { body?: BodyOf<Content> }
      : { body?: never };

type BodyOf<Content> = Content extends { "application/json": infer Json } ? Unauthenticated<Json> : BinaryBody;

/** A body that is sent as it is. Its `Content-Type` is the blob's, or that of the headers. */
export type BinaryBody = Blob | ArrayBuffer | ArrayBufferView<ArrayBuffer> | ReadableStream<Uint8Array>;

// The first request of user-interactive authentication has no `auth`; callers pass what they were given, undefined too.
type Unauthenticated<Json> = Json extends { auth?: unknown }
  ? "auth" extends keyof Json
    ? { [Key in keyof Json]: Key extends "auth" ? Json[Key] | undefined : Json[Key] }
    : Json
  : Json;

type ParseInit<Responses, As extends ParseAs> = [JsonBody<Responses[keyof Responses & SuccessStatus]>] extends [never]
  ? { parseAs: As }
  : { parseAs?: As };
