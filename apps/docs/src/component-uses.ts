import { formatHref, standalone } from "./formats.ts";
import { reachable } from "./reachable.ts";
import type { Reference } from "./reference.ts";

/** A page on which a component is shown. */
export interface ComponentUse {
  readonly title: string;
  readonly href: string;
}

/** By component name: the operations, events and formats that contain it, however deep. */
export function componentUses({
  apis,
  events,
}: Pick<Reference, "apis" | "events">): ReadonlyMap<string, ComponentUse[]> {
  const uses = new Map<string, ComponentUse[]>();
  const add = (names: ReadonlySet<string>, use: ComponentUse) => {
    for (const name of names) uses.set(name, [...(uses.get(name) ?? []), use]);
  };
  for (const { document, operations } of apis) {
    for (const { operation, descriptor, href } of operations) {
      const item = document.paths[descriptor.path];
      const names = reachable(document, [item?.parameters, operation]);
      add(names, { title: operation.summary, href });
    }
  }
  for (const { type, name, href } of events.events) {
    const names = reachable(events.document, { $ref: `#/components/schemas/${name}` });
    add(names, { title: type, href });
  }
  for (const { name, document } of standalone({ apis, events })) {
    const names = reachable(document, { $ref: `#/components/schemas/${name}` });
    add(names, { title: name, href: formatHref(name) });
  }
  return uses;
}
