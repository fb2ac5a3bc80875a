import type { JsonBody, ParseAs, Result, SuccessStatus } from "./result.ts";

/** Calls the operations of an API by method and path, in openapi-fetch's shape. */
export interface TypedClient<Paths, Common> {
  readonly GET: Call<Paths, "get", Common>;
  readonly PUT: Call<Paths, "put", Common>;
  readonly POST: Call<Paths, "post", Common>;
  readonly DELETE: Call<Paths, "delete", Common>;
}

export type Method = "get" | "put" | "post" | "delete";

/**
 * One method of a client. The paths that have this method are listed in place, since an alias would hide them from the
 * compiler's message about a misspelt one. It settles with a result whatever the server does; it rejects only with the reason of the
 * caller's own abort signal, or with what a behaviour or its callbacks threw.
 */
export type Call<Paths, M extends Method, Common> = <
  Path extends {
    [Path in keyof Paths]: M extends keyof Paths[Path] ? ([Paths[Path][M]] extends [undefined] ? never : Path) : never;
  }[keyof Paths],
  As extends ParseAs = never,
>(
  path: Path,
  ...init: Init<OperationAt<Paths[Path], M>, As>
) => Promise<Result<OperationAt<Paths[Path], M>["responses"], Common, As>>;

export interface Operation {
  readonly parameters: object;
  readonly responses: object;
}

/** What is at a path for a method. Looked up by its key, which costs less than a comparison with an object that has it. */
export type OperationAt<Item, M extends Method> = M extends keyof Item
  ? Item[M] extends infer Op extends Operation
    ? Op
    : never
  : never;

// A tuple, so that an object literal is checked for keys too many after the path has settled which operation it is.
export type Init<Op extends Operation, As extends ParseAs> = InitWith<Op, As, RequiredKey<Op>>;

type InitWith<Op extends Operation, As extends ParseAs, Required extends string> = [Required] extends [never]
  ? [init?: CallInit<Op, As>]
  : [init: CallInit<Op, As> & { [_ in Required]: {} }];

// One interface, and not an intersection of what each part needs: its properties are only worked out where they are used.
interface CallInit<Op extends Operation, As extends ParseAs> extends PlatformInit {
  params?: Op["parameters"];
  body?: BodyOf<Op>;
  parseAs?: As;
}

/** What `fetch` takes beside the request's own parts. `redirect` is `manual` unless set. */
export interface PlatformInit extends Omit<RequestInit, "body" | "headers" | "method" | "window"> {
  readonly headers?: HeadersInit;
}

type RequiredKey<Op extends Operation> =
  | (Record<never, never> extends Op["parameters"] ? never : "params")
  | ("requestBody" extends keyof Op ? (undefined extends Op["requestBody"] ? never : "body") : never)
  | (IsReadUnasked<Op["responses"]> extends true ? never : "parseAs");

// Nearly every operation is told by its 200 already; one without any success only redirects.
type IsReadUnasked<Responses> = Responses extends { 200: { content: { "application/json": unknown } } }
  ? true
  : [keyof Responses & SuccessStatus] extends [never]
    ? true
    : [JsonBody<Responses[keyof Responses & SuccessStatus]>] extends [never]
      ? false
      : true;

type BodyOf<Op> = Op extends { requestBody?: infer Body }
  ? Body extends { content: infer Content }
    ? Sent<Content>
    : never
  : never;

type Sent<Content> = Content extends { "application/json": infer Json } ? Unauthenticated<Json> : BinaryBody;

/** A body that is sent as it is. Its `Content-Type` is the blob's, or that of the headers. */
export type BinaryBody = Blob | ArrayBuffer | ArrayBufferView<ArrayBuffer> | ReadableStream<Uint8Array>;

// The first request of user-interactive authentication has no `auth`; callers pass what they were given, undefined too.
type Unauthenticated<Json> = Json extends unknown
  ? "auth" extends keyof Json
    ? { [Key in keyof Json]: Key extends "auth" ? Json[Key] | undefined : Json[Key] }
    : Json
  : never;
