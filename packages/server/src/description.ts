import type { CommonErrors, OperationDescriptor, Validate } from "@matrix-openapi/definitions";

/** The validators of one operation's request; parts without constraints have none. */
export interface RequestValidators {
  readonly path?: Validate;
  readonly query?: Validate;
  readonly body?: Validate;
  readonly auth?: Validate;
}

/** Validators of one operation's JSON answers, by status. */
export type ResponseValidators = Readonly<Record<string, Validate>>;

/** Everything the machinery knows about an API; generated, apart from the choice of codes. */
export interface ApiDescription {
  readonly operations: Readonly<Record<string, OperationDescriptor>>;
  readonly requestValidators: Readonly<Record<string, RequestValidators>>;
  /** Loaded only where responses are validated. */
  readonly responseValidators: () => Promise<Readonly<Record<string, ResponseValidators>>>;
  readonly commonErrors: CommonErrors;
  readonly errcodes: ErrcodeChoice;
}

/** Which code an API uses where the two specifications differ. */
export interface ErrcodeChoice {
  readonly missingToken: string;
  readonly unknownToken: string;
  readonly missingParameter: string;
  readonly invalidParameter: string;
  /** For a body that is JSON but not what the operation takes, unless the operation lists a narrower code. */
  readonly badJson: string;
  readonly missingField: string;
  readonly invalidField: string;
}
