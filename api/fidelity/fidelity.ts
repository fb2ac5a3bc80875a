import { join } from "node:path";
import { compareCallerParameters, compareSecuritySchemes } from "./compare-access.ts";
import { compareApi, type Comparison } from "./compare-api.ts";
import { compareDefinitions, compareRelations } from "./compare-definitions.ts";
import { compareErrcodes } from "./compare-errcodes.ts";
import { compareEvents } from "./compare-events.ts";
import { compareUia } from "./compare-uia.ts";
import { findComponents } from "./components.ts";
import type { Difference, Subject } from "./difference.ts";
import type { OperationFacts } from "./facts.ts";
import { openSource, UnreadableError } from "./source.ts";

/** Which part of the description to compare; everything if nothing is asked for. */
export interface Selection {
  readonly api?: Subject | undefined;
  readonly operation?: string | undefined;
  readonly event?: string | undefined;
  readonly tag?: string | undefined;
}

/** Every difference between the description and the facts, explained or not. */
export function compareDescription(selection: Selection = {}, root = join(import.meta.dirname, "..")): Comparison {
  const { api, operation, event, tag } = selection;
  const source = openSource(root);
  const { follow } = source;
  const components = findComponents(root);
  const parts: Comparison[] = [];

  for (const name of ["client-server", "identity"] as const) {
    if ((api ?? name) === name && event === undefined) parts.push(compareApi(source, name, isWanted));
  }
  if ((api ?? "events") === "events" && operation === undefined && tag === undefined) {
    parts.push(compareEvents(source, root, components, (type) => (event ?? type) === type));
  }
  if (operation === undefined && event === undefined && tag === undefined) {
    const wholes: [Subject, () => Difference[]][] = [
      ["client-server", () => compareSecuritySchemes(source, "client-server")],
      ["client-server", () => compareCallerParameters(source)],
      ["client-server", () => compareDefinitions("client-server", components, follow)],
      ["identity", () => compareSecuritySchemes(source, "identity")],
      ["events", () => compareDefinitions("events", components, follow)],
      ["events", () => compareRelations(components, follow)],
      ["errcodes", () => compareErrcodes(source, root)],
      ["uia", () => compareUia(components, follow)],
    ];
    for (const [subject, compare] of wholes) {
      if ((api ?? subject) === subject) parts.push({ compared: 1, differences: readable(subject, compare) });
    }
  }
  return {
    compared: parts.reduce((sum, { compared }) => sum + compared, 0),
    differences: parts.flatMap(({ differences }) => differences),
  };

  function isWanted({ operationId, tags = [] }: OperationFacts): boolean {
    return (operation === undefined || operationId === operation) && (tag === undefined || tags.includes(tag));
  }
}

function readable(api: Subject, compare: () => Difference[]): Difference[] {
  try {
    return compare();
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return [{ api, where: "*", at: "", kind: "unreadable", upstream: "what all have in common", ours: error.message }];
  }
}
