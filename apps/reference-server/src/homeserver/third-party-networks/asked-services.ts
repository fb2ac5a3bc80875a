import type { OperationId } from "@matrix-openapi/definitions/client-server/operations";
import { askService } from "../application-services/service-requests.ts";
import { applicationServices } from "../application-services/services.ts";
import type { ApplicationService } from "../application-services/services.ts";
import { isAnswerOf } from "../described-answer.ts";
import type { Home } from "../home.ts";

/** What a service answers, beside the service. */
export interface ServiceAnswer<T> {
  readonly service: ApplicationService;
  readonly answer: T;
}

export interface Question {
  /** Below `/thirdparty`. */
  readonly path: string;
  /** Asks only the services that connect to it; all that connect to any otherwise. */
  readonly protocol?: string;
  /** Of the client-server API, whose answer it is for. */
  readonly operationId: OperationId;
}

/**
 * Asks the services about the networks that they connect to. What does not come, or is no answer, is left out, because
 * the others' answers are of use all the same. https://spec.matrix.org/v1.19/application-service-api/#third-party-networks
 */
export async function askServices<T>(
  home: Home,
  { path, protocol, operationId }: Question,
): Promise<readonly ServiceAnswer<T>[]> {
  const services = applicationServices(home).filter(({ registration: { url, protocols = [] } }) => {
    const isConnected = protocol === undefined ? protocols.length > 0 : protocols.includes(protocol);
    return url !== null && isConnected;
  });
  const answers = await Promise.all(
    services.map(async (service) => {
      const answer = await ask(home, service, path);
      if (answer === undefined) return [];
      if (await isAnswerOf(operationId, answer)) return [{ service, answer: answer as T }]; // as the validator says
      home.log.warn("an application service gave an answer that is none", { service: service.id, path });
      return [];
    }),
  );
  return answers.flat();
}

async function ask(home: Home, service: ApplicationService, path: string): Promise<unknown> {
  const response = await askService(home, service, {
    method: "GET",
    path: `/thirdparty${path}`,
    olderPath: `/_matrix/app/unstable/thirdparty${path}`,
  });
  return response?.ok === true ? response.json().catch(() => null) : undefined;
}
