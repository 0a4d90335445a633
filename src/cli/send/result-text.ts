import { escaped, formatDuration, formatNumber, pluralize, safeCommand } from '../../domain/text.js';
import type { Delivery, DeliveryEnd, Undelivered } from '../../send/delivery.js';
import { LedgerLost } from '../../send/ledger/failures.js';
import type { StopReason } from '../../send/policy.js';
import { NOT_REACHED } from '../../send/run.js';
import { type Cli, EXIT } from '../cli.js';
import { colorsFor, formatBytes } from '../terminal.js';
import type { SendFlags } from './flags.js';
import { alreadyDelivered, type Result, type SentPass } from './result.js';

type Colors = ReturnType<typeof colorsFor>;

/** The result for people: what was delivered, what was not, why, and what to do next. */
export function resultText(result: Result, flags: SendFlags, cli: Cli): string {
  const colors = colorsFor(cli.stdout, flags.output === undefined ? flags.color : 'never', cli.env);
  const { pass, sessions, checked, load } = result;
  const lines: string[] = [];
  if (result.claim) lines.push(`ledger: ${result.claim.path}`);
  if (pass)
    lines.push(
      `Enabled: ${enabledText(pass.delivery, load.plan.sessions, colors)}`,
      deliveredText(pass.delivery, load.plan.sessions),
    );
  const before = load.counts.alreadyDelivered;
  if (before > 0) lines.push(`already delivered: ${pluralize(before, 'session')}, in an earlier run`);
  if (checked.captured > 0)
    lines.push(
      `already delivered: ${pluralize(checked.captured, 'session')}: ${alreadyDelivered(result.endpoint)}`,
    );
  if (load.counts.changed > 0) lines.push(colors.red(changedText(result)));
  if (sessions.invalid > 0)
    lines.push(
      `invalid: ${pluralize(sessions.invalid, 'session')} left out, written to ${escaped(pass?.deadLetters ?? '')}`,
    );
  if (checked.strayEvents > 0)
    lines.push(`left out: ${pluralize(checked.strayEvents, 'event')} without a usable SessionId`);
  if (pass) {
    lines.push(...undeliveredText(result, pass).map((line) => colors.red(line)));
    lines.push(...whyEnded(pass).map((line) => colors.red(line)));
    lines.push(...nextSteps(result, flags, cli).map(escaped), ...afterwards(result, pass, flags));
  }
  return `${lines.join('\n')}\n`;
}

function changedText({ load: { counts }, pass }: Result): string {
  const { changed, newlyChanged } = counts;
  const where =
    newlyChanged === 0
      ? 'an earlier run reported them'
      : `${pluralize(newlyChanged, 'session')} written to ${pass?.deadLetters}`;
  return `changed: ${pluralize(changed, 'session')} not sent, because the events differ from those that were delivered; ${where}`;
}

function enabledText(delivery: Delivery, planned: number, colors: Colors): string {
  if (delivery.enabled === true) return colors.green('true');
  if (delivery.enabled === null)
    return planned === 0 ? 'unknown (nothing to send)' : 'unknown (no answer contained it)';
  const whose = delivery.disabled.map((id) => `organization ${escaped(id)}`).join(', ');
  return `${colors.red('false')} (${whose}: sending stopped, as the API requires)`;
}

function deliveredText(delivery: Delivery, planned: number): string {
  if (planned === 0) return 'delivered: 0 sessions (no session was left to send)';
  const { sessions, events, requests, bytesSent, seconds } = delivery;
  const again = requests.retried === 0 ? '' : `, ${pluralize(requests.retried, 'retry', 'retries')}`;
  const sent =
    requests.sent > requests.delivered
      ? `${formatNumber(requests.delivered)} of ${pluralize(requests.sent, 'request')} sent`
      : pluralize(requests.delivered, 'request');
  return `delivered: ${formatNumber(sessions.delivered)} of ${pluralize(planned, 'session')}, ${pluralize(events.delivered, 'event')}, in ${sent}${again} (${formatBytes(bytesSent)}, ${formatDuration(seconds)})`;
}

/** One line for each reason, and one for sessions without a request. */
function undeliveredText({ sessions, load }: Result, { delivery, deadLetters }: SentPass): string[] {
  const { held, refused } = load.counts;
  const listed = (state: Undelivered['state']): number =>
    delivery.undelivered.reduce((sum, some) => sum + (some.state === state ? some.sessions : 0), 0);
  const unlisted = {
    ambiguous: sessions.ambiguous - held - listed('ambiguous'),
    left: sessions.left - listed('left'),
  };
  const isUnlisted = (reason: Undelivered) => reason.sentence === NOT_REACHED && reason.state !== 'refused';
  const reasons = delivery.undelivered.filter((reason) => !isUnlisted(reason));
  for (const state of ['ambiguous', 'left'] as const) {
    const same = delivery.undelivered.find((reason) => isUnlisted(reason) && reason.state === state);
    const some = unlisted[state] + (same?.sessions ?? 0);
    if (some > 0) reasons.push({ state, sentence: NOT_REACHED, excerpt: '', sessions: some });
  }
  const lines = reasons.map(({ state, sessions: some, sentence, excerpt }) => {
    const answer =
      excerpt.trim() === '' ? '' : `; the answer begins ${JSON.stringify(excerpt.slice(0, 120))}`;
    return `${state}: ${pluralize(some, 'session')}: ${escaped(sentence)}${escaped(answer)}`;
  });
  if (held > 0)
    lines.push(`ambiguous: ${pluralize(held, 'session')} of an earlier run, held and not sent again`);
  if (refused > 0)
    lines.push(
      `refused: ${pluralize(refused, 'session')} in an earlier run, not sent again (--retry-refused sends them)`,
    );
  if (delivery.sessions.refused > 0)
    lines.push(
      `The ${pluralize(delivery.sessions.refused, 'refused session')} ${delivery.sessions.refused === 1 ? 'was' : 'were'} written to ${escaped(deadLetters)}`,
    );
  return lines;
}

const WHY_STOPPED: Readonly<Record<StopReason, (waitMs: number) => string>> = {
  rejected: () => 'Stopped: the server rejected the request itself, so all other requests would fail too',
  retries: () => 'Stopped: the last retry failed too (--retries sets how many there are)',
  'long-wait': (waitMs) =>
    `Stopped: the server asked to wait ${formatDuration(waitMs / 1000)}; the limit is 5 min`,
  deadline: () => 'Stopped: the next retry would start after the --deadline',
  ambiguous: () => 'Stopped: three requests in a row had an unknown result, and none between them succeeded',
  refused: () =>
    'Stopped: too many sessions in a row were refused (--max-refused); perhaps the data is not the cause. These sessions count as left',
};

const WHY_ENDED: { readonly [K in DeliveryEnd['kind']]: (end: Extract<DeliveryEnd, { kind: K }>) => string } =
  {
    finished: () => '',
    disabled: () => '',
    broken: () => '',
    interrupted: () => 'Stopped by a signal, after open requests had finished',
    deadline: () => 'Stopped: the --deadline was reached',
    stopped: ({ why, waitMs }) => WHY_STOPPED[why](waitMs),
    unwritable: ({ error }) => `Stopped, because the results cannot be saved: ${escaped(error.message)}`,
  };

/** Why a run ended early, and what to do about an exit code other than 0, one line each. */
export function nextCommands(result: Result, flags: SendFlags, cli: Cli): string[] {
  return [...(result.pass ? whyEnded(result.pass) : []), ...nextSteps(result, flags, cli).map(escaped)];
}

function whyEnded({ delivery: { end } }: SentPass): string[] {
  const why = WHY_ENDED[end.kind](end as never);
  return why === '' ? [] : [why];
}

/** What to do about an exit code other than 0, each step with the command to type. */
function nextSteps(result: Result, flags: SendFlags, cli: Cli): string[] {
  const { exitCode, sessions, claim, load, pass } = result;
  if (exitCode === EXIT.ok || pass === null) return [];
  const same = safeCommand(cli.args);
  const steps: string[] = [];
  if (sessions.left + sessions.ambiguous > 0 && claim === null) {
    steps.push(
      `No ledger was kept, so the same command sends everything again, delivered sessions too: ${same}`,
      'With --ledger FILE, the same command would send only the rest.',
    );
  } else if (isLost(pass)) {
    steps.push(
      `Next: restore the ledger, then run the same command again. Without the ledger, delivered sessions would be sent again. ${same}`,
    );
  } else if (sessions.left > 0) {
    steps.push(`Next: ${beforeTheRest(pass)}run the same command again to send the rest: ${same}`);
  } else if (sessions.ambiguous > 0) steps.push(...settlingSteps(result, same));
  if (pass.delivery.sessions.refused > 0) {
    steps.push(
      `Next: correct the refused sessions in that file, and send the file: ${sendingOf(pass.deadLetters, flags)}`,
      `Or, if the endpoint was wrong to refuse them, send them again unchanged: ${safeCommand(cli.args, '--retry-refused')}`,
    );
  }
  if (load.counts.newlyChanged > 0) {
    steps.push(
      `Next: compare the changed sessions with Omny Studio. They are never sent again, since they would count twice. See them: ${safeCommand(['report', pass.deadLetters])}`,
      'To leave out sessions that have not ended yet, add an option such as --until now-24h.',
    );
  }
  return steps.length > 0 || exitCode === EXIT.invalid
    ? steps
    : [`Next: run the same command again: ${same}`];
}

/** What to do before the rest can be sent, as the beginning of a sentence. */
function beforeTheRest({ delivery: { disabled, end } }: SentPass): string {
  if (disabled.length > 0) return 'once the endpoint answers Enabled: true again, ';
  if (end.kind !== 'stopped') return '';
  return BEFORE_THE_REST[end.why] ?? '';
}

const BEFORE_THE_REST: Readonly<Partial<Record<StopReason, string>>> = {
  rejected: 'check the endpoint and the connection, then ',
  ambiguous: 'check the endpoint and the connection, then ',
  refused: 'fix what the response says is wrong, then ',
  'long-wait': 'wait that long, then ',
};

function isLost({ delivery: { end } }: SentPass): boolean {
  return end.kind === 'unwritable' && end.error instanceof LedgerLost;
}

function settlingSteps({ sessions, load, claim }: Result, same: string): string[] {
  const own = claim !== null && sessions.ambiguous > load.counts.held ? [claim.path] : [];
  const ledgers = [...new Set([...own, ...load.counts.heldIn])].map((path) => safeCommand(['ledger', path]));
  return [
    `Next: check in Omny Studio whether these sessions were counted: ${ledgers.map((ledger) => `${ledger} --state ambiguous`).join('; ')}`,
    ...ledgers.flatMap((ledger) => [
      `If they were: ${ledger} --settle delivered --state ambiguous`,
      `If not: ${ledger} --settle not-sent --state ambiguous`,
    ]),
    `Then run the same command again: ${same}`,
    'To send them again without checking, add --on-ambiguous resend; those that were counted then count twice.',
  ];
}

/** The command that sends a file instead of the inputs, to the same endpoint and with the same ledger. */
function sendingOf(file: string, flags: SendFlags): string {
  const { endpoint = '', ledger, known, ca, yes, ledgerAnywhere, allowSimulated, allowLong } = flags;
  const words = ['send', '--endpoint', endpoint];
  if (typeof ledger === 'string') words.push('--ledger', ledger);
  for (const other of known ?? []) words.push('--known', other);
  if (ca !== undefined) words.push('--ca', ca);
  if (yes) words.push('--yes');
  if (ledgerAnywhere) words.push('--ledger-anywhere');
  if (allowSimulated) words.push('--allow-simulated');
  if (allowLong) words.push('--allow-long');
  return safeCommand([...words, file]);
}

function afterwards({ endpoint }: Result, { delivery, shortSessions }: SentPass, flags: SendFlags): string[] {
  if (delivery.sessions.delivered === 0) return [];
  const short =
    shortSessions === 0
      ? ''
      : ` ${pluralize(shortSessions, 'session')} under ${flags.minDuration} s will not show.`;
  if (endpoint.kind === 'mock') return [`Sent to the built-in mock: nothing left this machine.${short}`];
  if (endpoint.loopback) return [`Sent to ${endpoint.host} on this machine, not to Omny.${short}`];
  return [`Results show in Omny Studio after up to 10 minutes.${short}`];
}
