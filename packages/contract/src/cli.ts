#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { catalogue, rules } from "./catalogue.ts";
import type { Command, RunCommand } from "./cli-options.ts";
import { readCommand, usage, UsageError } from "./cli-options.ts";
import { Unreachable } from "./http.ts";
import { openInbox } from "./mail/inbox.ts";
import type { Mailbox } from "./mail/mailbox.ts";
import { startSmtpSink } from "./mail/smtp-sink.ts";
import type { PushGateway } from "./push/gateway.ts";
import { startPushGateway } from "./push/gateway.ts";
import { reportText, rulesText } from "./report-text.ts";
import { exitCode } from "./report.ts";
import type { Progress } from "./run.ts";
import { runContract } from "./run.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error; // nobody reads on, as in `matrix-contract rules | head`
});
process.exitCode = await main(process.argv.slice(2));

async function main(parameters: readonly string[]): Promise<number> {
  try {
    return await execute(readCommand(parameters, new Set(rules.map(({ id }) => id))));
  } catch (error) {
    if (error instanceof UsageError) return complain(`${error.message}\nmatrix-contract --help lists the options\n`, 2);
    if (error instanceof Unreachable) return complain(`${error.message}\n`, 3);
    throw error;
  }
}

async function execute(command: Command): Promise<number> {
  switch (command.command) {
    case "help":
      process.stdout.write(usage);
      return 0;
    case "version":
      process.stdout.write(`${readVersion()}\n`);
      return 0;
    case "rules":
      process.stdout.write(command.json ? json(catalogue) : rulesText(rules));
      return 0;
    case "run":
      return run(command);
  }
}

async function run(command: RunCommand): Promise<number> {
  const { homeserver, identity, given, registrationToken, recaptchaResponse, only, skip, timeout, keepAccounts } =
    command;
  const { administrator, applicationService, previewUrl } = command;
  const mailbox = await openMailbox(command);
  const push = await openPushGateway(command).catch(async (error: unknown) => {
    await mailbox?.close();
    throw error;
  });
  try {
    const report = await runContract({
      homeserver,
      given,
      skip,
      timeout,
      keepAccounts,
      ...(identity !== null && { identity }),
      ...(registrationToken !== null && { registrationToken }),
      ...(recaptchaResponse !== null && { recaptchaResponse }),
      ...(administrator !== null && { administrator }),
      ...(applicationService !== null && { applicationService }),
      ...(previewUrl !== null && { previewUrl }),
      ...(push !== null && { push }),
      ...(mailbox !== null && { mail: mailbox }),
      // Only the inbox takes text messages as well.
      ...(mailbox !== null && command.inbox !== null && { sms: mailbox }),
      ...(only !== null && { only }),
      ...(process.stderr.isTTY && { onProgress: showProgress }),
    });
    if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
    process.stdout.write(command.json ? json(report) : reportText(report));
    return exitCode(report);
  } finally {
    await mailbox?.close();
    await push?.close();
  }
}

async function openMailbox({ inbox, smtpPort, smtpHost, mailDomain, timeout }: RunCommand): Promise<Mailbox | null> {
  if (inbox !== null) {
    const mailbox = openInbox(inbox, fetch, mailDomain, timeout);
    await mailbox.messagesTo(`nobody@${mailDomain}`); // so that a wrong URL is told before anything is done
    return mailbox;
  }
  if (smtpPort === null) return null;
  return startSmtpSink(smtpPort, mailDomain, smtpHost).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--smtp-port ${smtpPort} at ${smtpHost}: cannot take mail there: ${reason}`, { cause });
  });
}

async function openPushGateway({ pushGateway }: RunCommand): Promise<PushGateway | null> {
  if (pushGateway === null) return null;
  return startPushGateway(pushGateway).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--push-gateway ${pushGateway.href}: cannot listen there: ${reason}`, { cause });
  });
}

function showProgress({ done, total, rule }: Progress): void {
  const line = `${done}/${total} ${rule.id} ${rule.title}`;
  process.stderr.write(`\r\u001B[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
}

function complain(text: string, code: number): number {
  process.stderr.write(text);
  return code;
}

function readVersion(): string {
  // one folder up from src as from dist
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
