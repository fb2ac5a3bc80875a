import type { Compilable, CompiledQuery } from "kysely";
import type { Database } from "./database.ts";
import { engineOf } from "./database.ts";

/**
 * A query that is built and compiled once for each database, for where most requests come by: that takes longer than
 * most queries do. `build` gets stand-ins for the values, which it hands to Kysely and does not look at; each call has
 * to give the same fields.
 */
export function compiledQuery<Given extends object, Row>(
  build: (db: Database, given: Given) => Compilable<Row>,
): (db: Database, given: Given) => Promise<readonly Row[]> {
  const compiled = new WeakMap<Database, CompiledQuery<Row>>();
  return async (db, given) => {
    let query = compiled.get(db);
    if (query === undefined) {
      query = build(db, standInsFor(given)).compile();
      compiled.set(db, query);
    }
    const valueOf = ({ field }: StandIn) => given[field as keyof Given]; // which it was made from
    const parameters = query.parameters.map((value) => (value instanceof StandIn ? valueOf(value) : value));
    const { rows } = await engineOf(db).execute<Row>({ ...query, parameters });
    return rows;
  };
}

class StandIn {
  readonly field: string;

  constructor(field: string) {
    this.field = field;
  }
}

/** Kysely takes anything for a value, so that a stand-in may be there where the types expect one. */
function standInsFor<Given extends object>(given: Given): Given {
  return Object.fromEntries(Object.keys(given).map((field) => [field, new StandIn(field)])) as Given;
}
