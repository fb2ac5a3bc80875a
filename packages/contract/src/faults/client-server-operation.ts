// Faults of one operation of the homeserver, in the few forms that they take.

import type { OperationId } from "../client-server/operations.ts";
import { operationOf } from "../client-server/operations.ts";
import type { Change, Fault, SeenRequest, SeenResponse } from "./fault.ts";
import { answerInstead, rewriteRequest, rewriteResponse } from "./fault.ts";

export function asksFor({ method, path }: SeenRequest, operation: OperationId): boolean {
  return operationOf(method, path) === operation;
}

/** Its successful answers are changed. */
export function answers(
  rule: string,
  name: string,
  operation: OperationId,
  change: (response: SeenResponse, request: SeenRequest) => Change | null,
): Fault {
  return {
    rule,
    name,
    wrap: rewriteResponse((request, response) =>
      asksFor(request, operation) && response.status === 200 ? change(response, request) : null,
    ),
  };
}

/** A text in its answers is another; of every operation's where none is named. */
export function says(rule: string, name: string, operation: OperationId | null, from: string, to: string): Fault {
  return {
    rule,
    name,
    wrap: rewriteResponse((request, { text }) =>
      (operation === null || asksFor(request, operation)) && text.includes(from)
        ? { body: text.replaceAll(from, to) }
        : null,
    ),
  };
}

/** What a right server refuses with this status is allowed. */
export function allows(rule: string, name: string, operation: OperationId, status: number, body: object = {}): Fault {
  return {
    rule,
    name,
    wrap: rewriteResponse((request, response) =>
      asksFor(request, operation) && response.status === status ? { status: 200, body } : null,
    ),
  };
}

/** It answers as if it had been done, and nothing is done. */
export function ignores(
  rule: string,
  name: string,
  operation: OperationId,
  body: object = {},
  when: (request: SeenRequest) => boolean = () => true,
): Fault {
  return {
    rule,
    name,
    wrap: answerInstead((request) => (asksFor(request, operation) && when(request) ? { status: 200, body } : null)),
  };
}

/** A member of the request is not looked at. */
export function overlooks(rule: string, name: string, operation: OperationId, key: string): Fault {
  return {
    rule,
    name,
    wrap: rewriteRequest((request) => {
      if (!asksFor(request, operation) || !(key in request.json)) return null;
      const { [key]: _overlooked, ...json } = request.json;
      return { json };
    }),
  };
}

/** A parameter of the query is changed, or not looked at where it becomes null. */
export function asksWith(
  rule: string,
  name: string,
  operation: OperationId,
  parameter: string,
  change: (value: string) => string | null,
): Fault {
  return {
    rule,
    name,
    wrap: rewriteRequest((request) => {
      const query = new URLSearchParams(request.url.searchParams);
      const value = query.get(parameter);
      if (!asksFor(request, operation) || value === null) return null;
      const changed = change(value);
      if (changed === null) query.delete(parameter);
      else query.set(parameter, changed);
      return { path: `${request.path}?${query.toString()}` };
    }),
  };
}

/** Whoever asks is answered as the user who has made the last room. */
export function answersAsOwner(rule: string, name: string, operation: OperationId): Fault {
  return {
    rule,
    name,
    wrap: (next) => {
      let owner: string | null = null;
      return rewriteRequest((request) => {
        if (asksFor(request, "createRoom")) owner = request.headers.get("authorization");
        return asksFor(request, operation) ? { headers: { authorization: owner } } : null;
      })(next);
    },
  };
}

/** A list in its answers lacks its first entry. */
export function omitsFirst(rule: string, name: string, operation: OperationId, list: string): Fault {
  return answers(rule, name, operation, ({ json }) => {
    const entries = json[list];
    return Array.isArray(entries) ? { body: { ...json, [list]: entries.slice(1) } } : null;
  });
}

export function reverses(rule: string, name: string, operation: OperationId, list: string, when = ""): Fault {
  return answers(rule, name, operation, ({ json }, { url }) => {
    const entries = json[list];
    return Array.isArray(entries) && url.search.includes(when)
      ? { body: { ...json, [list]: entries.toReversed() } }
      : null;
  });
}
