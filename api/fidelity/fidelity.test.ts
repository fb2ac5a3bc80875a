import { join } from "node:path";
import { expect, test } from "vitest";
import { type Difference, printDifference, subjects } from "./difference.ts";
import { checkExceptions, readExceptions } from "./exceptions.ts";
import { compareDescription } from "./fidelity.ts";

const { compared, differences } = compareDescription();
const checked = checkExceptions(differences, readExceptions(join(import.meta.dirname, "..", "exceptions.yaml")));

test("every operation and event of the facts is compared", () => {
  // 164 endpoints, 2 pages and 23 identity operations, 72 event types, and what is compared whole.
  expect(compared).toBeGreaterThanOrEqual(164 + 2 + 23 + 72);
});

test.each(subjects)("%s: what differs from Matrix is listed in exceptions.yaml with its reason", (subject) => {
  const ofSubject = ({ api }: Difference) => api === subject;
  expect(checked.unexplained.filter(ofSubject).map(printDifference)).toEqual([]);
});

test("every exception explains a difference that is there", () => {
  expect(checked.unused).toEqual([]);
});
