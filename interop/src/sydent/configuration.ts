/**
 * Sydent as its own defaults explain it, on loopback: the limits raised, one policy to agree to, and allowed to ask a
 * homeserver on loopback whose an OpenID token is, whatever its certificate.
 */
export function sydentConfiguration({ folder, port, smtpPort }: { folder: string; port: number; smtpPort: number }) {
  return sections({
    general: {
      "server.name": "sydent.test",
      "log.path": "",
      "log.level": "INFO",
      "pidfile.path": `${folder}/pid`,
      "templates.path": `${folder}/templates`,
      "brand.default": "contract",
      "terms.path": `${folder}/terms.yaml`,
      "ip.whitelist": "127.0.0.1/32",
    },
    db: { "db.file": `${folder}/sydent.db` },
    http: {
      "clientapi.http.bind_address": "127.0.0.1",
      "clientapi.http.port": port,
      "replication.https.bind_address": "127.0.0.1",
      "federation.verifycerts": "False",
      client_http_base: `http://127.0.0.1:${port}`,
    },
    email: {
      "email.smtphost": "127.0.0.1",
      "email.smtpport": smtpPort,
      "email.tlsmode": 0,
      "email.from": "Sydent <sydent@sydent.test>",
      "email.ratelimit_sender.burst": 100_000,
      "email.ratelimit_sender.rate_hz": 100,
    },
    crypto: { "ed25519.signingkey": "" },
  });
}

function sections(configuration: Readonly<Record<string, Readonly<Record<string, string | number>>>>): string {
  return Object.entries(configuration)
    .map(([name, values]) =>
      [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${value}`)].join("\n"),
    )
    .join("\n\n");
}

const head = [
  "Date: {{ date|safe }}",
  "From: {{ from|safe }}",
  "To: {{ to|safe }}",
  "Message-ID: {{ messageid|safe }}",
  "MIME-Version: 1.0",
  "Content-Type: text/plain; charset=UTF-8",
];

/** The mails and the page that whoever runs Sydent brings along: its package has none. */
export const templates: Readonly<Record<string, string>> = {
  "verification_template.eml.j2": [...head, "Subject: A link", "", "{{ link|safe }}", ""].join("\n"),
  "invite_template.eml.j2": [
    ...head,
    "Subject: An invitation",
    "",
    "{{ sender_display_name|safe }} invites you to {{ room_name|safe }}.",
    "",
  ].join("\n"),
  "verify_response_template.html": "<p>%(message)s</p>",
};

export const terms = {
  master_version: "1",
  docs: {
    privacy: {
      version: "1",
      langs: {
        en: { name: "Privacy", url: "http://127.0.0.1/privacy-en" },
        fr: { name: "Vie privée", url: "http://127.0.0.1/privacy-fr" },
      },
    },
  },
};
