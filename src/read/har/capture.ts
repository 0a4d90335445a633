import type { Input } from '../../domain/place.js';

/** What a HAR holds besides what its records say: told, no findings. */
export interface Capture {
  readonly input: Input;
  /** Exchanges of any kind. */
  readonly entries: number;
  /** POSTs to the endpoint. */
  readonly requests: number;
  /** Of those, the ones whose body was not recorded: no record comes of them. */
  readonly withoutBody: number;
  /** Without a status: they failed, or the page was gone before the answer came. */
  readonly unanswered: number;
  /** How often each status that is no 2xx was answered, by status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Answered `Enabled: false`. */
  readonly disabled: number;
}

export interface CaptureOptions {
  /** Called for each HAR before its records come. */
  readonly onCapture?: ((capture: Capture) => void) | undefined;
}
