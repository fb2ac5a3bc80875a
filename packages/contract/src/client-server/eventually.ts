import type { Context } from "../context.ts";

const pause = 100;
const mostAttempts = 20;

/**
 * Asks again, for two seconds at most, until the answer tells what has been done: the specification does not say that a
 * directory or another room knows of it at once. The last answer is what the caller judges.
 */
export async function eventually<T>(
  { wait }: Pick<Context, "wait">,
  ask: () => Promise<T>,
  tells: (answer: T) => boolean,
): Promise<T> {
  let answer = await ask();
  for (let attempt = 1; attempt < mostAttempts && !tells(answer); attempt += 1) {
    await wait.sleep(pause);
    answer = await ask();
  }
  return answer;
}
