import type { JsonValue, UiaSession } from "@matrix-openapi/server";
import type { Html } from "../../../html.ts";

/** What a form has sent, by field name; the last value counts. */
export type Fields = Readonly<Record<string, string>>;

/** What a stage shows, inside of the form that posts it back. */
interface StageForm {
  readonly content: Html;
  /** Further sources by CSP directive. */
  readonly allow?: Readonly<Record<string, string>>;
}

export interface StageState {
  readonly session: UiaSession;
  /** What the challenge tells clients about this stage. */
  readonly params: { readonly [key: string]: JsonValue };
  readonly fields: Fields;
  readonly remoteAddress: string | undefined;
}

/** Where a submitted form leads: an attempt at the stage with that `auth`, or the form again. */
export type Submission =
  | { readonly attempt: Readonly<Record<string, unknown>> }
  | { readonly fields: Fields; readonly problem?: string };

/** The browser's side of one stage, for clients that do not know it; it works without scripts wherever it can. */
export interface FallbackStage {
  readonly title: string;
  form(state: StageState): StageForm;
  submit(state: StageState): Submission | Promise<Submission>;
}

/** Whether a session offers a stage now; `later`, where other stages of its flows come before it. */
export function offerOf({ flows, completed }: UiaSession, type: string): "now" | "later" | "completed" | "none" {
  if (completed.some((stage) => stage.type === type)) return "completed";
  const fitting = flows.filter(({ stages }) => completed.every((stage, i) => stage.type === stages[i]));
  if (fitting.some(({ stages }) => stages[completed.length] === type)) return "now";
  return flows.some(({ stages }) => stages.includes(type)) ? "later" : "none";
}
