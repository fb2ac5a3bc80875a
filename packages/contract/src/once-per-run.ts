import type { Context } from "./context.ts";

/** Makes a step that several rules begin with happen once in a run; where it failed, it fails for all of them. */
export function oncePerRun<T>(step: (context: Context) => Promise<T>): (context: Context) => Promise<T> {
  const taken = new WeakMap<Context, Promise<T>>();
  return (context) => {
    const known = taken.get(context) ?? step(context);
    taken.set(context, known);
    return known;
  };
}
