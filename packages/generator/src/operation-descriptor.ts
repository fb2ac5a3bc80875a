/** A scheme by which a caller may identify itself, as named under `components.securitySchemes` (https://spec.matrix.org/v1.19/client-server-api/#using-access-tokens). */
export type SecurityScheme =
  | "accessTokenBearer"
  | "accessTokenQuery"
  | "appserviceAccessTokenBearer"
  | "appserviceAccessTokenQuery";

/** What one operation is, as plain data: clients, servers and tests read behaviour from it instead of repeating it. */
export interface OperationDescriptor {
  readonly operationId: string;
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Path template, for example `/_matrix/client/v3/devices/{deviceId}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly deprecated: boolean;
  readonly auth: { readonly mode: "none" | "optional" | "required"; readonly schemes: readonly SecurityScheme[] };
  /** Whether a guest's token may call it (https://spec.matrix.org/v1.19/client-server-api/#guest-access). */
  readonly guest: boolean;
  /** The stages that apply, and who is exempt; null where user-interactive authentication does not apply. */
  readonly uia: { readonly stages: readonly string[]; readonly exemptions: readonly string[] } | null;
  /** Whether it may answer 429. */
  readonly rateLimited: boolean;
  /** In the order of the path template. */
  readonly pathParams: readonly string[];
  /** An object has no key of its own in a query: each of its fields is a parameter, named as the field is. */
  readonly queryParams: Readonly<Record<string, "string" | "integer" | "boolean" | "array" | "object">>;
  readonly requestBody: { readonly contentType: string; readonly required: boolean } | null;
  /** By status. */
  readonly responses: Readonly<Record<string, ResponseDescriptor>>;
  /** By status: the codes its own description lists. */
  readonly errcodes: Readonly<Record<string, readonly string[]>>;
  /** By status: the codes it shares with every operation of its kind. */
  readonly commonErrcodes: Readonly<Record<string, readonly string[]>>;
  readonly pagination: Pagination | null;
  /** The path parameter that is a transaction ID (https://spec.matrix.org/v1.19/client-server-api/#transaction-identifiers). */
  readonly txn: string | null;
  /** The version of the specification that added it; null where it is older than v1.1. `isInVersion` compares it. */
  readonly since: string | null;
  /** The versions that changed what it does. */
  readonly changed: readonly string[];
  /** The version that deprecated it; null where it is not deprecated, or was so before v1.1. */
  readonly deprecatedSince: string | null;
  /** The paths it has had. */
  readonly history: { readonly stable: readonly string[]; readonly unstable: readonly string[] } | null;
}

/**
 * What takes the token of a page, a query parameter or, where there is none of this name, a field of the body; the field
 * that returns it; and the field that holds the items (https://spec.matrix.org/v1.19/appendices/#pagination).
 */
export interface Pagination {
  readonly request: string;
  readonly response: string;
  readonly items: string;
}

/** What the body of one response is. */
export interface ResponseDescriptor {
  readonly kind: "json" | "html" | "binary" | "redirect" | "empty";
  readonly contentType: string | null;
}

/** By status: the codes that any operation may answer, also where its description lists no such status. */
export type CommonErrors = Readonly<Record<string, readonly string[]>>;

/** Why a value did not fit its schema, as Ajv reports it. */
export interface ValidationError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Record<string, unknown>;
  readonly message?: string;
}

/** Checks a value; after `false` the reasons are in its `errors` until the next call. */
export interface Validate {
  (value: unknown): boolean;
  errors?: readonly ValidationError[] | null;
}
