/** Whether the whole text fits: https://spec.matrix.org/v1.19/appendices/#glob-style-matching */
export function matchesGlob(text: string, pattern: string): boolean {
  const letters = fold(text);
  return matches(letters, partsOf(pattern), {
    isStart: (index) => index === 0,
    isEnd: (index) => index === letters.length,
  });
}

/** Whether some part of the text fits that begins and ends at the boundary of a word. */
export function containsGlob(text: string, pattern: string): boolean {
  return contains(fold(text), partsOf(pattern));
}

/** The same for words in which stars and question marks stand for themselves. */
export function containsWords(text: string, words: string): boolean {
  return contains(fold(text), [fold(words)]);
}

function contains(text: readonly string[], parts: readonly (readonly string[])[]): boolean {
  const isWord = (index: number) => /^\w$/.test(text[index] ?? "");
  const isBoundary = (index: number) => !isWord(index - 1) || !isWord(index);
  return matches(text, parts, { isStart: isBoundary, isEnd: isBoundary });
}

interface Edges {
  isStart(index: number): boolean;
  isEnd(index: number): boolean;
}

/**
 * The parts between the stars, each at the first place that it fits at, so that no pattern takes longer than its length
 * times the text's: a regular expression with as many stars could take for ever.
 */
function matches(text: readonly string[], parts: readonly (readonly string[])[], { isStart, isEnd }: Edges): boolean {
  let from = 0;
  for (const [index, part] of parts.entries()) {
    const [isFirst, isLast] = [index === 0, index === parts.length - 1];
    const fits = (start: number) =>
      (!isFirst || isStart(start)) && (!isLast || isEnd(start + part.length)) && fitsAt(text, part, start);
    const lastStart = text.length - part.length;
    while (from <= lastStart && !fits(from)) from++;
    if (from > lastStart) return false;
    from += part.length;
  }
  return true;
}

function fitsAt(text: readonly string[], part: readonly string[], start: number): boolean {
  return part.every((letter, offset) => letter === anyLetter || letter === text[start + offset]);
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
