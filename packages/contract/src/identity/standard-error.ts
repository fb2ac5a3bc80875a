import type { Exchange } from "../exchange.ts";
import { stringMember } from "../json.ts";

/** Whether an answer is an error of this status with one of these codes. */
export function isError(answer: Exchange, status: number, ...errcodes: readonly string[]): boolean {
  return answer.status === status && errcodes.includes(stringMember(answer.json, "errcode") ?? "");
}

/** Whether an answer is an error as the API has them: a 4xx or 5xx with `errcode` and `error`. */
export function isStandardError({ status, json }: Exchange): boolean {
  return status >= 400 && stringMember(json, "errcode") !== undefined && stringMember(json, "error") !== undefined;
}
