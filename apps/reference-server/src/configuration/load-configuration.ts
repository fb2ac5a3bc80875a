import { isObject } from "../json.ts";
import { AllowListError, createAddressGuard } from "../outbound/address-guard.ts";
import type { Configuration, ConfigurationInput, RateLimits } from "./configuration.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { defaultConfiguration } from "./defaults.ts";
import { readJsonFile } from "./json-file.ts";
import { normalizeUrls } from "./normalize-urls.ts";
import { findClashes, readRegistrations } from "./registrations.ts";

/** Fills what is not given from the defaults, after checking it against the schema and its own sense. */
export async function resolveConfiguration(input: ConfigurationInput): Promise<Configuration> {
  await checkForm(input, whole);
  const applicationServices = await readRegistrations(input.applicationServices ?? []);
  const rateLimits = input.rateLimits === false ? noRateLimits : input.rateLimits;
  const merged = merge(defaultConfiguration, { ...input, applicationServices, rateLimits }) as Configuration; // it has been checked
  const { configuration, problems } = normalizeUrls(merged);
  refuse(
    [
      ...problems,
      ...findContradictions(configuration),
      ...findClashes(configuration.applicationServices),
      ...(await findUnknownOperations(configuration)),
      ...(await findProblemsOfFaults(configuration)),
    ],
    whole,
  );
  return configuration;
}

async function findProblemsOfFaults({ faults }: Configuration): Promise<string[]> {
  if (faults.length === 0) return [];
  const { findFaultProblems } = await import("../testing/faults/fault-problems.ts"); // loaded by those only who use it
  return findFaultProblems(faults);
}

async function findUnknownOperations({ rateLimits }: Configuration): Promise<string[]> {
  const names = Object.keys(rateLimits.operations).filter((name) => name !== "*");
  if (names.length === 0) return [];
  const { operations } = await import("@matrix-openapi/definitions/client-server/operations"); // the same
  return names
    .filter((name) => !Object.hasOwn(operations, name))
    .map((name) => `rateLimits.operations.${name} is no operation; expected an operationId such as joinRoom, or *`);
}

const noRateLimits: RateLimits = {
  login: false,
  registration: false,
  userInteractiveAuth: false,
  requestToken: false,
  operations: {},
};

const isText = (value: unknown) => typeof value === "string" && value !== "";
const isPort = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535;

/** What flags and most tests set is looked at without Ajv, which speaks only where one of these has failed. */
const quickChecks: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["host", isText],
  ["port", isPort],
  ["identityPort", isPort],
  ["inboxPort", isPort],
  ["database", isText],
  ["passwordHashing", (value: unknown) => value === "production" || value === "test"],
]);

/** Reads a JSON file into what `resolveConfiguration` takes; a mistake in its form names the file. */
export async function readConfigurationFile(path: string): Promise<ConfigurationInput> {
  const input = await readJsonFile(path);
  await checkForm(input, path);
  return input;
}

const whole = "the configuration";

async function checkForm(input: ConfigurationInput, source: string): Promise<void> {
  if (Object.entries(input).every(([name, value]) => value === undefined || quickChecks.get(name)?.(value) === true))
    return;
  const { findProblems } = await import("./check-configuration.ts"); // Ajv takes longer to load than all the rest
  refuse(findProblems(input), source);
}

function refuse(problems: readonly string[], source: string): void {
  if (problems.length > 0) throw new ConfigurationError([`${source}:`, ...problems].join("\n  "));
}

/** Objects that have defaults inside are filled; arrays, maps and everything else replace the default. */
function merge(fallback: unknown, given: unknown): unknown {
  if (given === undefined) return fallback;
  if (!isObject(fallback) || !isObject(given) || Object.keys(fallback).length === 0) return given;
  const names = new Set([...Object.keys(fallback), ...Object.keys(given)]);
  return Object.fromEntries([...names].map((name) => [name, merge(fallback[name], given[name])]));
}

function findContradictions({ registration, recaptcha, terms, outbound }: Configuration): string[] {
  const { flows } = registration;
  const problems: string[] = [];
  const uses = (stage: string) => flows.some((flow) => flow.some((name) => name === stage));
  flows.forEach((flow, i) => {
    const longer = flows.findIndex((other, j) => i !== j && flow.every((stage, k) => other[k] === stage));
    if (longer !== -1) {
      problems.push(
        `registration.flows[${longer}] begins with all of registration.flows[${i}]; expected no flow that begins with another one`,
      );
    }
  });
  registration.tokens.forEach(({ token }, i) => {
    const first = registration.tokens.findIndex((other) => other.token === token);
    if (first < i) {
      problems.push(
        `registration.tokens[${i}].token is that of registration.tokens[${first}] again; expected each token once`,
      );
    }
  });
  if (uses("m.login.recaptcha") && (recaptcha.siteKey === null || recaptcha.secret === null)) {
    problems.push(
      "recaptcha.siteKey or recaptcha.secret is missing; expected both, because a flow has m.login.recaptcha",
    );
  }
  if (uses("m.login.terms") && Object.keys(terms).length === 0) {
    problems.push("terms is empty; expected at least one policy, because a flow has m.login.terms");
  }
  try {
    createAddressGuard(outbound.allowPrivateAddresses);
  } catch (error) {
    if (!(error instanceof AllowListError)) throw error;
    problems.push(`outbound.allowPrivateAddresses: ${error.message}`);
  }
  return problems;
}
