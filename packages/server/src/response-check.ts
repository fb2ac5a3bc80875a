import type { OperationDescriptor } from "@matrix-openapi/definitions";
import type { ApiDescription } from "./description.ts";
import type { Result } from "./results.ts";
import { describeFault } from "./validation-faults.ts";

/** An answer that its operation's description does not declare: a mistake in the server. */
export class UndeclaredAnswer extends Error {
  override readonly name = "UndeclaredAnswer";
}

/** Throws an {@link UndeclaredAnswer} unless the description declares the result. */
export async function assertDeclared(
  description: ApiDescription,
  operation: OperationDescriptor,
  result: Result,
): Promise<void> {
  const place = `${operation.operationId} answered ${result.status}`;
  const declared = operation.responses[result.status];
  if (declared === undefined || (declared.kind !== result.kind && result.kind === "json")) {
    if (isCommonError(description, result)) return;
    throw new UndeclaredAnswer(
      `${place} (${result.kind}${errcodeOf(result)}), which its description does not declare.`,
    );
  }
  if (declared.kind !== result.kind) {
    throw new UndeclaredAnswer(`${place} as ${result.kind}, where its description declares ${declared.kind}.`);
  }
  if (result.kind !== "json") return;
  const validate = (await description.responseValidators())[operation.operationId]?.[result.status];
  // What JSON leaves of the body is what the caller gets: no undefined, no Date.
  const body: unknown = JSON.parse(JSON.stringify(result.body));
  if (validate === undefined || validate(body) || isCommonError(description, result)) return;
  throw new UndeclaredAnswer(
    `${place}${errcodeOf(result)} with a wrong body. ${describeFault(validate, body, "answer").message}`,
  );
}

function isCommonError({ commonErrors }: ApiDescription, result: Result): boolean {
  const codes = commonErrors[result.status] ?? [];
  if (result.kind !== "json" || typeof result.body !== "object" || result.body === null) return false;
  const { errcode, error } = result.body as { errcode?: unknown; error?: unknown }; // only looked at, then compared
  return typeof errcode === "string" && codes.includes(errcode) && typeof error === "string";
}

function errcodeOf(result: Result): string {
  const errcode = result.kind === "json" ? (result.body as { errcode?: unknown } | null)?.errcode : undefined; // only looked at
  return typeof errcode === "string" ? `, ${errcode}` : "";
}
