import { pngOf } from "../client-server/images.ts";
import type { OperationId } from "../client-server/operations.ts";
import { operationOf } from "../client-server/operations.ts";
import { isObject } from "../json.ts";
import { answers, asksFor, asksWith, ignores } from "./client-server-operation.ts";
import type { Fault } from "./fault.ts";
import { answerInstead, rewriteRequest, rewriteResponse } from "./fault.ts";

/** What a homeserver can get wrong about thumbnails, previews, names of files and push notifications. */
export const shownFileFaults: readonly Fault[] = [
  asksWith("cs-118", "thumbnails are narrow", "getContentThumbnailAuthed", "width", () => "8"),
  {
    rule: "cs-119",
    name: "small images are blown up",
    wrap: (next) => async (request) =>
      operationOf(request.method, new URL(request.url).pathname) === "getContentThumbnailAuthed"
        ? new Response(Buffer.from(pngOf(320, 240)), { headers: { "content-type": "image/png" } })
        : next(request),
  },
  header("cs-120", "files have no disposition", "getContentAuthed", "content-disposition", null),
  header("cs-120", "files keep no name", "getContentOverrideNameAuthed", "content-disposition", "inline"),
  header("cs-121", "files may not be embedded", "getContentAuthed", "cross-origin-resource-policy", "same-origin"),
  {
    rule: "cs-122",
    name: "a media ID is a path",
    wrap: rewriteResponse((request) =>
      asksFor(request, "getContentAuthed") && request.path.includes("%2F") ? { status: 200, body: "root:x:0:0" } : null,
    ),
  },
  answers("cs-123", "pictures of previews stay where they are", "getUrlPreviewAuthed", ({ json }) => ({
    body: { ...json, "og:image": "http://127.0.0.1/picture" },
  })),
  answers("cs-123", "pictures are not measured right", "getUrlPreviewAuthed", ({ json }) => ({
    body: { ...json, "matrix:image:size": 1 },
  })),
  {
    rule: "cs-124",
    name: "previews are made of files",
    wrap: answerInstead((request) =>
      asksFor(request, "getUrlPreviewAuthed") && request.url.search.includes("file")
        ? { body: { "og:title": "localhost" } }
        : null,
    ),
  },
  ignores("cs-125", "pushers are not kept", "postPusher"),
  withPusherData("cs-125", "what a pusher is made with is lost", ({ url }) => ({ url })),
  withPusherData("cs-126", "formats are overlooked", ({ format: _format, ...data }) => data),
  {
    rule: "cs-127",
    name: "a rejected pusher stays",
    wrap: (next) => {
      let last: unknown;
      return rewriteResponse((request) => {
        if (asksFor(request, "postPusher")) last = request.json;
        return asksFor(request, "getPushers") ? { body: { pushers: [last] } } : null;
      })(next);
    },
  },
  ignores("cs-128", "rooms are not muted", "setPushRule"),
];

function header(rule: string, name: string, operation: OperationId, key: string, value: string | null): Fault {
  return answers(rule, name, operation, () => ({ headers: { [key]: value } }));
}

function withPusherData(
  rule: string,
  name: string,
  change: (data: Record<string, unknown>) => Record<string, unknown>,
): Fault {
  return {
    rule,
    name,
    wrap: rewriteRequest((request) => {
      const { data } = request.json;
      return asksFor(request, "postPusher") && isObject(data)
        ? { json: { ...request.json, data: change({ ...data }) } }
        : null;
    }),
  };
}
