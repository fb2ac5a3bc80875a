import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Schema } from "./schema.ts";

/** What api/facts says about an operation; facts/README.md explains the keys. */
export interface OperationFacts {
  readonly operationId: string;
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path: string;
  readonly tags?: readonly string[];
  readonly deprecated: boolean;
  readonly addedIn?: string;
  readonly changedIn?: readonly string[];
  readonly auth: { readonly mode: "none" | "optional" | "required"; readonly schemes?: readonly string[] };
  readonly uia?: boolean;
  readonly uiaUndocumented?: string;
  readonly guestAllowed?: boolean;
  readonly params: readonly ParameterFacts[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, Schema>> };
  readonly responses: Readonly<Record<string, ResponseFacts>>;
}

/** Beside its own keys a parameter has those of its schema. */
export interface ParameterFacts extends Omit<Schema, "required"> {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

export interface ResponseFacts {
  readonly content?: Readonly<Record<string, Schema>>;
  readonly headers?: Readonly<Record<string, HeaderFacts>>;
  readonly errcodes?: readonly string[];
  readonly errcodesAddedIn?: Readonly<Record<string, string>>;
  /** Set here, not in the files: it is the challenge of user-interactive authentication. */
  readonly authentication?: boolean;
}

export interface HeaderFacts extends Omit<Schema, "required"> {
  readonly required?: boolean;
}

/** What only the specification's text says about an operation, or about all of them (`*`). */
export interface ProseFacts {
  readonly operationId: string;
  readonly at: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly headers?: Readonly<Record<string, HeaderFacts>>;
  readonly errcodes?: readonly string[];
  readonly addedIn?: string;
  readonly except?: readonly string[];
  readonly params?: readonly ParameterFacts[];
  readonly contentTypes?: readonly string[];
}

export interface ProseEndpoint {
  readonly method: "GET";
  readonly path: string;
  readonly contentType: string;
  readonly params: readonly ParameterFacts[];
}

export interface ApiFacts {
  readonly securitySchemes: Readonly<Record<string, SecuritySchemeFacts>>;
  readonly operations: readonly OperationFacts[];
  readonly proseOnlyEndpoints: readonly ProseEndpoint[];
  readonly proseOnlyFields: readonly ProseFacts[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

export interface SecuritySchemeFacts {
  readonly type: string;
  readonly scheme?: string;
  readonly name?: string;
  readonly in?: string;
}

export interface ErrcodeFacts {
  readonly errcode: string;
  readonly apis: readonly Api[];
  readonly "client-server"?: ErrcodeInApi;
  readonly identity?: ErrcodeInApi;
}

export interface ErrcodeInApi {
  readonly listed?: "common" | "other" | null;
  readonly addedIn?: string;
  readonly statusesInText?: readonly string[];
  readonly extraFields?: Readonly<Record<string, FieldFacts>>;
}

/** A schema that says itself whether it is required. */
export interface FieldFacts extends Omit<Schema, "required"> {
  readonly required?: boolean | "whenIssued";
}

export interface EventFacts {
  readonly type: string;
  readonly kinds: readonly string[];
  readonly stateKey?: { readonly rule: string };
  readonly variant?: Readonly<Record<string, string>>;
  readonly addedIn?: string;
  readonly changedIn?: readonly string[];
  readonly topLevel?: Readonly<Record<string, Schema>>;
  readonly content: Schema;
}

export interface RelationFacts {
  readonly relType: string | null;
  readonly addedIn?: string;
  readonly relatesTo?: Readonly<Record<string, Schema>>;
  readonly content?: Readonly<Record<string, Schema>>;
  readonly requiredContent?: readonly string[];
  readonly bundled?: (Schema & { readonly schema?: string }) | null;
}

export interface EventsFacts {
  readonly events: readonly EventFacts[];
  readonly proseOnlyEvents: readonly EventFacts[];
  readonly formats: Readonly<Record<string, Schema>>;
  readonly relations: readonly RelationFacts[];
  readonly definitions: Readonly<Record<string, Schema>>;
}

export interface ListedField extends FieldFacts {
  readonly name: string;
  readonly fields?: readonly ListedField[];
}

export interface AuthTypeFacts {
  readonly type: string;
  readonly addedIn?: string;
  readonly auth: readonly ListedField[];
  readonly params: Schema | null;
}

export interface UiaFacts {
  readonly authResponse: Schema;
  readonly retryExtraFields: readonly ListedField[];
  readonly authTypes: readonly AuthTypeFacts[];
  readonly identifierTypes: readonly { readonly type: string; readonly fields: readonly ListedField[] }[];
  readonly loginTypes: readonly {
    readonly type: string;
    readonly addedIn?: string;
    readonly request?: readonly ListedField[];
    readonly flow?: readonly ListedField[];
  }[];
}

export type Api = "client-server" | "identity";

interface FactFiles {
  "client-server": ApiFacts;
  identity: ApiFacts;
  events: EventsFacts;
  errcodes: { readonly errcodes: readonly ErrcodeFacts[] };
  uia: UiaFacts;
}

export function readFacts<Name extends keyof FactFiles>(name: Name): FactFiles[Name] {
  return JSON.parse(readFileSync(join(import.meta.dirname, "..", "facts", `${name}.json`), "utf8"));
}
