import { parseArgs } from "node:util";
import { readServerUrl } from "./server-url.ts";
import type { Credentials } from "./session.ts";

export const usage = `Usage: matrix-contract run URL [options]
       matrix-contract rules [--json]

Checks a Matrix homeserver, and with --identity an identity server, against the rules of the specification.
With no --only it also leads every operation to a documented success, and tells which it could not.
It registers at most three accounts and a guest on the server, with names that begin with "contract-".

run URL                  the homeserver's base URL, such as http://127.0.0.1:8008
  --identity URL         the identity server's base URL
  --account USER:PASS    use an existing account instead of registering (twice for two accounts)
  --registration-token T answers the m.login.registration_token stage
  --recaptcha-response R answers the m.login.recaptcha stage
  --administrator U:P    USER:PASSWORD of somebody who may lock and suspend accounts
  --application-service A  ID:TOKEN of an application service that the server knows
  --preview-url URL      a web page that the server can reach
  --push-gateway URL     listen at this host and port for push notifications; the server has to reach it
  --smtp-port N          take mail on this port; the server under test has to send its mail there
  --smtp-host ADDRESS    where to listen for it (default 127.0.0.1; 0.0.0.0 for a server in a container)
  --mail-domain NAME     the domain of the mail addresses used (default contract.test)
  --inbox URL            read mail and SMS from the inbox of a Matrix reference server
  --only ID,…            check these rules only
  --skip ID=REASON,…     leave rules out; the report shows the reason
  --timeout SECONDS      for one request, or one message to arrive (default 30)
  --keep-accounts        do not deactivate at the end the accounts that were registered
  --json                 print the whole report as JSON
rules                    list every rule with its level and its place in the specification; --json as data
--help                   print this
--version                print the version

Exit codes: 0 no violations; 1 violations, or a step that the server answered wrongly; 2 wrong usage, or a defect of this tool; 3 no such server at the URL.
`;

export interface RunCommand {
  readonly command: "run";
  readonly homeserver: URL;
  readonly identity: URL | null;
  readonly given: readonly Credentials[];
  readonly registrationToken: string | null;
  readonly recaptchaResponse: string | null;
  readonly administrator: Credentials | null;
  readonly applicationService: { readonly id: string; readonly token: string } | null;
  readonly previewUrl: string | null;
  readonly pushGateway: URL | null;
  readonly smtpPort: number | null;
  readonly smtpHost: string;
  readonly mailDomain: string;
  readonly inbox: URL | null;
  readonly only: readonly string[] | null;
  readonly skip: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly keepAccounts: boolean;
  readonly json: boolean;
}

export type Command =
  | RunCommand
  | { readonly command: "rules"; readonly json: boolean }
  | { readonly command: "help" | "version" };

/** The command line does not say what to do; the message tells what was found and what was expected (exit code 2). */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export function readCommand(parameters: readonly string[], ruleIds: ReadonlySet<string>): Command {
  const { values, positionals } = parse(parameters);
  const [command, url, ...rest] = positionals;
  if (values.help === true || command === "help") return { command: "help" };
  if (values.version === true) return { command: "version" };
  const json = values.json === true;
  if (command === "rules" && url === undefined) return { command, json };
  if (command !== "run") {
    const found = command === undefined ? "nothing" : `"${positionals.join(" ")}"`;
    throw new UsageError(`expected "run URL" or "rules", found ${found}`);
  }
  if (url === undefined || rest.length > 0) throw new UsageError("run takes one URL, that of the homeserver");
  if (values["smtp-port"] !== undefined && values.inbox !== undefined)
    throw new UsageError("--smtp-port and --inbox both say where mail arrives: give one of them");
  return {
    command,
    homeserver: readUrl("the homeserver", url),
    identity: values.identity === undefined ? null : readUrl("--identity", values.identity),
    given: (values.account ?? []).map((text) => readAccount("--account", text)),
    registrationToken: values["registration-token"] ?? null,
    recaptchaResponse: values["recaptcha-response"] ?? null,
    administrator: values.administrator === undefined ? null : readAccount("--administrator", values.administrator),
    applicationService: values["application-service"] === undefined ? null : readService(values["application-service"]),
    previewUrl: values["preview-url"] ?? null,
    pushGateway: values["push-gateway"] === undefined ? null : readUrl("--push-gateway", values["push-gateway"]),
    smtpPort: values["smtp-port"] === undefined ? null : readNumber("--smtp-port", values["smtp-port"], 65_535),
    smtpHost: values["smtp-host"] ?? "127.0.0.1",
    mailDomain: values["mail-domain"] ?? "contract.test",
    inbox: values.inbox === undefined ? null : readUrl("--inbox", values.inbox),
    only:
      values.only === undefined ? null : values.only.flatMap((list) => list.split(",")).map((id) => known(id, ruleIds)),
    skip: Object.fromEntries((values.skip ?? []).flatMap((list) => readSkips(list, ruleIds))),
    timeout: readNumber("--timeout", values.timeout ?? "30", 3600) * 1000,
    keepAccounts: values["keep-accounts"] === true,
    json,
  };
}

function parse(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        identity: { type: "string" },
        account: { type: "string", multiple: true },
        "registration-token": { type: "string" },
        "recaptcha-response": { type: "string" },
        administrator: { type: "string" },
        "application-service": { type: "string" },
        "preview-url": { type: "string" },
        "push-gateway": { type: "string" },
        "smtp-port": { type: "string" },
        "smtp-host": { type: "string" },
        "mail-domain": { type: "string" },
        inbox: { type: "string" },
        only: { type: "string", multiple: true },
        skip: { type: "string", multiple: true },
        timeout: { type: "string" },
        "keep-accounts": { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(message.replace(/\. To specify a positional argument .*/, ""), { cause }); // nobody wants that
  }
}

function readUrl(what: string, text: string): URL {
  try {
    return readServerUrl(what, text);
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function readAccount(what: string, text: string): Credentials {
  // A full user ID has colons of its own: "@alice:example.org:secret".
  const colon = text.startsWith("@") ? text.indexOf(":", text.indexOf(":") + 1) : text.indexOf(":");
  if (colon < 1) throw new UsageError(`${what}: expected USER:PASSWORD`);
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function readService(text: string): { readonly id: string; readonly token: string } {
  const colon = text.indexOf(":");
  if (colon < 1) throw new UsageError("--application-service: expected ID:TOKEN");
  return { id: text.slice(0, colon), token: text.slice(colon + 1) };
}

function readNumber(what: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new UsageError(`${what}: expected a whole number from 1 to ${most}, found "${text}"`);
  return number;
}

// A comma inside a reason is part of it: the next entry begins where another `ID=` does.
function readSkips(list: string, ruleIds: ReadonlySet<string>): readonly (readonly [string, string])[] {
  return list.split(/,(?=[a-z]+-\d+[a-z]*=)/).map((entry) => {
    const equals = entry.indexOf("=");
    const reason = entry.slice(equals + 1).trim();
    if (equals < 1 || reason === "") throw new UsageError(`--skip: expected ID=REASON, found "${entry}"`);
    return [known(entry.slice(0, equals), ruleIds), reason] as const;
  });
}

function known(id: string, ruleIds: ReadonlySet<string>): string {
  if (!ruleIds.has(id)) throw new UsageError(`there is no rule "${id}"; matrix-contract rules lists them`);
  return id;
}
