/** Compares the patterns of one user with the texts of one event, in which capitals are no different. */
export interface GlobMatcher {
  /** Whether the whole text fits: https://spec.matrix.org/v1.19/appendices/#glob-style-matching */
  matches(text: string, pattern: string): boolean;
  /** Whether some part of the text fits that begins and ends at the boundary of a word. */
  contains(text: string, pattern: string): boolean;
  /** The same for words in which stars and question marks stand for themselves. */
  containsWords(text: string, words: string): boolean;
}

/** Letters that are compared for all the patterns together, which takes some tens of milliseconds. */
const mostEffort = 10_000_000;

/**
 * Whoever sends waits for the rules of everybody in the room, so that a thousand long patterns for a long text must not
 * take as long as they could: after so much effort, nothing fits any more.
 */
export function globMatcher(): GlobMatcher {
  const folded = new Map<string, readonly string[]>();
  const effort: Effort = { left: mostEffort };

  const lettersOf = (text: string): readonly string[] => {
    const letters = folded.get(text) ?? fold(text);
    folded.set(text, letters);
    return letters;
  };
  const contains = (text: string, parts: readonly (readonly string[])[]): boolean => {
    const letters = lettersOf(text);
    const isWord = (index: number) => /^\w$/.test(letters[index] ?? "");
    const isBoundary = (index: number) => !isWord(index - 1) || !isWord(index);
    return matches(letters, parts, { isStart: isBoundary, isEnd: isBoundary }, effort);
  };

  return {
    matches(text, pattern) {
      const letters = lettersOf(text);
      const edges = { isStart: (index: number) => index === 0, isEnd: (index: number) => index === letters.length };
      return matches(letters, partsOf(pattern), edges, effort);
    },
    contains: (text, pattern) => contains(text, partsOf(pattern)),
    containsWords: (text, words) => contains(text, [fold(words)]),
  };
}

interface Effort {
  left: number;
}

interface Edges {
  isStart(index: number): boolean;
  isEnd(index: number): boolean;
}

/**
 * The parts between the stars, each at the first place that it fits at, so that no pattern takes longer than its length
 * times the text's: a regular expression with as many stars could take for ever.
 */
function matches(
  text: readonly string[],
  parts: readonly (readonly string[])[],
  { isStart, isEnd }: Edges,
  effort: Effort,
): boolean {
  let from = 0;
  for (const [index, part] of parts.entries()) {
    const [isFirst, isLast] = [index === 0, index === parts.length - 1];
    const fits = (start: number) =>
      (!isFirst || isStart(start)) && (!isLast || isEnd(start + part.length)) && fitsAt(text, part, start, effort);
    const lastStart = text.length - part.length;
    while (from <= lastStart && effort.left > 0 && !fits(from)) {
      from++;
      effort.left--;
    }
    if (from > lastStart || effort.left <= 0) return false;
    from += part.length;
  }
  return true;
}

function fitsAt(text: readonly string[], part: readonly string[], start: number, effort: Effort): boolean {
  const differs = part.findIndex((letter, offset) => letter !== anyLetter && letter !== text[start + offset]);
  effort.left -= differs === -1 ? part.length : differs;
  return differs === -1;
}

/** No letter is empty. */
const anyLetter = "";

/** What stands between the stars. */
function partsOf(pattern: string): string[][] {
  const letters = (part: string) => fold(part).map((letter) => (letter === "?" ? anyLetter : letter));
  return pattern.split("*").map(letters);
}

/** By code point, so that `?` is one character, and without regard to case. */
function fold(text: string): string[] {
  return [...text.toLowerCase()];
}
