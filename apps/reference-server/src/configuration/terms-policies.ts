/** Policies by ID, each with its version and its documents by language: the form in which clients get them. */
export type TermsPolicies = { readonly [policy: string]: TermsPolicy };

export type TermsPolicy = { readonly version: string } & { readonly [language: string]: TermsDocument | string };

export interface TermsDocument {
  readonly name: string;
  readonly url: string;
}
