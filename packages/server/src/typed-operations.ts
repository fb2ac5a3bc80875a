import type { JsonResult, HtmlResult, RedirectResult, BinaryResult } from "./results.ts";

/** An operation as openapi-typescript writes it, as far as a server looks at it. */
export interface TypedOperation {
  readonly parameters: object;
  readonly responses: object;
}

type Nothing = Record<never, never>;
type Given<T> = [T] extends [never] ? Nothing : T;

/** The path parameters of an operation, decoded. */
export type PathParameters<Operation> = Operation extends { parameters: { path: infer Path } } ? Path : Nothing;

/** The query parameters of an operation, coerced to their declared types. */
export type QueryParameters<Operation> = Operation extends { parameters: { query?: infer Query } }
  ? Given<NonNullable<Query>>
  : Nothing;

/**
 * The request body of an operation. It is undefined only where it is optional and an empty object would not do; a body
 * that is not JSON comes as a stream.
 */
export type RequestBody<Operation> = Operation extends { requestBody: { content: infer Content } }
  ? BodyOf<Content>
  : Operation extends { requestBody?: infer Optional }
    ? OptionalBody<NonNullable<Optional>>
    : undefined;

type OptionalBody<Optional> = [Optional] extends [{ content: infer Content }]
  ? Nothing extends BodyOf<Content>
    ? BodyOf<Content>
    : BodyOf<Content> | undefined
  : undefined;

type BodyOf<Content> = Content extends { "application/json": infer Json } ? Json : ReadableStream<Uint8Array>;

/** The declared answers of an operation; what is not in this union does not compile. */
export type DeclaredResult<Operation extends TypedOperation> = {
  [Status in keyof Operation["responses"] & number]: ResultOf<Status, Operation["responses"][Status]>;
}[keyof Operation["responses"] & number];

type ResultOf<Status extends number, Answer> = Answer extends { content: infer Content }
  ? { [Type in keyof Content]: ResultOfType<Status, Type, Content[Type]> }[keyof Content]
  : Status extends 301 | 302 | 303 | 307 | 308
    ? RedirectResult<Status>
    : never;

type ResultOfType<Status extends number, Type, Body> = Type extends "application/json"
  ? JsonResult<Status, Body>
  : Type extends `text/html${string}`
    ? HtmlResult<Status>
    : BinaryResult<Status>;

/** The errors that any operation may answer, from the table of common errors. */
export type CommonErrorResult<Common> = {
  [Status in keyof Common & number]: Common[Status] extends readonly (infer Errcode)[]
    ? JsonResult<Status, { readonly errcode: Errcode; readonly error: string }>
    : never;
}[keyof Common & number];
