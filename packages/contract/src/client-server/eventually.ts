import type { Context } from "../context.ts";

const pause = 100;

/**
 * Asks again, for as long as one request may take, until the answer tells what has been done: the specification does
 * not say that a directory or another room knows of it at once. The last answer is what the caller judges.
 */
export async function eventually<T>(
  { wait }: Pick<Context, "wait">,
  ask: () => Promise<T>,
  tells: (answer: T) => boolean,
): Promise<T> {
  let answer = await ask();
  for (let waited = 0; waited < wait.timeout && !tells(answer); waited += pause) {
    await wait.sleep(pause);
    answer = await ask();
  }
  return answer;
}
