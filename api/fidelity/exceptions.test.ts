import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Difference } from "./difference.ts";
import { checkExceptions, type Exception, type Exceptions, readExceptions } from "./exceptions.ts";

const words = { upstream: "one thing", ours: "another", why: "Because." };
const difference: Difference = {
  api: "identity",
  where: "bind",
  at: "responses.400.M_X",
  kind: "extra",
  upstream: "",
  ours: "",
};
const exact: Exception = { where: "bind", at: "responses.400.M_X", kind: "extra", ...words };

test.each<[name: string, change: Partial<Exception>]>([
  ["the same words", {}],
  ["a list of operations", { where: ["bind", "bi*"] }],
  ["a glob over a place", { at: "responses.*" }],
])("%s explain a difference", (_, change) => {
  expect(checkExceptions([difference], listing({ ...exact, ...change }))).toEqual({ unexplained: [], unused: [] });
});

test.each<[name: string, change: Partial<Exception>]>([
  ["another operation", { where: "unbind" }],
  ["the beginning of its name", { where: "bin" }],
  ["another place", { at: "responses.400.M_Y" }],
  ["a dot that is none", { at: "responses_400_M_X" }],
  ["another kind", { kind: "missing" }],
])("%s does not, and is reported as unused", (_, change) => {
  const { unexplained, unused } = checkExceptions([difference], listing({ ...exact, ...change }));
  expect(unexplained).toEqual([difference]);
  expect(unused).toEqual([expect.stringContaining("matches no difference")]);
});

test("each name, place and kind of an exception has to be of use", () => {
  const { unused } = checkExceptions(
    [difference],
    listing({ ...exact, where: ["bind", "lookup"], kind: ["extra", "missing"] }),
  );
  expect(unused).toEqual([
    "identity: where lookup of the exception for bind, lookup at responses.400.M_X matches no difference",
    "identity: kind missing of the exception for bind, lookup at responses.400.M_X matches no difference",
  ]);
});

test("an exception of one part explains nothing in another", () => {
  const exceptions = { ...listing(), "client-server": [exact] };
  expect(checkExceptions([difference], exceptions).unexplained).toEqual([difference]);
});

test("a list that cannot be matched is refused, with all that is wrong in it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "exceptions-"));
  const file = join(folder, "exceptions.yaml");
  try {
    await writeFile(
      file,
      `identity:
  - { where: bind, at: auth, kind: value, upstream: one, ours: another }
  - { where: bind, at: auth, kinds: value, upstream: one, ours: another, why: Because. }
  - { where: "*", at: "*", kind: extra, upstream: one, ours: another, why: Because. }
identty: []
`,
    );
    expect(() => readExceptions(file)).toThrow(
      `"identty" is none of client-server, identity, events, errcodes, uia
identity: the exception for bind at auth has no why
identity: the exception for bind at auth has no kind
identity: the exception for bind at auth has the unknown key kinds
identity: the exception for * at * hides everything; name the places`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

function listing(...identity: Exception[]): Exceptions {
  return { "client-server": [], identity, events: [], errcodes: [], uia: [] };
}
