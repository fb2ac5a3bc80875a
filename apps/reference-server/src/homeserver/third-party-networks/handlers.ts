import type { components } from "@matrix-openapi/definitions/client-server";
import { error, ok } from "@matrix-openapi/server";
import { applicationServices } from "../application-services/services.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { askServices } from "./asked-services.ts";
import type { Question, ServiceAnswer } from "./asked-services.ts";
import { instanceId } from "./instance-id.ts";

type Protocol = components["schemas"]["ThirdPartyProtocol"];
type Location = components["schemas"]["ThirdPartyLocation"];
type User = components["schemas"]["ThirdPartyUser"];

/** All of it is known to the application services only: https://spec.matrix.org/v1.19/client-server-api/#third-party-networks */
export function thirdPartyNetworkHandlers(home: Home) {
  const protocolOf = async (protocol: string): Promise<Protocol | undefined> => {
    const path = `/protocol/${encodeURIComponent(protocol)}`;
    return merged(await askServices<Protocol>(home, { path, protocol, operationId: "getProtocolMetadata" }));
  };

  const find = async <T>(question: Question) => {
    const found = (await askServices<T[]>(home, question)).flatMap(({ answer }) => answer);
    return found.length === 0 ? nothingKnown : ok(found);
  };

  return {
    async getProtocols() {
      const names = new Set(applicationServices(home).flatMap(({ registration }) => registration.protocols ?? []));
      const protocols = await Promise.all([...names].map(async (name) => [name, await protocolOf(name)] as const));
      return ok(Object.fromEntries(protocols.filter((entry): entry is [string, Protocol] => entry[1] !== undefined)));
    },

    async getProtocolMetadata({ params }) {
      const protocol = await protocolOf(params.path.protocol);
      return protocol === undefined ? unknownProtocol : ok(protocol);
    },

    queryLocationByProtocol({ params, request }) {
      const { protocol } = params.path;
      const path = `/location/${encodeURIComponent(protocol)}${fieldsOf(request)}`;
      return find<Location>({ path, protocol, operationId: "queryLocationByAlias" });
    },

    queryUserByProtocol({ params, request }) {
      const { protocol } = params.path;
      const path = `/user/${encodeURIComponent(protocol)}${fieldsOf(request)}`;
      return find<User>({ path, protocol, operationId: "queryUserByID" });
    },

    queryLocationByAlias({ params }) {
      const path = `/location?${String(new URLSearchParams({ alias: params.query.alias }))}`;
      return find<Location>({ path, operationId: "queryLocationByAlias" });
    },

    queryUserByID({ params }) {
      const path = `/user?${String(new URLSearchParams({ userid: params.query.userid }))}`;
      return find<User>({ path, operationId: "queryUserByID" });
    },
  } satisfies SomeHandlers;
}

const unknownProtocol = error(404, "M_NOT_FOUND", "No application service here connects to this protocol.");

const nothingKnown = error(404, "M_NOT_FOUND", "No application service here knows anything of this.");

/** Several services may connect to networks of one protocol; what else there is to say of it, the first one says. */
function merged(answers: readonly ServiceAnswer<Protocol>[]): Protocol | undefined {
  const [first] = answers;
  if (first === undefined) return undefined;
  const instances = answers.flatMap(({ service, answer }) =>
    answer.instances.map((network) => ({ ...network, instance_id: instanceId(service.id, network.network_id) })),
  );
  return { ...first.answer, instances };
}

/** Whatever the protocol asks for; the rest is the client's own. */
function fieldsOf(request: Request): string {
  const fields = new URL(request.url).searchParams;
  for (const name of ["access_token", "user_id", "device_id"]) fields.delete(name);
  return fields.size === 0 ? "" : `?${String(fields)}`;
}
