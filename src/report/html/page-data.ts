/** What the page's script is told of the report: the rest stands in the page's own tables. */
export interface PageData {
  /** Seconds of audio a bin. */
  readonly bin: number;
  readonly clips: readonly PageClip[];
}

/** A clip; its graphs as `counts-text.ts` writes them. */
export interface PageClip {
  readonly id: string;
  readonly duration: number;
  readonly known: boolean;
  readonly plays: number;
  readonly retention: string;
  readonly startAt: string;
  readonly dropOff: string;
  readonly skips: string;
}
