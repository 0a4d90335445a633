import type { SettleVerdict } from '../../send/ledger/settle.js';
import type { SurveyState } from '../../send/ledger/survey.js';
import type { CommonFlags } from '../options/option.js';

/** What `ledger` takes. */
export interface LedgerFlags extends CommonFlags {
  readonly format: 'pretty' | 'json' | 'ndjson' | 'csv';
  readonly state?: SurveyState;
  readonly run?: number;
  readonly session?: string;
  readonly settle?: SettleVerdict;
  readonly salvage?: string;
  readonly yes?: boolean;
}
