import { dirname, relative, sep } from "node:path";

/** @import { Rule } from "../redocly.ts" */

/** What each folder of this package may reference: ARCHITECTURE.md, "One direction". */
const allowed = new Map([
  ["client-server", ["client-server", "shared", "events"]],
  ["identity", ["identity", "shared", "events"]],
  ["events", ["events", "shared"]],
  ["shared", ["shared"]],
]);

/**
 * The two APIs never reference each other, so that either can be read, bundled and generated alone.
 * @type {Rule}
 */
export const refsStayHome = () => {
  let home = "";
  return {
    Root(_root, { location }) {
      home = dirname(dirname(location.source.absoluteRef));
    },
    ref(reference, context, { location }) {
      const from = context.location.source.absoluteRef;
      if (!location || location.source.absoluteRef === from) return;
      const here = relative(home, from).split(sep)[0] ?? "";
      const there = relative(home, location.source.absoluteRef).split(sep)[0] ?? "";
      const reachable = allowed.get(here) ?? [];
      if (reachable.includes(there)) return;
      context.report({
        message:
          `A file in ${here} references ${reference.$ref} in ${there}; expected a file in ${reachable.join(", ") || "nothing"}. ` +
          "Move what both need to shared.",
      });
    },
  };
};
