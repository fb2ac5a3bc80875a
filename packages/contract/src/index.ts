export type { Account, Accounts, Registration } from "./accounts.ts";
export { catalogue, rules, type Section } from "./catalogue.ts";
export type { Context } from "./context.ts";
export type { Exchange, ServerRole, ShownExchange } from "./exchange.ts";
export { type Fetch, type Http, type RequestOptions, Unreachable } from "./http.ts";
export { waitForMessage } from "./mail/arrivals.ts";
export type { Mailbox, Message } from "./mail/mailbox.ts";
export { openInbox } from "./mail/inbox.ts";
export { startSmtpSink } from "./mail/smtp-sink.ts";
export {
  Blocked,
  fail,
  type Failed,
  NotOffered,
  type Outcome,
  pass,
  type Passed,
  skip,
  type Skipped,
} from "./outcome.ts";
export { exitCode, isViolation, type Report, type RuleOutcome, type RuleResult } from "./report.ts";
export type { Capability, Level, Rule, TestableRule, UntestableRule } from "./rule.ts";
export { type ContractOptions, type Progress, runContract } from "./run.ts";
export type { Credentials, MovableClock, Session, SessionOptions, TargetOptions } from "./session.ts";
