export interface Nights {
  readonly nights: number;
  readonly plays: number;
  readonly seed?: number;
  /** How many days late some plays arrive. */
  readonly lateDays?: number;
  readonly log?: (line: string) => void;
}

/** What nights came to, in plays where nothing else is said. */
export interface NightsDone {
  /** Of `send`. */
  readonly kills: number;
  /** Processes that were started while another had the ledger. */
  readonly second: number;
  /** Parquet files that were sent with `--query`. */
  readonly queries: number;
  readonly requests: number;
  readonly delivered: number;
  /** Counted once for each night that exports them. */
  readonly exported: number;
  readonly settled: number;
  readonly resent: number;
  readonly repeated: number;
  readonly changed: number;
}

export function carryOutNights(nights: Nights): Promise<NightsDone>;
