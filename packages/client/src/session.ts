/** The tokens a client sends and renews. The client writes new ones into the object it was given. */
export interface Tokens {
  accessToken: string;
  refreshToken?: string;
  /** When the access token expires, in milliseconds since the Unix epoch. Absent: it does not expire. */
  expiresAt?: number;
}

/** A logged-in device. */
export interface Session extends Tokens {
  userId: string;
  deviceId: string;
}

/** The fields of a login or registration that make a session. */
export interface LoginAnswer {
  readonly user_id: string;
  readonly access_token: string;
  readonly device_id: string;
  readonly refresh_token?: string;
  readonly expires_in_ms?: number;
}

/**
 * Makes a session from the answer to a login or registration, with the expiry of its first token, counted from `now`.
 * A registration with `inhibit_login` opens no session.
 * https://spec.matrix.org/v1.19/client-server-api/#refreshing-access-tokens
 */
export function sessionFromLogin(answer: LoginAnswer, now: number = Date.now()): Session {
  return { userId: answer.user_id, deviceId: answer.device_id, ...tokensFrom(answer, now) };
}

/** Reads the tokens out of any answer that issues them. */
export function tokensFrom(
  answer: Pick<LoginAnswer, "access_token" | "refresh_token" | "expires_in_ms">,
  now: number,
): Tokens {
  return {
    accessToken: answer.access_token,
    ...(answer.refresh_token !== undefined && { refreshToken: answer.refresh_token }),
    ...(answer.expires_in_ms !== undefined && { expiresAt: now + answer.expires_in_ms }),
  };
}
