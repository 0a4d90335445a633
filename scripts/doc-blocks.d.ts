/** A code block of a page. */
export interface Block {
  readonly language: string;
  readonly code: string;
  /** Of its first fence, from 1. */
  readonly line: number;
  /** False where it is marked `no-run`. */
  readonly runs: boolean;
  /** Why it does not run, from the HTML comment before it. */
  readonly reason: string | null;
  /** The file that holds its text, from the HTML comment before it. */
  readonly file: string | null;
}

export interface DocsFolder {
  readonly folder: string;
  write(name: string, text: string): Promise<void>;
  run(language: string, code: string): Promise<{ readonly exitCode: number | null; readonly text: string }>;
  close(): Promise<void>;
}

export function pagesWithBlocks(): Promise<readonly string[]>;
export function blocksOf(page: string): readonly Block[];
export function examplesOf(code: string): readonly { readonly command: string; readonly shown: string }[];
export function masked(text: string): string;
export function exitCodeOf(code: string): number;
export function openDocsFolder(): Promise<DocsFolder>;
