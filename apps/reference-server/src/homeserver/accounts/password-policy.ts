import type { PasswordPolicy } from "../../configuration/configuration.ts";

/** What a new password lacks, in words for `M_WEAK_PASSWORD`; undefined where it is strong enough. */
export function passwordWeakness(policy: PasswordPolicy, password: string): string | undefined {
  const missing = [
    ...([...password].length < policy.minimumLength ? [`${policy.minimumLength} characters`] : []),
    ...rules.flatMap(({ requirement, pattern, words }) =>
      policy[requirement] && !pattern.test(password) ? [words] : [],
    ),
  ];
  return missing.length === 0 ? undefined : `The password is too weak: it needs at least ${missing.join(", ")}.`;
}

const rules = [
  { requirement: "requireDigit", pattern: /\p{Nd}/u, words: "a digit" },
  { requirement: "requireLowercase", pattern: /\p{Ll}/u, words: "a lower-case letter" },
  { requirement: "requireUppercase", pattern: /\p{Lu}/u, words: "an upper-case letter" },
  { requirement: "requireSymbol", pattern: /[^\p{L}\p{N}\s]/u, words: "a symbol" },
] as const;
