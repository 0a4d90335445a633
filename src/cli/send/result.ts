import { escaped } from '../../rules/words.js';
import type { Delivery } from '../../send/delivery.js';
import type { Endpoint } from '../../send/endpoint.js';
import type { Prepared } from '../../send/prepare.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { EXIT, type ExitCode, strongest } from '../exit-code.js';
import { count, size, span } from '../words.js';
import type { SendFlags } from './command.js';
import { alreadyDelivered } from './plan-text.js';

/** What a run of `send` came to. */
export interface Result {
  readonly endpoint: Endpoint;
  readonly exitCode: ExitCode;
  readonly prepared: Prepared;
  /** Null where nothing was sent. */
  readonly delivery: Delivery | null;
  /** Sessions to be sent that were not delivered. */
  readonly left: number;
  /** Delivered sessions under the duration that the portal shows. */
  readonly shortSessions: number;
  readonly deadLetters: string | null;
}

interface Sent {
  readonly delivery: Delivery;
  readonly shortSessions: number;
  readonly deadLetters: string | null;
}

/** @param code What else decides the exit code. */
export function resultOf(prepared: Prepared, endpoint: Endpoint, code: ExitCode, sent?: Sent): Result {
  const left = prepared.sessions.length - (sent?.delivery.sessions.delivered ?? 0);
  const codes = sent
    ? [
        code,
        left > 0 ? EXIT.incomplete : EXIT.ok,
        sent.delivery.disabled.length > 0 ? EXIT.disabled : EXIT.ok,
      ]
    : [code];
  return {
    endpoint,
    prepared,
    left,
    exitCode: strongest(...codes),
    delivery: sent?.delivery ?? null,
    shortSessions: sent?.shortSessions ?? 0,
    deadLetters: sent?.deadLetters ?? null,
  };
}

/** The result as the JSON that `cli.md` documents. */
export function resultJson({ endpoint, exitCode, prepared, delivery, left }: Result): string {
  const { sessions, events } = prepared.summary;
  return `${JSON.stringify({
    version: 1,
    endpoint: endpoint.url,
    enabled: delivery?.enabled ?? null,
    exitCode,
    sessions: {
      read: sessions,
      delivered: delivery?.sessions.delivered ?? 0,
      alreadyDelivered: prepared.alreadyDelivered,
      invalid: prepared.invalidSessions,
      refused: 0,
      ambiguous: 0,
      left,
      otherShard: 0,
    },
    events: { read: events, delivered: delivery?.events.delivered ?? 0 },
    requests: delivery?.requests ?? { sent: 0, delivered: 0, retried: 0 },
    bytesSent: delivery?.bytesSent ?? 0,
    seconds: Math.round((delivery?.seconds ?? 0) * 1000) / 1000,
  })}\n`;
}

/** The result for people: delivered, not, why, and what to do next. */
export function resultText(result: Result, flags: SendFlags, cli: Cli): string {
  const colors = colorsFor(cli.stdout, flags.output === undefined ? flags.color : 'never', cli.env);
  const { delivery, prepared, left } = result;
  const lines = [`Enabled: ${enabledText(delivery, colors)}`];
  if (delivery) lines.push(deliveredText(delivery, prepared));
  if (prepared.invalidSessions > 0) {
    lines.push(
      `invalid: ${count(prepared.invalidSessions, 'session')} left out, written to ${result.deadLetters}`,
    );
  }
  if (prepared.alreadyDelivered > 0) {
    lines.push(
      `already delivered: ${count(prepared.alreadyDelivered, 'session')}: ${alreadyDelivered(result.endpoint)}`,
    );
  }
  if (prepared.strayEvents > 0) {
    lines.push(`left out: ${count(prepared.strayEvents, 'event')} without a usable SessionId`);
  }
  for (const { sessions, sentence, excerpt } of delivery?.left ?? []) {
    const answer =
      excerpt.trim() === '' ? '' : `; the answer begins ${JSON.stringify(excerpt.slice(0, 120))}`;
    lines.push(colors.red(`left: ${count(sessions, 'session')}: ${escaped(sentence)}${escaped(answer)}`));
  }
  const untold = left - (delivery?.left ?? []).reduce((sum, { sessions }) => sum + sessions, 0);
  if (untold > 0)
    lines.push(colors.red(`left: ${count(untold, 'session')}: the run ended before their turn`));
  if (left > 0) {
    lines.push(
      'Nothing was written down: running the same command again sends everything again, what was delivered too.',
    );
  }
  lines.push(...afterwards(result, flags));
  return `${lines.join('\n')}\n`;
}

function enabledText(delivery: Delivery | null, colors: ReturnType<typeof colorsFor>): string {
  if (delivery?.enabled === true) return colors.green('true');
  if (delivery?.enabled !== false) return 'no answer';
  const whose = delivery.disabled.map((id) => `organization ${escaped(id)}`).join(', ');
  return `${colors.red('false')} (${whose}: stopped, as the API asks)`;
}

function deliveredText(delivery: Delivery, { sessions }: Prepared): string {
  const { requests, bytesSent, seconds } = delivery;
  const of = count(sessions.length, 'session');
  return `delivered: ${delivery.sessions.delivered} of ${of}, ${count(delivery.events.delivered, 'event')}, in ${count(requests.delivered, 'request')} (${size(bytesSent)}, ${span(seconds)})`;
}

function afterwards({ delivery, endpoint, shortSessions }: Result, { minDuration }: SendFlags): string[] {
  if (!delivery || delivery.sessions.delivered === 0) return [];
  const short =
    shortSessions === 0 ? '' : ` ${count(shortSessions, 'session')} under ${minDuration} s will not show.`;
  if (endpoint.kind === 'mock') return [`The built-in mock took it: nothing left this machine.${short}`];
  return [`Results show in Omny Studio after up to 10 minutes.${short}`];
}
