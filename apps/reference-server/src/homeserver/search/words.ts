/** The words of a text, in lower case and without accents: what is found by each other. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase();
  return (plain.match(/[\p{L}\p{N}_]+/gu) ?? []).map((word) => [...word].slice(0, longestWord).join(""));
}

const longestWord = 64;
