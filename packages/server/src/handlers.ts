import type { SecurityScheme } from "@matrix-openapi/definitions";
import type { UiaGate } from "./uia/gate.ts";
import type {
  DeclaredResult,
  PathParameters,
  QueryParameters,
  RequestBody,
  TypedOperation,
} from "./typed-operations.ts";
import type { Result } from "./results.ts";

/** The least that the machinery has to know about whoever a token belongs to. */
export interface AuthenticatedUser {
  readonly id: string;
}

/** The owner of an access token of a homeserver. */
export interface MatrixUser extends AuthenticatedUser {
  readonly deviceId: string | null;
  /** Guests may call only the operations marked for them. */
  readonly guest: boolean;
  /**
   * The ID of the application service whose token it is, whoever it acts as. Some operations are for application
   * services only. https://spec.matrix.org/v1.19/application-service-api/#identity-assertion
   */
  readonly applicationService?: string;
}

/** What every handler gets, whatever its operation. */
export interface RequestFacts {
  /** The request as it arrived; its body has been read where the operation has a JSON body. */
  readonly request: Request;
  readonly remoteAddress: string | undefined;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

/** The part of an operation's descriptor that its context depends on. */
export interface OperationTraits {
  readonly auth: { readonly mode: "none" | "optional" | "required"; readonly schemes: readonly SecurityScheme[] };
  readonly uia: object | null;
}

interface UserByMode<User> {
  readonly required: { readonly user: User };
  readonly optional: { readonly user: User | undefined };
  readonly none: unknown;
}

// Where no other scheme is listed, the caller is an application service.
type Caller<Scheme, User> = [Scheme] extends [`appservice${string}`]
  ? User & { readonly applicationService: string }
  : User;

/** What the handler of one operation gets: validated, and typed from the description. */
export type Context<Operation, Traits extends OperationTraits, User, Tx> = RequestFacts & {
  readonly params: { readonly path: PathParameters<Operation>; readonly query: QueryParameters<Operation> };
  readonly body: RequestBody<Operation>;
} & UserByMode<Caller<Traits["auth"]["schemes"][number], User>>[Traits["auth"]["mode"]] &
  (Traits["uia"] extends null ? unknown : { readonly uia: UiaGate<Tx> });

/** Answers one operation, with one of its declared results or a common error. */
export type Handler<Operation extends TypedOperation, Traits extends OperationTraits, Common, User, Tx> = (
  context: Context<Operation, Traits, User, Tx>,
) => DeclaredResult<Operation> | Common | Promise<DeclaredResult<Operation> | Common>;

/** A handler whose operation is not known any more; what the machinery calls. */
export type AnyHandler = (context: never) => Result | Promise<Result>;
