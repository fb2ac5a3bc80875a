import type { ExpressionBuilder, ExpressionWrapper, FilterObject, SqlBool } from "kysely";

/** For `where`: each of these columns has this value. Kysely's own filter objects, without a callback around each. */
export function equal<const Columns extends object>(columns: Columns) {
  return <DB, TB extends keyof DB>(
    is: ExpressionBuilder<DB, TB> & Fits<DB, TB, Columns>,
  ): ExpressionWrapper<DB, TB, SqlBool> => is.and(columns as FilterObject<DB, TB>); // which Fits has checked
}

/** A sentence for the compiler's message where they do not. */
type Fits<DB, TB extends keyof DB, Columns> = keyof Columns extends keyof FilterObject<DB, TB>
  ? Columns extends FilterObject<DB, TB>
    ? unknown
    : "a value is not of its column's type"
  : "there is no column of this name";
