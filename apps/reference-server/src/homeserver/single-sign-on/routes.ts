import { MatrixError, redirect, splitTarget } from "@matrix-openapi/server";
import type { IncomingRequest, Result } from "@matrix-openapi/server";
import { findAccount } from "../accounts/accounts.ts";
import type { AccountProof } from "../accounts/credential-generation.ts";
import type { ExtraRoute } from "../extra-routes.ts";
import type { Home } from "../home.ts";
import { createLoginToken } from "../sessions/login-tokens.ts";
import { offerOf } from "../user-interactive-auth/fallback/fallback-stage.ts";
import { donePage, messagePage } from "../user-interactive-auth/fallback/pages.ts";
import { beginAttempt, finishAttempt } from "./attempts.ts";
import type { Attempt } from "./attempts.ts";
import { identify } from "./identify.ts";
import type { Identity } from "./identify.ts";
import { confirmationPage } from "./pages.ts";
import { isTrusted, withLoginToken } from "./redirect-url.ts";
import { findSsoAccount, ssoAccount, ssoProvidersOf } from "./sso-accounts.ts";

/** What the description has no place for: where providers send browsers back to, and where confirming an operation begins. */
export function ssoRoutes(home: Home): ExtraRoute[] {
  const { db } = home;

  async function callback(incoming: IncomingRequest): Promise<Result> {
    const query = queryOf(incoming);
    const attempt = await finishAttempt(home, query.get("state") ?? "", incoming.header("cookie"));
    if (attempt === undefined) return messagePage(400, outdated);
    const code = query.get("code");
    if (code === null) return messagePage(403, `${attempt.provider.name} did not let you in. Go back and try again.`);
    const identity = await identify(home, attempt, code);
    if (identity === undefined) return messagePage(502, `${attempt.provider.name} did not say who you are. Try again.`);
    return attempt.uiaSession === undefined
      ? logIn(attempt, identity, incoming.remoteAddress)
      : confirmOperation(attempt.uiaSession, attempt, identity);
  }

  async function logIn({ provider, redirectUrl = "" }: Attempt, identity: Identity, remoteAddress: string | undefined) {
    const userId = await ssoAccount(home, provider.id, identity, remoteAddress);
    const account = await findAccount(db, userId);
    if (account === undefined || account.isDeactivated) return messagePage(403, "This account has been deactivated.");
    const target = withLoginToken(redirectUrl, await createLoginToken(home, userId));
    return isTrusted(home, redirectUrl)
      ? redirect(302, target, { "cache-control": "no-store", "referrer-policy": "no-referrer" })
      : confirmationPage(userId, target);
  }

  /** https://spec.matrix.org/v1.19/client-server-api/#sso-during-user-interactive-authentication */
  async function confirmOperation(sessionId: string, { provider }: Attempt, { subject }: Identity) {
    const userId = await findSsoAccount(db, provider.id, subject);
    const account = userId === undefined ? undefined : await findAccount(db, userId);
    if (account === undefined || account.isDeactivated) return messagePage(403, anotherAccount);
    const evidence: AccountProof = { generation: account.credentialGeneration };
    const session = await home.uia.session(sessionId);
    const stage = stages.find((type) => session !== undefined && offerOf(session, type) !== "none") ?? "m.login.sso";
    switch (await home.uia.completeStage(sessionId, stage, { evidence, userId: account.userId })) {
      case "completed":
      case "already-completed":
        return donePage();
      case "another-user":
        return messagePage(403, anotherAccount);
      case "not-next":
      case "unknown-session":
        return messagePage(400, outdated);
    }
  }

  async function beginConfirmation(incoming: IncomingRequest): Promise<Result> {
    const session = await home.uia.session(queryOf(incoming).get("session") ?? "");
    if (session?.userId == null || !stages.some((type) => offerOf(session, type) === "now")) {
      return messagePage(400, outdated);
    }
    const own = await ssoProvidersOf(db, session.userId);
    const provider = home.config.sso.providers.find(({ id }) => own.includes(id));
    if (provider === undefined) return messagePage(403, anotherAccount);
    const purpose = { uiaSession: session.id };
    const { location, headers } = await beginAttempt(home, provider, purpose, incoming.header("cookie"));
    return redirect(302, location, headers);
  }

  const base = "/_matrix/client/v3/login/sso";
  return [
    { path: `${base}/callback`, methods: ["GET"], answer: (incoming) => callback(incoming).catch(inWords) },
    { path: `${base}/confirm`, methods: ["GET"], answer: beginConfirmation },
  ];
}

/** Those that a provider confirms. */
const stages = ["m.login.sso", "m.oauth"];

const outdated =
  "This page is out of date, or was opened in another browser. Go back to the application and start again.";
const anotherAccount = "This is another account than the one that the application asks about.";

function queryOf(incoming: IncomingRequest): URLSearchParams {
  return new URLSearchParams(splitTarget(incoming.target).query);
}

/** A rate limit, so that a person can read it. */
function inWords(reason: unknown): Result {
  if (reason instanceof MatrixError) return messagePage(reason.status, reason.message);
  throw reason;
}
