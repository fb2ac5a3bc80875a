import { allows, answers, asksFor, ignores, says } from "./client-server-operation.ts";
import type { Fault } from "./fault.ts";
import { rewriteResponse } from "./fault.ts";

/** What a homeserver can get wrong about keys and files. */
export const keyAndFileFaults: readonly Fault[] = [
  says("cs-42", "an algorithm is renamed", "queryKeys", "m.megolm.v1.aes-sha2", "m.megolm.v2.aes-sha2"),
  allows("cs-42", "anybody uploads another's keys", "uploadKeys", 400),
  {
    rule: "cs-43",
    name: "a one-time key is given to whoever asks",
    wrap: (next) => {
      let first: unknown;
      return rewriteResponse((request, { json }) => {
        if (!asksFor(request, "claimKeys")) return null;
        first ??= json;
        return { body: first };
      })(next);
    },
  },
  says("cs-44", "a device is not told of its fallback key", "sync", '"device_unused_fallback_key_types"', '"unused"'),
  {
    rule: "cs-44",
    name: "a fallback key is given once",
    wrap: (next) => {
      const given = new Set<string>();
      return rewriteResponse((request, { text }) => {
        if (!asksFor(request, "claimKeys")) return null;
        if (given.has(text)) return { body: { one_time_keys: {} } };
        given.add(text);
        return null;
      })(next);
    },
  },
  ignores("cs-45", "signatures are not kept", "uploadCrossSigningSignatures", { failures: {} }),
  says("cs-45", "master keys are not shown", "queryKeys", '"master_keys"', '"masters"'),
  says("cs-46", "changed keys are not told", "sync", '"changed":["', '"changed":[],"former":["'),
  {
    rule: "cs-47",
    name: "the key that came last is kept",
    wrap: (next) => {
      let last: unknown;
      return rewriteResponse((request) => {
        if (asksFor(request, "putRoomKeyBySessionId")) last = request.json;
        return asksFor(request, "getRoomKeyBySessionId") ? { body: last } : null;
      })(next);
    },
  },
  allows("cs-48", "an old backup still takes keys", "putRoomKeys", 403, { count: 0, etag: "0" }),
  answers("cs-49", "a file comes back with a byte more", "getContentAuthed", ({ text }) => ({ body: `${text}\n` })),
  header("cs-50", "pages are shown", "content-disposition", "inline"),
  header("cs-51", "files come without a policy", "content-security-policy", null),
  allows("cs-52", "files are given to anybody", "getContentAuthed", 401),
  allows("cs-53", "the limit is not kept", "uploadContent", 413, { content_uri: "mxc://localhost/large" }),
  allows("cs-54", "a file that is not there is empty", "getContentAuthed", 404),
  allows("cs-55", "a file is overwritten", "uploadContentToMXC", 409),
  allows("cs-55", "anybody fills another's URI", "uploadContentToMXC", 403),
];

function header(rule: string, name: string, key: string, value: string | null): Fault {
  return answers(rule, name, "getContentAuthed", () => ({ headers: { [key]: value } }));
}
