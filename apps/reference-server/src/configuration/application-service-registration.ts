/** In the form of its file: https://spec.matrix.org/v1.19/application-service-api/#registration */
export interface ApplicationServiceRegistration {
  readonly id: string;
  /** Null: nothing is sent to it. */
  readonly url: string | null;
  readonly as_token: string;
  readonly hs_token: string;
  readonly sender_localpart: string;
  readonly namespaces: {
    readonly users?: readonly ApplicationServiceNamespace[];
    readonly aliases?: readonly ApplicationServiceNamespace[];
    readonly rooms?: readonly ApplicationServiceNamespace[];
  };
  readonly rate_limited?: boolean;
  readonly protocols?: readonly string[];
  readonly receive_ephemeral?: boolean;
}

export interface ApplicationServiceNamespace {
  readonly exclusive: boolean;
  readonly regex: string;
}
