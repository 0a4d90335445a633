import type { OnAmbiguous } from '../../send/policy.js';
import type { InputFlags } from '../options/input.js';
import type { CommonFlags } from '../options/option.js';
import type { BatchFlags } from '../options/output.js';
import type { RuleFlags } from '../options/rules.js';
import type { RewritingFlags } from './rewriting-options.js';

/** What `send` takes. */
export interface SendFlags extends CommonFlags, InputFlags, RuleFlags, BatchFlags, RewritingFlags {
  readonly shard?: string;
  readonly shardCount?: number;
  readonly ca?: string;
  readonly endpoint?: string;
  readonly concurrency: number;
  /** Requests a second. */
  readonly rate?: number;
  /** Seconds. */
  readonly timeout: number;
  readonly retries: number;
  /** Seconds. */
  readonly deadline?: number;
  readonly maxRefused: number;
  readonly onAmbiguous?: OnAmbiguous;
  /** False: none is kept. */
  readonly ledger?: string | boolean;
  readonly known?: readonly string[];
  readonly ledgerAnywhere?: boolean;
  readonly wait?: boolean;
  readonly retryRefused?: boolean;
  readonly status?: string;
  readonly format: 'pretty' | 'json';
  readonly deadLetter?: string;
  readonly dryRun?: boolean;
  readonly printCurl?: boolean;
  readonly skipInvalid?: boolean;
  readonly yes?: boolean;
  readonly allowSimulated?: boolean;
}
