/** How a terminal shows text. */
export interface Glyphs {
  /** What a reader sees as characters, each as it is shown. */
  readonly of: (text: string) => readonly string[];
  /** How many columns one of them takes. */
  readonly columns: (glyph: string) => number;
}

const ASCII = /^[\t\x20-\x7e]*$/;

const OF_ASCII: Glyphs = {
  of: (text) => text.replaceAll('\t', ' ').split(''),
  columns: () => 1,
};

/** How texts are shown. What it takes to know that of any script is loaded only where one of them asks for it. */
export async function glyphsFor(texts: Iterable<string>): Promise<Glyphs> {
  for (const text of texts) {
    if (!ASCII.test(text)) return (await import('./any-glyphs.js')).ANY_GLYPHS;
  }
  return OF_ASCII;
}
