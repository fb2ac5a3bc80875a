import { join } from "node:path";

/** What the people who start a run, and what Synapse calls, have to know of each other. */
export const registrationToken = "contract-registration";
export const recaptchaResponse = "contract-human";
export const applicationService = { id: "contract", token: "contract-as-token" };

interface Surroundings {
  /** Where Synapse keeps everything. */
  readonly folder: string;
  readonly port: number;
  /** Of its second listener, where other servers ask whose an OpenID token is, by TLS with `certificate.pem`. */
  readonly tlsPort: number;
  readonly smtpPort: number;
  /** The base URL of what Synapse asks: an application service, a page, a judge of captchas. */
  readonly outside: string;
}

/**
 * Synapse as its manual says for a server of one's own, with every limit raised, every stage of registration asked for,
 * and nobody but loopback to talk to: https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html
 */
export function synapseConfiguration({ folder, port, tlsPort, smtpPort, outside }: Surroundings) {
  return {
    // An address with a port is all that another server needs in order to find this one.
    server_name: `127.0.0.1:${tlsPort}`,
    public_baseurl: `http://127.0.0.1:${port}/`,
    report_stats: false,
    listeners: [
      { port, bind_addresses: ["127.0.0.1"], type: "http", resources: [{ names: ["client", "consent"] }] },
      { port: tlsPort, bind_addresses: ["127.0.0.1"], type: "http", tls: true, resources: [{ names: ["openid"] }] },
    ],
    tls_certificate_path: join(folder, "certificate.pem"),
    tls_private_key_path: join(folder, "key.pem"),
    database: { name: "sqlite3", args: { database: join(folder, "homeserver.db") } },
    media_store_path: join(folder, "media"),
    signing_key_path: join(folder, "signing.key"),
    macaroon_secret_key: "contract",
    form_secret: "contract",
    registration_shared_secret: "contract",
    federation_domain_whitelist: [],
    trusted_key_servers: [],
    allow_guest_access: true,
    room_list_publication_rules: [{ action: "allow" }],
    max_upload_size: "1M",
    login_via_existing_session: { enabled: true },
    turn_uris: ["turn:127.0.0.1?transport=udp"],
    turn_shared_secret: "contract",
    url_preview_enabled: true,
    url_preview_ip_range_blacklist: ["192.0.2.0/24"], // it insists on a list; the page is on loopback
    app_service_config_files: [join(folder, "application-service.yaml")],
    ...registration(folder, outside),
    email: { smtp_host: "127.0.0.1", smtp_port: smtpPort, notif_from: "Synapse <synapse@synapse.test>" },
    ...rateLimits,
  };
}

function registration(folder: string, outside: string) {
  return {
    enable_registration: true,
    registration_requires_token: true,
    enable_registration_captcha: true,
    recaptcha_public_key: "contract",
    recaptcha_private_key: "contract",
    recaptcha_siteverify_api: `${outside}/captcha`,
    user_consent: {
      require_at_registration: true,
      policy_name: "Terms",
      version: "1",
      template_dir: join(folder, "terms"),
    },
    cas_config: { enabled: true, server_url: `${outside}/cas`, idp_name: "Contract" },
  };
}

const off = { per_second: 10_000, burst_count: 10_000 };

const rateLimits = {
  rc_message: off,
  rc_registration: off,
  rc_registration_token_validity: off,
  rc_login: { address: off, account: off, failed_attempts: off },
  rc_admin_redaction: off,
  rc_joins: { local: off, remote: off },
  rc_joins_per_room: off,
  rc_3pid_validation: off,
  rc_invites: { per_room: off, per_user: off, per_issuer: off },
  rc_third_party_invite: off,
  rc_media_create: off,
  rc_presence: { per_user: off },
  rc_delayed_event_mgmt: off,
  rc_room_creation: off,
  rc_reports: off,
  rc_user_directory: off,
  rc_profile: off,
};

/** The registration of an application service, which leads to one third-party network. */
export function applicationServiceRegistration(outside: string) {
  return {
    id: applicationService.id,
    url: outside,
    as_token: applicationService.token,
    hs_token: "contract-hs-token",
    sender_localpart: "contract-service",
    rate_limited: false,
    protocols: ["contract"],
    namespaces: { users: [{ exclusive: true, regex: "@contract-service-.*" }], rooms: [], aliases: [] },
  };
}
