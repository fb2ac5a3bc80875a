import type { Problem } from "./generation-error.ts";

/** How the error begins that stands for a refused download. */
export const remoteReference = "remote reference";

/** What a problem says that `explainReferences` can say more about. */
export const leadsToNothing = "this $ref leads to nothing.";
export const circularPointer = "Self-referencing circular pointer.";

/** Reads what `redocly bundle` prints about bad input back into problems with their place. */
export function redoclyProblems(output: string): Problem[] {
  const listed = [
    ...output.matchAll(/^\[\d+\] (?<file>.+?):(?<line>\d+):(?<column>\d+)(?: .*)?\n\n(?<message>.+)$/gm),
  ].map(({ groups: { file = "", line = "", column = "", message = "" } = {} }) => ({
    place: { file, line: Number(line), column: Number(column) },
    message,
  }));
  // A file that cannot be parsed is reported again with each reference to it, and again at the reference.
  const found = listed
    .filter(({ message }) => !/^Can't resolve \$ref: .* in ".*" \(\d+:\d+\)$/.test(message))
    .map(({ message, place }) => problem(message, place));
  if (found.length > 0) return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
  const unparsed = /- (?<message>.+) in "(?<file>.+)" \((?<line>\d+):(?<column>\d+)\)/.exec(output)?.groups;
  if (unparsed !== undefined) {
    const { message = "", file = "", line, column } = unparsed;
    return [problem(`Failed to parse: ${message}`, { file, line: Number(line), column: Number(column) })];
  }
  const whole = / (?:at|processing) (?<file>\S.*):\n\n\s+- (?<message>.+)/.exec(output)?.groups;
  if (whole !== undefined) {
    const { file = "", message = "" } = whole;
    if (message === "Invalid string length") {
      return [{ file, message: "becomes too long a document.", hint: "Look for YAML aliases that multiply." }];
    }
    return [{ file, message: `${message}.`, hint: "Correct this file, or one it refers to." }];
  }
  const told = output.replace(/^bundling .* using configuration for api .*\n/gm, "").trim();
  return [{ message: told, hint: "Run `npx redocly lint` on the description to see what is wrong with it." }];
}

function problem(message: string, place: Pick<Problem, "file" | "line" | "column">): Problem {
  const remote = message.split(`Can't resolve $ref: ${remoteReference} `)[1];
  if (remote !== undefined) {
    return {
      ...place,
      message: `this $ref points at ${remote}, and nothing is downloaded.`,
      hint: "Keep a copy beside the description, and refer to that.",
    };
  }
  if (message.startsWith("Can't resolve $ref")) {
    const reason = message.slice("Can't resolve $ref: ".length);
    const missing = /directory '(?<path>.+)'$/.exec(message)?.groups?.["path"];
    return {
      ...place,
      message:
        missing === undefined
          ? reason === ""
            ? leadsToNothing
            : `this $ref leads to nothing (${reason}).`
          : `this $ref points at ${missing}, which does not exist.`,
      hint: missing === undefined ? "Correct the $ref." : "Create that file, or correct the $ref.",
    };
  }
  if (message.includes("same name but different content")) {
    const name = /Renamed (?<name>.+) to /.exec(message)?.groups?.["name"] ?? "one";
    return {
      ...place,
      message: `two different files both want to be the component "${name}".`,
      hint: "A component is named after its file: rename one of them.",
    };
  }
  return { ...place, message, hint: "Correct the file at this place." };
}
