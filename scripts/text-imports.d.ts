// What text-modules.js makes of such imports, in the build and in vitest.

declare module '*?text' {
  /** The file as it stands. */
  const text: string;
  export default text;
}

declare module '*?script' {
  /** The module, with all it imports, as one script for a browser. */
  const text: string;
  export default text;
}

declare module '*?javascript' {
  /** The TypeScript file without its types. */
  const text: string;
  export default text;
}
