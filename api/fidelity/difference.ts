export const subjects = ["client-server", "identity", "events", "errcodes", "uia"] as const;

/** The part of the facts that a difference is about, and the heading of its exceptions. */
export type Subject = (typeof subjects)[number];

export type Kind =
  | "missing"
  | "extra"
  | "value"
  | "type"
  | "required"
  | "enum"
  | "format"
  | "bounds"
  | "default"
  | "version"
  | "undescribed"
  | "unreadable";

/** One thing on which the description and the facts do not agree. */
export interface Difference {
  readonly api: Subject;
  /** An operationId of ours, an event type, an errcode. */
  readonly where: string;
  readonly at: string;
  readonly kind: Kind;
  readonly upstream: string;
  readonly ours: string;
}

/** What a comparison has found before it is known whose place it stands at. */
export type Finding = Omit<Difference, "api" | "where">;

/** A difference as one line, whose first words are what an exception has to repeat. */
export function printDifference({ api, where, at, kind, upstream, ours }: Difference): string {
  if (kind === "undescribed") return `${api}  ${where}  not described (${upstream})`;
  return `${api}  ${where}  ${at}  ${kind}: upstream ${upstream}, ours ${ours}`;
}
