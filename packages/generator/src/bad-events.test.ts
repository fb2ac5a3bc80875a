import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { copyTiny, type TinyCopy } from "./fixtures/tiny-copy.ts";
import { generate } from "./generate.ts";
import { GenerationError, type Problem } from "./generation-error.ts";

const name = "events/state/m.device.name.yaml";
const call = "events/message/m.device.call.yaml";
const list = "events/openapi.yaml";

test.each<[fault: string, file: string, found: string, replacement: string, place: RegExp, message: string]>([
  [
    "no event type",
    name,
    "x-matrix-event-type: m.device.name\n",
    "",
    /state\/m\.device\.name\.yaml$/,
    "m.device.name has no x-matrix-event-type.",
  ],
  [
    "the type of another event",
    name,
    "event-type: m.device.name",
    "event-type: m.device.title",
    /m\.device\.name\.yaml:7$/,
    "the component m.device.name describes events of the type m.device.title.",
  ],
  [
    "the file of another event",
    list,
    "state/m.device.owner.yaml",
    "state/m.device.name.yaml",
    /events\/openapi\.yaml:11$/,
    "m.device.owner is listed with the file of m.device.name.",
  ],
  [
    "an event listed under a second name",
    list,
    "    m.device.owner:\n",
    "    m.device.title: { $ref: state/m.device.name.yaml }\n    m.device.owner:\n",
    /events\/openapi\.yaml:10$/,
    "m.device.title is listed with the file of m.device.name.",
  ],
  [
    "an event listed twice",
    list,
    "    m.device.owner:\n",
    "    m.device.name: { $ref: state/m.device.name.yaml }\n    m.device.owner:\n",
    /events\/openapi\.yaml:\d+/,
    "duplicated mapping key",
  ],
  ["no kind", name, "x-matrix-event-kind: state\n", "", /name\.yaml$/, "m.device.name has no x-matrix-event-kind."],
  [
    "an unknown kind",
    call,
    "[message, to_device]",
    "[message, todevice]",
    /m\.device\.call\.yaml:8$/,
    'm.device.call is of the kind "todevice", which there is not.',
  ],
  [
    "state without a rule for its key",
    name,
    "x-matrix-state-key: empty\n",
    "",
    /name\.yaml$/,
    "m.device.name is a state event without x-matrix-state-key.",
  ],
  [
    "an unknown rule",
    name,
    "key: empty",
    "key: none",
    /name\.yaml:9$/,
    'm.device.name has the state key "none", which is no rule.',
  ],
  [
    "a state key of what is no state",
    call,
    "x-matrix-event-kind:",
    "x-matrix-state-key: any\nx-matrix-event-kind:",
    /call\.yaml:8$/,
    "m.device.call has x-matrix-state-key, and is no state event.",
  ],
  [
    "a missing envelope",
    list,
    "    ToDeviceEvent:\n      $ref: envelopes/ToDeviceEvent.yaml\n",
    "",
    /events\/openapi\.yaml$/,
    "does not have the schema ToDeviceEvent, in which contents come.",
  ],
])("%s is reported where it stands, and nothing is written", async (_, file, found, replacement, place, message) => {
  await using copy = await copyTiny();
  await copy.edit(file, found, replacement);
  const [problem] = await problemsOf(copy, copy.events);
  expect([problem?.file, ...(problem?.line === undefined ? [] : [problem.line])].join(":")).toMatch(place);
  expect(problem?.message).toContain(message);
  expect(existsSync(copy.out)).toBe(false);
});

test("an API instead of events is reported by its path", async () => {
  await using copy = await copyTiny();
  expect(await problemsOf(copy, copy.root)).toMatchObject([
    { file: copy.root, message: expect.stringContaining("describes no event") },
  ]);
});

async function problemsOf({ out }: TinyCopy, root: string): Promise<readonly Problem[]> {
  const error = await generate({ apis: [], events: [{ name: "events", root }], out }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GenerationError)) throw new Error(`expected a GenerationError, got ${String(error)}`);
  for (const { hint } of error.problems) expect(hint).not.toBe("");
  return error.problems;
}
