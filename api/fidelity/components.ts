import { globSync } from "node:fs";
import { basename } from "node:path";
import type { Schema } from "./schema.ts";
import type { Source } from "./source.ts";

/** The named schemas of the description, which are named as their files are. */
export interface Components {
  /** Undefined if there is no schema of that name. */
  readonly find: (name: string) => Schema | undefined;
}

export function findComponents(root: string): Components {
  const files = globSync(["{client-server,identity}/schemas/*.yaml", "{shared,events}/**/*.yaml"], { cwd: root });
  const byName = new Map(files.map((file) => [basename(file, ".yaml"), file]));
  return {
    find: (name) => {
      const file = byName.get(name);
      return file === undefined ? undefined : { $ref: `${root}/${file}` };
    },
  };
}

/** The content schemas of events: those that say which type they are of. */
export function eventSchemas(root: string, source: Source): Map<string, EventSchema> {
  const files = globSync("events/{state,message,ephemeral,presence,account-data,room-account-data,to-device}/*.yaml", {
    cwd: root,
  });
  return new Map(
    files.toSorted().map((file) => {
      const schema: Schema = { $ref: `${root}/${file}` };
      // A file that cannot be read is reported under its name.
      const type = attempt(() => source.read<EventSchema>(file)["x-matrix-event-type"]) ?? basename(file, ".yaml");
      return [type, schema];
    }),
  );
}

export interface EventSchema extends Schema {
  readonly "x-matrix-event-type"?: string;
  readonly "x-matrix-event-kind"?: string | readonly string[];
  readonly "x-matrix-state-key"?: string;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
