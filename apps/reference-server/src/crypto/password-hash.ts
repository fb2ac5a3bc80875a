import { scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Random } from "./random.ts";

/** `production` follows OWASP's scrypt parameters; `test` is a thousand times cheaper and never for real passwords. */
export type PasswordHashingProfile = "production" | "test";

export interface PasswordHasher {
  /** `$scrypt$ln=15,r=8,p=3$salt$hash`: the parameters travel with the hash, so they can be raised later. */
  hash(password: string): Promise<string>;
  /** Pass null for an unknown user or one without a password: it is false after the same work as for a known one. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

/** scrypt runs on libuv's thread pool, so that a login never holds up the event loop. */
export function createPasswordHasher(profile: PasswordHashingProfile, random: Random): PasswordHasher {
  if (!Object.hasOwn(profiles, profile)) {
    throw new Error(`passwordHashing is ${JSON.stringify(profile)}; expected "production" or "test"`);
  }
  const parameters = profiles[profile];
  const hash = async (password: string): Promise<string> => {
    const salt = random.bytes(16);
    return format(parameters, salt, await derive(password, salt, parameters));
  };
  return {
    hash,
    async verify(password, stored) {
      const parsed = stored === null ? null : parse(stored);
      const {
        parameters: cost,
        salt,
        key,
      } = parsed ?? { parameters, salt: new Uint8Array(16), key: new Uint8Array(32) };
      const equal = timingSafeEqual(await derive(password, salt, cost), key);
      return equal && parsed !== null;
    },
  };
}

interface Parameters {
  /** log2 of N */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

const profiles: Record<PasswordHashingProfile, Parameters> = {
  production: { ln: 15, r: 8, p: 3 },
  test: { ln: 7, r: 8, p: 1 },
};

const scryptAsync = promisify<string, Uint8Array, number, object, Buffer>(scrypt);

function derive(password: string, salt: Uint8Array, { ln, r, p }: Parameters): Promise<Buffer> {
  const N = 2 ** ln;
  return scryptAsync(password, salt, 32, { N, r, p, maxmem: 256 * N * r });
}

function format({ ln, r, p }: Parameters, salt: Uint8Array, key: Uint8Array): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${Buffer.from(salt).toString("base64url")}$${Buffer.from(key).toString("base64url")}`;
}

function parse(stored: string): { parameters: Parameters; salt: Uint8Array; key: Uint8Array } {
  const match = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored);
  const [, ln, r, p, salt, key] = match ?? [];
  if (salt === undefined || key === undefined) {
    throw new Error("a stored password hash has an unknown form; expected $scrypt$ln=…,r=…,p=…$salt$hash");
  }
  return {
    parameters: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, "base64url"),
    key: Buffer.from(key, "base64url"),
  };
}
