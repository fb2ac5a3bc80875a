import type { InvalidParameter } from "./invalid-parameter.ts";
import type { NetworkError } from "./network-error.ts";
import type { UnreadableBody } from "./unreadable-body.ts";

/**
 * How a call ended: `ok` says whether it succeeded, then `status` says which of the operation's answers it is, and
 * `error.errcode` which of that status's errors. What is no answer of the operation has `status` 0 or a redirect's.
 */
export type Result<Responses, Common, As extends ParseAs = never> =
  | Described<Responses, Common, As>
  | UndescribedFailure<Responses, Common>
  | Unanswered;

/** How to read a body that is not JSON. A stream is not read at all. */
export type ParseAs = keyof ParsedAs;

interface ParsedAs {
  text: string;
  blob: Blob;
  arrayBuffer: ArrayBuffer;
  stream: ReadableStream<Uint8Array> | null;
}

// One pass over the answers. A failure is a `Failure`, written out so that the compiler works out an error only where one
// is looked at.
type Described<Responses, Common, As extends ParseAs> = {
  [Status in keyof Responses]: Status extends SuccessStatus
    ? {
        readonly ok: true;
        readonly status: Status;
        readonly data: [As] extends [never] ? JsonBody<Responses[Status]> : ParsedAs[As];
        readonly error?: undefined;
        readonly response: Response;
      }
    : Status extends DescribableStatus
      ? {
          readonly ok: false;
          readonly kind: "error";
          readonly status: Status;
          readonly error: ErrorAt<Status, Responses[Status], Common>;
          readonly data?: undefined;
          readonly response: Response;
        }
      : never;
}[keyof Responses];

interface UndescribedFailure<Responses, Common> {
  readonly ok: false;
  readonly kind: "error";
  readonly status: Exclude<DescribableStatus, keyof Responses> | OtherFailureStatus;
  readonly error: CommonError<Common>;
  readonly data?: undefined;
  readonly response: Response;
}

// What is described here, and what any operation may answer at this status.
type ErrorAt<Status, Answer, Common> = [JsonBody<Answer>] extends [never]
  ? CommonError<Common>
  : JsonBody<Answer> | (Status extends keyof Common ? Common[Status] : never);

/** An error that the server answered with. */
export interface Failure<Status extends number, Body> {
  readonly ok: false;
  readonly kind: "error";
  readonly status: Status;
  readonly error: Body;
  readonly data?: undefined;
  readonly response: Response;
}

/** An error at a status the operation's description does not list. Codes of any kind occur there. */
export interface CommonError<Common> {
  readonly errcode: (Common[keyof Common] & { errcode: string })["errcode"] | (string & {});
  readonly error: string;
  readonly retry_after_ms?: number;
}

/** The call has no answer that the operation describes as data or error. */
export type Unanswered = Redirect | Unreachable | Unreadable | Unsendable;

/**
 * The server answered with a redirect, and it was not followed: it is meant for a browser, or leads to another server.
 * Pass `redirect: "follow"` to follow. In browsers a redirect cannot be looked into; `status` is then 0, `location` null.
 */
export interface Redirect extends NoError {
  readonly kind: "redirect";
  readonly status: RedirectStatus | 0;
  readonly location: string | null;
  readonly response: Response;
}

/** No answer came. */
export interface Unreachable extends NoError {
  readonly kind: "network";
  readonly status: 0;
  readonly cause: NetworkError;
}

/** An answer came, with a body that cannot be read; `cause` has the status and text. */
export interface Unreadable extends NoError {
  readonly kind: "unreadable";
  readonly status: 0;
  readonly cause: UnreadableBody;
  readonly response: Response;
}

/** Nothing was sent, because a parameter cannot be. */
export interface Unsendable extends NoError {
  readonly kind: "invalid-parameter";
  readonly status: 0;
  readonly cause: InvalidParameter;
}

// Lets `{ data, error }` be taken apart from any result.
interface NoError {
  readonly ok: false;
  readonly data?: undefined;
  readonly error?: undefined;
}

/**
 * The bodies of the errors that any operation may answer, by status, from the table of common errors and the schemas
 * that describe them.
 */
export type CommonErrorBodies<Table, Schemas> = {
  [Status in keyof Table]: Table[Status] extends readonly (infer Code extends string)[]
    ? CommonErrorBody<Code, Schemas>
    : never;
};

type CommonErrorBody<Code extends string, Schemas> = Code extends keyof Schemas
  ? Schemas[Code]
  : { errcode: Code; error: string };

/** The JSON body of a response; a body of another type is never parsed into `data` or `error`. */
export type JsonBody<Response> = Response extends { content: { "application/json": infer Body } } ? Body : never;

export type SuccessStatus = 200 | 201 | 202 | 203 | 204 | 205 | 206;

export type RedirectStatus = 300 | 301 | 302 | 303 | 304 | 305 | 306 | 307 | 308;

/** The statuses of errors that descriptions list. Kept short, since the compiler goes through it for each operation. */
export type DescribableStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 429 | 500 | 501 | 502 | 504;

// What servers, and the proxies that stand before many of them, answer with undescribed.
type OtherFailureStatus =
  | (402 | 406 | 407 | 408 | 410 | 411 | 412 | 414 | 415 | 416 | 417 | 418 | 421 | 422 | 423 | 424 | 425 | 426 | 428)
  | (431 | 451 | 499 | 503 | 505 | 506 | 507 | 508 | 510 | 511 | 520 | 521 | 522 | 523 | 524 | 525 | 526 | 530);
