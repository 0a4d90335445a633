import { escaped, pluralize } from '../../domain/text.js';
import type { Delivery, DeliveryEnd, Undelivered } from '../../send/delivery.js';
import type { StopReason } from '../../send/policy.js';
import { UNTOLD } from '../../send/run.js';
import { safeCommand, shellWords } from '../../send/shell.js';
import type { Cli } from '../cli.js';
import { colorsFor, formatBytes, formatDuration } from '../terminal.js';
import type { SendFlags } from './flags.js';
import { alreadyDelivered, type Result, type SentPass } from './result.js';

type Colors = ReturnType<typeof colorsFor>;

/** The result for people: delivered, not, why, and what to do next. */
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
    const why = WHY_ENDED[pass.delivery.end.kind](pass.delivery.end as never);
    if (why !== '') lines.push(colors.red(why));
    lines.push(...next(result, cli).map(escaped), ...afterwards(result, pass, flags));
  }
  return `${lines.join('\n')}\n`;
}

function changedText({ load: { counts }, pass }: Result): string {
  const { changed, newlyChanged } = counts;
  const where =
    newlyChanged === 0
      ? 'as an earlier run has told'
      : `${pluralize(newlyChanged, 'session')} of them written to ${pass?.deadLetters}`;
  return `changed: ${pluralize(changed, 'session')} with other events than were delivered, not sent: ${where}`;
}

function enabledText(delivery: Delivery, planned: number, colors: Colors): string {
  if (delivery.enabled === true) return colors.green('true');
  if (delivery.enabled === null) return planned === 0 ? 'not asked: nothing was to be sent' : 'no answer';
  const whose = delivery.disabled.map((id) => `organization ${escaped(id)}`).join(', ');
  return `${colors.red('false')} (${whose}: stopped, as the API asks)`;
}

function deliveredText(delivery: Delivery, planned: number): string {
  const { sessions, events, requests, bytesSent, seconds } = delivery;
  const again = requests.retried === 0 ? '' : `, ${pluralize(requests.retried, 'retry', 'retries')}`;
  return `delivered: ${sessions.delivered} of ${pluralize(planned, 'session')}, ${pluralize(events.delivered, 'event')}, in ${pluralize(requests.delivered, 'request')}${again} (${formatBytes(bytesSent)}, ${formatDuration(seconds)})`;
}

/** A line for each reason, and for what no request was made for. */
function undeliveredText({ sessions, load }: Result, { delivery, deadLetters }: SentPass): string[] {
  const { held, refused } = load.counts;
  const told = (state: Undelivered['state']): number =>
    delivery.undelivered.reduce((sum, some) => sum + (some.state === state ? some.sessions : 0), 0);
  const untold = {
    ambiguous: sessions.ambiguous - held - told('ambiguous'),
    left: sessions.left - told('left'),
  };
  const isUntold = (reason: Undelivered) => reason.sentence === UNTOLD && reason.state !== 'refused';
  const reasons = delivery.undelivered.filter((reason) => !isUntold(reason));
  for (const state of ['ambiguous', 'left'] as const) {
    const same = delivery.undelivered.find((reason) => isUntold(reason) && reason.state === state);
    const some = untold[state] + (same?.sessions ?? 0);
    if (some > 0) reasons.push({ state, sentence: UNTOLD, excerpt: '', sessions: some });
  }
  const lines = reasons.map(({ state, sessions: some, sentence, excerpt }) => {
    const answer =
      excerpt.trim() === '' ? '' : `; the answer begins ${JSON.stringify(excerpt.slice(0, 120))}`;
    return `${state}: ${pluralize(some, 'session')}: ${escaped(sentence)}${escaped(answer)}`;
  });
  if (held > 0) lines.push(`ambiguous: ${pluralize(held, 'session')} of an earlier run, not sent again`);
  if (refused > 0)
    lines.push(
      `refused: ${pluralize(refused, 'session')} in an earlier run, not sent again (--retry-refused sends them)`,
    );
  if (delivery.sessions.refused > 0)
    lines.push(`What was refused is in ${escaped(deadLetters)}: mend it, and send that file`);
  return lines;
}

const WHY_STOPPED: Readonly<Record<StopReason, (waitMs: number) => string>> = {
  way: () => 'Stopped: such an answer is about the way, not the data, and nothing else would get through',
  retries: () => 'Stopped: the retries are used up (--retries)',
  'long-wait': (waitMs) =>
    `Stopped: it asks to wait ${formatDuration(waitMs / 1000)}, and over 5 minutes are not waited`,
  deadline: () => 'Stopped: the wait would end after the --deadline',
  doubt: () =>
    'Stopped: three requests in a row may have been counted, or not, with nothing delivered between',
  refused: () =>
    'Stopped: so many sessions in a row were refused (--max-refused) that the data may not be why; they count as left',
};

const WHY_ENDED: { readonly [K in DeliveryEnd['kind']]: (end: Extract<DeliveryEnd, { kind: K }>) => string } =
  {
    finished: () => '',
    disabled: () => '',
    broken: () => '',
    interrupted: () => 'Stopped by a signal; what was on its way was settled',
    deadline: () => 'Stopped: the --deadline was reached',
    stopped: ({ why, waitMs }) => WHY_STOPPED[why](waitMs),
    unwritable: ({ error }) => `Stopped, since it could not be written down: ${escaped(error.message)}`,
  };

function next({ sessions, load, claim }: Result, { args }: Cli): string[] {
  if (sessions.left + sessions.ambiguous === 0) return [];
  const command = safeCommand(args);
  if (claim === null) {
    return [
      'There is no ledger: running the same command again sends everything again, what was delivered too.',
    ];
  }
  if (sessions.left > 0) return [`Next: the same command goes on where it stopped: ${command}`];
  const own = sessions.ambiguous > load.counts.held ? [claim.path] : [];
  const ledgers = [...new Set([...own, ...load.counts.heldIn])].map(
    (path) => `omny-consume ledger ${shellWords([path])}`,
  );
  return [
    `Next: look in Omny Studio whether these sessions were counted: ${ledgers.map((ledger) => `${ledger} --state ambiguous`).join('; ')}`,
    ...ledgers.flatMap((ledger) => [
      `Where they were: ${ledger} --settle delivered --state ambiguous`,
      `Where not: ${ledger} --settle not-sent --state ambiguous`,
    ]),
    `Then, or to send them again whatever was counted (--on-ambiguous resend): ${command}`,
  ];
}

function afterwards({ endpoint }: Result, { delivery, shortSessions }: SentPass, flags: SendFlags): string[] {
  if (delivery.sessions.delivered === 0) return [];
  const short =
    shortSessions === 0
      ? ''
      : ` ${pluralize(shortSessions, 'session')} under ${flags.minDuration} s will not show.`;
  if (endpoint.kind === 'mock') return [`The built-in mock took it: nothing left this machine.${short}`];
  if (endpoint.loopback) return [`It went to ${endpoint.host} on this machine, not to Omny.${short}`];
  return [`Results show in Omny Studio after up to 10 minutes.${short}`];
}
