// Rules about files: https://spec.matrix.org/v1.19/client-server-api/#content-repository

import type { Context } from "../context.ts";
import { member } from "../json.ts";
import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import type { Client } from "./client.ts";
import { aliceOf, bobOf, isRefused, needed, neededString, serverOf } from "./client.ts";

export const bytesComeBack: Rule = {
  id: "cs-49",
  title: "A file comes back byte for byte, to others too",
  level: "must",
  specUrl: clientServerSpec("content-repository"),
  reason: "Encrypted files are checked against a hash.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const bytes = Uint8Array.from({ length: 4096 }, (_, index) => (index * 7) % 256);
    const file = await upload(await aliceOf(context), bytes, "application/octet-stream");
    const answer = await (await bobOf(context)).get(`${authenticated}/download/${file}`);
    if (answer.status !== 200) return fail(answer, "200 with the file");
    const same = Buffer.compare(answer.bytes, bytes) === 0;
    return same ? pass() : fail(answer, "the 4096 bytes that were uploaded", `${answer.bytes.length} other bytes`);
  },
};

export const pagesAreAttachments: Rule = {
  id: "cs-50",
  title: "An HTML file is an attachment, never shown as a page of the server",
  level: "must",
  specUrl: clientServerSpec("serving-inline-content"),
  reason: "Its scripts would run with the server's origin.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const file = await upload(alice, new TextEncoder().encode("<script>alert(1)</script>"), "text/html");
    for (const url of [`${authenticated}/download/${file}`, `${authenticated}/download/${file}/page.html`]) {
      const answer = await needed(alice.get(url));
      const disposition = answer.headers.get("content-disposition") ?? "none";
      if (!/^attachment\b/i.test(disposition))
        return fail(answer, "`Content-Disposition: attachment`", `\`Content-Disposition: ${disposition}\``);
    }
    return pass();
  },
};

export const filesAreSandboxed: Rule = {
  id: "cs-51",
  title: "Files come with a Content-Security-Policy that lets nothing in them run",
  level: "should",
  specUrl: clientServerSpec("content-repository-security-considerations"),
  reason: "It holds also where a browser guesses another type.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const file = await upload(alice, new TextEncoder().encode("<svg/>"), "image/svg+xml");
    const answer = await needed(alice.get(`${authenticated}/download/${file}`));
    const policy = answer.headers.get("content-security-policy") ?? "none";
    return policy.includes("sandbox") && policy.includes("default-src 'none'")
      ? pass()
      : fail(answer, "`Content-Security-Policy` with sandbox and default-src 'none'", policy);
  },
};

export const filesNeedToken: Rule = {
  id: "cs-52",
  title: "Files are given to those who have an access token",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv1mediadownloadservernamemediaid"),
  reason: "The URI of a file that leaked opens it to nobody else (since v1.11).",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const file = await upload(await aliceOf(context), new TextEncoder().encode("private"), "text/plain");
    const answer = await context.homeserver.get(`${authenticated}/download/${file}`);
    return isRefused(answer, 401, "M_MISSING_TOKEN") ? pass() : fail(answer, "401 M_MISSING_TOKEN");
  },
};

export const sizeLimitIsKept: Rule = {
  id: "cs-53",
  title: "A file larger than the declared limit is 413 M_TOO_LARGE",
  level: "must",
  specUrl: clientServerSpec("post_matrixmediav3upload"),
  reason: "Clients ask for the limit first, and tell the person before the upload.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const limit = member((await needed(alice.get(`${authenticated}/config`))).json, "m.upload.size");
    if (typeof limit !== "number") return skip("the server declares no limit");
    if (limit > mostSent) return skip(`the limit of ${limit} bytes is too large to be tried from here`);
    const answer = await send(alice, new Uint8Array(limit + 1), "application/octet-stream");
    return isRefused(answer, 413, "M_TOO_LARGE") ? pass() : fail(answer, "413 M_TOO_LARGE");
  },
};

/** More would take long on a line of the usual kind. */
const mostSent = 16 * 2 ** 20;

export const unknownFileIsNotFound: Rule = {
  id: "cs-54",
  title: "A file that is not there is 404 M_NOT_FOUND",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv1mediadownloadservernamemediaid"),
  reason: "Clients show a broken image instead of trying again.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const answer = await alice.get(`${authenticated}/download/${serverOf(alice)}/${context.random(24)}`);
    return isRefused(answer, 404, "M_NOT_FOUND") ? pass() : fail(answer, "404 M_NOT_FOUND");
  },
};

export const uploadedFileStays: Rule = {
  id: "cs-55",
  title: "A content URI made beforehand is filled once, by whoever made it",
  level: "must",
  specUrl: clientServerSpec("put_matrixmediav3uploadservernamemediaid"),
  reason: "Who has the URI relies on what is behind it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const file = fileOf(await neededString(alice.post("/_matrix/media/v1/create"), "content_uri"));
    const put = (client: Client) =>
      client.put(`/_matrix/media/v3/upload/${file}`, new TextEncoder().encode("one"), {
        headers: { "content-type": "text/plain" },
      });
    const others = await put(await bobOf(context));
    if (others.status !== 403) return fail(others, "403 for another user");
    const first = await put(alice);
    if (first.status !== 200) return fail(first, "200 for whoever has made the URI");
    const again = await put(alice);
    return isRefused(again, 409, "M_CANNOT_OVERWRITE_MEDIA") ? pass() : fail(again, "409 M_CANNOT_OVERWRITE_MEDIA");
  },
};

export const authenticated = "/_matrix/client/v1/media";

/** Uploads a file and returns `server/id`. */
export async function upload(client: Client, bytes: Uint8Array, type: string, filename?: string): Promise<string> {
  return fileOf(await neededString(send(client, bytes, type, filename), "content_uri"));
}

function send(client: Client, bytes: Uint8Array, type: string, filename?: string) {
  const query = filename === undefined ? {} : { filename };
  return client.post("/_matrix/media/v3/upload", bytes, { headers: { "content-type": type }, query });
}

export function fileOf(uri: string): string {
  return uri.replace(/^mxc:\/\//, "");
}

/** Causes answers of the content repository, for rules that look at all of them. */
export async function causeMedia(context: Context): Promise<void> {
  const alice = await aliceOf(context);
  const file = await upload(alice, new TextEncoder().encode("seen"), "text/plain");
  await alice.get(`${authenticated}/download/${file}`);
}
