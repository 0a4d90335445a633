import type { Delivery } from '../../send/delivery.js';
import type { Endpoint } from '../../send/endpoint.js';
import { EXIT, type ExitCode, strongest } from '../exit-code.js';
import type { Checked } from './input-pass.js';
import type { Claim } from './ledger-files.js';
import type { Load } from './load.js';

/** An input that was checked, and what of it is to be sent. */
export interface Input {
  readonly checked: Checked;
  readonly load: Load;
  readonly endpoint: Endpoint;
  /** Null without a ledger. */
  readonly claim: Claim | null;
}

/** How a second pass went. */
export interface SentPass {
  readonly delivery: Delivery;
  /** Delivered sessions under the duration that the portal shows. */
  readonly shortSessions: number;
  readonly deadLetters: string;
}

/** Where each session is; together they are what was read. */
export interface SessionCounts {
  readonly delivered: number;
  readonly alreadyDelivered: number;
  readonly changed: number;
  readonly invalid: number;
  readonly refused: number;
  readonly ambiguous: number;
  readonly left: number;
  readonly otherShard: number;
}

/** What a run of `send` came to. */
export interface Result extends Input {
  readonly exitCode: ExitCode;
  readonly sessions: SessionCounts;
  /** Null where nothing was sent. */
  readonly pass: SentPass | null;
}

/** @param code What else decides the exit code. */
export function resultOf(input: Input, code: ExitCode, pass?: SentPass): Result {
  const sessions = countsOf(input, pass?.delivery);
  const codes = [code];
  if (input.checked.summary.unreadable > 0) codes.push(EXIT.invalid);
  if (pass) {
    if (sessions.left + sessions.ambiguous > 0) codes.push(EXIT.incomplete);
    const newly = pass.delivery.sessions.refused + input.load.counts.newlyChanged;
    if (newly > 0) codes.push(EXIT.refused);
    if (pass.delivery.disabled.length > 0) codes.push(EXIT.disabled);
  }
  return { ...input, sessions, exitCode: strongest(...codes), pass: pass ?? null };
}

function countsOf({ checked, load }: Input, delivery?: Delivery): SessionCounts {
  const { chosen, inDoubt, alreadyDelivered, changed, refused, held } = load.counts;
  const run = delivery?.sessions ?? { delivered: 0, refused: 0, ambiguous: 0 };
  const ambiguous = run.ambiguous + inDoubt - (delivery?.takenInDoubt ?? 0);
  return {
    delivered: run.delivered,
    alreadyDelivered: alreadyDelivered + checked.captured,
    changed,
    invalid: checked.invalidSessions,
    refused: run.refused + refused,
    ambiguous: ambiguous + held,
    left: chosen - run.delivered - run.refused - ambiguous,
    otherShard: checked.otherShard,
  };
}

/** The result as the JSON that `cli.md` documents. */
export function resultJson({ endpoint, exitCode, checked, pass, sessions, claim }: Result): string {
  const read = Object.values(sessions).reduce((sum, some) => sum + some, 0);
  return `${JSON.stringify({
    version: 1,
    endpoint: endpoint.url,
    enabled: pass?.delivery.enabled ?? null,
    exitCode,
    sessions: { read, ...sessions },
    unreadable: checked.summary.unreadable,
    unmapped: 0,
    ledger: claim?.path ?? null,
    events: { read: checked.summary.events, delivered: pass?.delivery.events.delivered ?? 0 },
    requests: pass?.delivery.requests ?? { sent: 0, delivered: 0, retried: 0 },
    bytesSent: pass?.delivery.bytesSent ?? 0,
    seconds: Math.round((pass?.delivery.seconds ?? 0) * 1000) / 1000,
  })}\n`;
}
