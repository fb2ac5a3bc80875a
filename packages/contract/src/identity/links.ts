// Rules about the link that a person follows, and about a homeserver's place to hand tokens in.

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { stringMember } from "../json.ts";
import { validationLink } from "../mail/mailbox.ts";
import { fail, NotOffered, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec, identitySpec } from "../rule.ts";
import { speaks } from "../versions.ts";
import { identityAccount } from "./account.ts";
import { isError } from "./standard-error.ts";
import { isSuccess } from "./token-submissions.ts";
import type { Submission, ValidationSession } from "./validation.ts";
import { messageOf, newRecipient, openValidation, rightSubmission, submitToken, tokenOf } from "./validation.ts";

const linkSpec = identitySpec("get_matrixidentityv2validateemailsubmittoken");

const nextLink = "https://client.example/validated?from=mail";

export const linkIsForPeople: Rule = {
  id: "is-40a",
  title: "The page behind a link can be read by a person",
  level: "should",
  specUrl: linkSpec,
  reason: "It opens in a browser, without any client around it.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const answer = await followLink(context, await linkOf(context, await openValidation(context, "email")));
    const type = answer.headers.get("content-type") ?? "(no type)";
    if (isRedirect(answer)) return pass("a redirect to a page of the server's choice");
    if (answer.status !== 200 || !/^text\/(html|plain)\b/.test(type) || answer.text.trim() === "")
      return fail(answer, "200 with a page in text/html or text/plain", `${answer.status} ${type}`);
    return pass();
  },
};

export const linkRedirects: Rule = {
  id: "is-40b",
  title: "A link redirects to the `next_link` that was asked for",
  level: "must",
  specUrl: linkSpec,
  reason: "It is how the person gets back into the client, which goes on from there.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const answer = await followLink(context, await linkOf(context, await openValidation(context, "email", nextLink)));
    const location = answer.headers.get("location") ?? "nowhere";
    // Some servers add the `sid`, which the client may not have got yet when the person is back.
    if (!isRedirect(answer) || !(location === nextLink || location.startsWith(`${nextLink}&`)))
      return fail(answer, `a redirect to ${nextLink}`, `${answer.status} to ${location}`);
    return pass();
  },
};

export const badLinkFails: Rule = {
  id: "is-40c",
  title: "A link with a wrong token fails with a 4xx",
  level: "derived",
  specUrl: linkSpec,
  reason: "The person must not be told that an address is validated when it is not.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const link = await linkOf(context, await openValidation(context, "email"));
    for (const [name, wrong] of [
      ["token", "contract-wrong"],
      ["sid", context.random(16)],
    ] as const) {
      const broken = new URL(link);
      broken.searchParams.set(name, wrong);
      const answer = await followLink(context, broken);
      if (answer.status < 400 || answer.status >= 500) return fail(answer, `a 4xx for a wrong ${name}`);
    }
    return pass();
  },
};

export const postIgnoresNextLink: Rule = {
  id: "is-40d",
  title: "A token that a client hands in is answered with JSON, whatever the `next_link`",
  level: "derived",
  specUrl: identitySpec("post_matrixidentityv2validateemailsubmittoken"),
  reason: "There is no browser to redirect.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const session = await openValidation(context, "email", nextLink);
    const answer = await submitToken(context, "email", await rightSubmission(context, session));
    return isSuccess(answer) ? pass() : fail(answer, "200 with `success: true`, and no redirect");
  },
};

export const submitUrlIsTheSame: Rule = {
  id: "is-40e",
  title: "A homeserver's `submit_url` takes the same parameters and gives the same answers, without a token",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3account3pidemailrequesttoken"),
  reason: "Clients hand the token in there as they would at an identity server (codes since v1.18).",
  needs: ["homeserver", "mail"],
  testable: true,
  async check(context) {
    const { url, ...right } = await homeserverValidation(context);
    const hasCodes = speaks(context.versions, 18);
    for (const { errcode, ...wrong } of [
      { ...right, token: "contract-wrong", errcode: "M_TOKEN_INCORRECT" },
      { ...right, client_secret: "contract secret", errcode: "M_INVALID_PARAM" },
    ]) {
      const answer = await context.links.post(url, wrong);
      if (isSuccess(answer) || (hasCodes && !isError(answer, 400, errcode))) return fail(answer, `400 ${errcode}`);
    }
    const answer = await context.links.post(url, right);
    return isSuccess(answer) ? pass() : fail(answer, "200 with `success: true`");
  },
};

/** The link of a session's mail as its reader follows it; where the mail has none, where it would lead. */
async function linkOf(context: Context, session: ValidationSession): Promise<URL> {
  const mailed = validationLink(await messageOf(context, session));
  if (mailed !== undefined) return mailed;
  const { sid, client_secret } = session;
  const link = new URL("/_matrix/identity/v2/validate/email/submitToken", context.identity.baseUrl);
  const parameters = { sid, client_secret, token: await tokenOf(context, session) };
  for (const [name, value] of Object.entries(parameters)) link.searchParams.set(name, value);
  return link;
}

// The definitions ask for a token, but the person who follows a link has none: both are right.
async function followLink(context: Context, link: URL): Promise<Exchange> {
  const answer = await context.links.get(link.href);
  if (answer.status !== 401 || link.origin !== context.identity.baseUrl.origin) return answer;
  return context.links.get(link.href, { token: (await identityAccount(context)).token });
}

function isRedirect({ status }: Exchange): boolean {
  return status >= 300 && status < 400;
}

/** A token that the homeserver itself has sent, with where to hand it in. */
async function homeserverValidation(context: Context): Promise<Submission & { readonly url: string }> {
  const to = await newRecipient(context, "email");
  const client_secret = context.random(24);
  const path = "/_matrix/client/v3/account/3pid/email/requestToken";
  const answer = await context.homeserver.post(path, { client_secret, send_attempt: 1, ...to.fields });
  const [sid, url] = [stringMember(answer.json, "sid"), stringMember(answer.json, "submit_url")];
  if (answer.status !== 200 || sid === undefined || url === undefined || !URL.canParse(url))
    throw new NotOffered("the homeserver gives no `submit_url` for mail addresses");
  return { url, sid, client_secret, token: await tokenOf(context, to) };
}
