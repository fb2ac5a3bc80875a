import { hash, timingSafeEqual } from "node:crypto";
import { randomBase64url } from "./random.ts";
import type { Random } from "./random.ts";

/** One prefix per kind of secret, so that a leaked one is recognised, and never accepted in another's place. */
const tokenPrefixes = {
  access: "mat_",
  refresh: "mrt_",
  login: "mlt_",
  openId: "mot_",
  identity: "mit_",
  invite: "miv_",
  session: "mus_",
} as const;

type TokenKind = keyof typeof tokenPrefixes;

/** 256 random bits, base64url: within the grammar of opaque identifiers that Matrix uses for session IDs too. */
export function createToken(random: Random, kind: TokenKind): string {
  return tokenPrefixes[kind] + randomBase64url(random, 32);
}

/** Whether we have issued it, as an access token or anything else. */
export function isOwnToken(token: string): boolean {
  return Object.values(tokenPrefixes).some((prefix) => token.startsWith(prefix));
}

/** What the database keeps of a token: it has 256 bits of its own, so a fast hash without salt is enough. */
export function hashToken(token: string): string {
  return hash("sha256", token, "base64url");
}

/** Compares secrets that are not looked up by hash (validation codes, client secrets) without telling how far they agree. */
export function equalSecrets(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(left)), Buffer.from(hashToken(right)));
}
