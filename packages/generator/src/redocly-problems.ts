import type { Problem } from "./generation-error.ts";

/** Reads what `redocly bundle` prints about bad input back into problems with their place. */
export function redoclyProblems(output: string): Problem[] {
  const listed = [
    ...output.matchAll(/^\[\d+\] (?<file>.+?):(?<line>\d+):(?<column>\d+)(?: .*)?\n\n(?<message>.+)$/gm),
  ].map(({ groups = {} }) =>
    problem(groups["message"] ?? "", {
      file: groups["file"] ?? "",
      line: Number(groups["line"]),
      column: Number(groups["column"]),
    }),
  );
  // A file that cannot be parsed is reported again with each reference to it, and again at the reference.
  const found = listed.filter(({ message }) => !/^Can't resolve \$ref: .* in ".*" \(\d+:\d+\)$/.test(message));
  if (found.length > 0) return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
  const unparsed = /- (?<message>.+) in "(?<file>.+)" \((?<line>\d+):(?<column>\d+)\)/.exec(output)?.groups;
  if (unparsed !== undefined) {
    const { message = "", file = "", line, column } = unparsed;
    return [problem(`Failed to parse: ${message}`, { file, line: Number(line), column: Number(column) })];
  }
  return [{ message: output.trim(), hint: "Run `npx redocly lint` on the description to see what is wrong with it." }];
}

function problem(message: string, place: Pick<Problem, "file" | "line" | "column">): Problem {
  if (message.startsWith("Can't resolve $ref")) {
    const missing = /directory '(?<path>.+)'$/.exec(message)?.groups?.["path"];
    return {
      ...place,
      message: missing === undefined ? message : `this $ref points at ${missing}, which does not exist.`,
      hint: "Create that file, or correct the $ref.",
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
