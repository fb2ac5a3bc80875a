import { readFile } from "node:fs/promises";
import type { ApplicationServiceRegistration } from "./application-service-registration.ts";
import { ConfigurationError } from "./configuration-error.ts";

/** Registrations of application services, those from files read: https://spec.matrix.org/v1.19/application-service-api/#registration */
export async function readRegistrations(
  given: readonly (string | ApplicationServiceRegistration)[],
): Promise<ApplicationServiceRegistration[]> {
  return Promise.all(given.map((one) => (typeof one === "string" ? readRegistration(one) : one)));
}

/** JSON is YAML, too. */
async function readRegistration(path: string): Promise<ApplicationServiceRegistration> {
  const { parse } = await import("yaml"); // loaded by those only who use it
  const { findProblems } = await import("./check-configuration.ts");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new ConfigurationError(`the registration ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  let registration: unknown;
  try {
    registration = parse(text, { logLevel: "error" });
  } catch (error) {
    // What comes after a colon are the file's own words, where secrets can be.
    throw new ConfigurationError(`the registration ${path} is no YAML: ${messageOf(error).split(":", 1)[0]}`);
  }
  const problems = findProblems({ applicationServices: [registration] });
  // A text would be taken for the path of a file.
  if (typeof registration === "string") problems.push("it is a text; expected the fields of a registration");
  if (problems.length > 0) throw new ConfigurationError([`the registration ${path}:`, ...problems].join("\n  "));
  return registration as ApplicationServiceRegistration; // it has been checked
}

/** One line for each thing that only one of them may have, and for each expression that is none. */
export function findClashes(registrations: readonly ApplicationServiceRegistration[]): string[] {
  const problems: string[] = [];
  registrations.forEach(({ id, as_token: token, hs_token, sender_localpart: sender, namespaces }, i) => {
    const field = `applicationServices[${i}]`;
    const others = registrations.slice(0, i);
    if (others.some((other) => other.id === id)) problems.push(`${field}.id is ${id} again; expected each once`);
    if (others.some((other) => other.as_token === token)) {
      problems.push(`${field}.as_token is that of another service; expected each once`);
    }
    if (others.some((other) => other.sender_localpart === sender)) {
      problems.push(`${field}.sender_localpart is ${sender} again; expected each once`);
    }
    if (/\s/.test(token + hs_token)) problems.push(`${field} has a token with a space in it; expected none`);
    for (const { regex } of Object.values(namespaces).flat()) {
      if (!isExpression(regex)) problems.push(`${field} has the regex ${regex}; expected a regular expression`);
    }
  });
  return problems;
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
