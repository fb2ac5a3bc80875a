import type { Platform, ServerApplication } from "../platform.ts";

/** To be replaced: answers /_matrix/client/versions only, so that the platform can be started and measured. */
export async function createHomeserver(_platform: Platform): Promise<ServerApplication> {
  return {
    async fetch(request) {
      if (new URL(request.url).pathname === "/_matrix/client/versions") return Response.json({ versions: ["v1.19"] });
      return Response.json({ errcode: "M_UNRECOGNIZED", error: "Unrecognised request" }, { status: 404 });
    },
  };
}
