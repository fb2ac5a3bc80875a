/** How many events a page has at most, whatever is asked for. */
export function pageSize(limit: number | undefined, given = 10): number {
  return Math.min(limit ?? given, largestPage);
}

const largestPage = 500;
