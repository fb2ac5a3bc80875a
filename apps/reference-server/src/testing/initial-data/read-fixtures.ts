import { ConfigurationError } from "../../configuration/configuration-error.ts";
import { createCheck } from "../../configuration/check-configuration.ts";
import { readJsonFile } from "../../configuration/json-file.ts";
import schema from "./fixtures.schema.json" with { type: "json" };
import type { Fixtures } from "./fixtures.ts";

const findFormProblems = createCheck(schema, "the fixtures");

/** Fixtures from a file or from options, after a check of their form and of the names in them. */
export async function readFixtures(given: string | Fixtures): Promise<Fixtures> {
  const isFile = typeof given === "string";
  const value = isFile ? await readJsonFile(given) : given;
  const formProblems = findFormProblems(value);
  // Names can be looked at only where they are.
  const problems = formProblems.length > 0 ? formProblems : findUnknownUsers(value as Fixtures); // it has been checked
  if (problems.length > 0) throw new ConfigurationError([`${isFile ? given : "fixtures"}:`, ...problems].join("\n  "));
  return value as Fixtures; // it has been checked
}

function findUnknownUsers({ users = {}, rooms = {} }: Fixtures): string[] {
  const names = Object.keys(users);
  const unknown = (field: string, name: string | undefined): string[] =>
    name === undefined || names.includes(name)
      ? []
      : [`${field} is "${name}"; expected a user of the fixtures: ${names.join(", ") || "there is none"}`];
  return Object.entries(rooms).flatMap(([room, { creator, members = {}, messages = [] }]) => {
    const field = `rooms.${room}`;
    const missing = creator === undefined && names.length === 0 ? [`${field} has no creator; expected a user`] : [];
    return [
      ...missing,
      ...unknown(`${field}.creator`, creator),
      ...Object.keys(members).flatMap((name) => unknown(`a member of ${field}`, name)),
      ...messages.flatMap(({ from }, index) => unknown(`${field}.messages[${index}].from`, from)),
    ];
  });
}
