import type { Platform, ServerApplication } from "../platform.ts";

/** To be replaced: answers /_matrix/identity/versions only, so that the platform can be started and measured. */
export async function createIdentityServer(_platform: Platform): Promise<ServerApplication> {
  return {
    async fetch(request) {
      if (new URL(request.url).pathname === "/_matrix/identity/versions") return Response.json({ versions: ["v1.19"] });
      return Response.json({ errcode: "M_UNRECOGNIZED", error: "Unrecognised request" }, { status: 404 });
    },
  };
}
