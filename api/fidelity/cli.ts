import { join } from "node:path";
import { parseArgs } from "node:util";
import { printDifference, subjects } from "./difference.ts";
import { checkExceptions, readExceptions } from "./exceptions.ts";
import { compareDescription } from "./fidelity.ts";

const usage = `npm run fidelity -- [--api ${subjects.join("|")}] [--operation ID | --event TYPE | --tag TAG] [--json]

Prints where the description differs from api/facts and api/exceptions.yaml does not say why.
`;

const asked = readArguments();

if (asked === undefined) {
  process.exitCode = 2;
} else if (asked.help) {
  process.stdout.write(usage);
} else {
  const { json, api, operation, event, tag } = asked;
  const { compared, differences } = compareDescription({ api, operation, event, tag });
  const exceptions = readExceptions(join(import.meta.dirname, "..", "exceptions.yaml"));
  const { unexplained, unused } = checkExceptions(differences, exceptions);
  const whole = [api, operation, event, tag].every((part) => part === undefined);
  const lines = [...unexplained.map(printDifference), ...(whole ? unused : [])];
  if (compared === 0)
    process.stderr.write(`The facts know no ${operation ?? event ?? tag}; names are written as ours are.\n`);
  else if (json) process.stdout.write(`${JSON.stringify(unexplained, undefined, 2)}\n`);
  else process.stdout.write(lines.length > 0 ? `${lines.join("\n")}\n` : "No difference is left unexplained.\n");
  process.exitCode = compared === 0 ? 2 : lines.length > 0 ? 1 : 0;
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        api: { type: "string" },
        operation: { type: "string" },
        event: { type: "string" },
        tag: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const api = subjects.find((subject) => subject === values.api);
    if (values.api !== undefined && api === undefined)
      return refuse(`"${values.api}" is none of ${subjects.join(", ")}`);
    if ([values.operation, values.event, values.tag].filter((part) => part !== undefined).length > 1) {
      return refuse("--operation, --event and --tag exclude each other");
    }
    return { ...values, api };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(reason: string): undefined {
  process.stderr.write(`fidelity: ${reason}\n\n${usage}`);
}
