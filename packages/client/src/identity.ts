export { createIdentityClient } from "./identity-client.ts";
export type { IdentityClient, IdentityClientOptions, IdentityCommonErrors } from "./identity-client.ts";
export { hashThreepid } from "./threepid-hash.ts";
export type { HashDetails, Threepid } from "./threepid-hash.ts";
export { lookupThreepids } from "./threepid-lookup.ts";
export type { HashingUnsupported, ThreepidsFound } from "./threepid-lookup.ts";
