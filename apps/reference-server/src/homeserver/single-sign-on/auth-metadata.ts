import type { components } from "@matrix-openapi/definitions/client-server";
import { error, ok } from "@matrix-openapi/server";
import { fetchObject } from "../../outbound/fetch-object.ts";
import { OutboundError } from "../../outbound/outbound-fetch.ts";
import { isAnswerOf } from "../described-answer.ts";
import type { Handler, Home } from "../home.ts";

type Metadata = components["schemas"]["AuthorizationServerMetadata"];

/** So long the authorization server is not asked again. */
const lifetime = 300_000;

/**
 * What the authorization server says of itself, where one is configured; the last answer for as long as it cannot be
 * reached. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1auth_metadata
 */
export function authMetadata(home: Home): Handler<"getAuthMetadata"> {
  const { metadataUrl } = home.config.oauth;
  let known: { readonly metadata: Metadata; readonly fetchedAt: number } | undefined;
  return async () => {
    if (metadataUrl === null) return notHere;
    const now = home.clock.now();
    if (known === undefined || known.fetchedAt + lifetime <= now) {
      const metadata = await fetchMetadata(home, metadataUrl);
      if (metadata !== undefined) known = { metadata, fetchedAt: now };
    }
    return known === undefined ? notNow : ok(known.metadata);
  };
}

const notHere = error(404, "M_UNRECOGNIZED", "This server issues access tokens by itself: log in through /login.");
const notNow = error(500, "M_UNKNOWN", "The authorization server cannot be asked now: try again later.");

async function fetchMetadata(home: Home, url: string): Promise<Metadata | undefined> {
  try {
    const metadata = await fetchObject(home.fetch, url);
    if (await isAnswerOf("getAuthMetadata", metadata)) return metadata as Metadata; // by the validator
    home.log.warn("the authorization server's metadata is not what it should be");
  } catch (reason) {
    if (!(reason instanceof OutboundError)) throw reason;
    home.log.warn("the authorization server cannot be asked", { error: reason });
  }
  return undefined;
}
