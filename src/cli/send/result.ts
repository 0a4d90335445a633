import { escaped, formatDuration, pluralize } from '../../domain/text.js';
import type { Delivery } from '../../send/delivery.js';
import type { Endpoint } from '../../send/endpoint.js';
import { isLong, type Plan } from '../../send/plan.js';
import type { SelectionCounts } from '../../send/selection.js';
import { EXIT, type ExitCode, worstExitCode } from '../cli.js';
import { formatBytes, listeningText } from '../terminal.js';
import type { SendFlags } from './flags.js';
import { lengthText, withoutIdsText } from './guards.js';
import type { Checked } from './input-pass.js';
import type { Claim } from './ledger-files.js';
import type { Load } from './load.js';

/** A checked input, and the sessions of it to send. */
export interface Input {
  readonly checked: Checked;
  readonly load: Load;
  readonly endpoint: Endpoint;
  /** Null without a ledger. */
  readonly claim: Claim | null;
}

/** The result of a second pass. */
export interface SentPass {
  readonly delivery: Delivery;
  /** How many delivered sessions are too short for the portal to show. */
  readonly shortSessions: number;
  readonly deadLetters: string;
}

/** The sessions by state. The counts add up to the sessions read. */
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

/** The result of a run of `send`. */
export interface Result extends Input {
  readonly exitCode: ExitCode;
  readonly sessions: SessionCounts;
  /** Null when nothing was sent. */
  readonly pass: SentPass | null;
}

/** @param code Another exit code that can apply. */
export function resultOf(input: Input, code: ExitCode, pass?: SentPass): Result {
  const sessions = countsOf(input, pass?.delivery);
  const codes = [code];
  if (input.checked.summary.unreadable + input.checked.unmappedPlaces > 0) codes.push(EXIT.invalid);
  if (pass) {
    if (sessions.left + sessions.ambiguous > 0) codes.push(EXIT.incomplete);
    const newly = pass.delivery.sessions.refused + input.load.counts.newlyChanged;
    if (newly > 0) codes.push(EXIT.refused);
    if (pass.delivery.disabled.length > 0) codes.push(EXIT.disabled);
  }
  return { ...input, sessions, exitCode: worstExitCode(...codes), pass: pass ?? null };
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

/**
 * The result as the JSON that `docs/outputs.md` documents.
 * @param plan What a run without `--dry-run` would send.
 */
export function resultJson(
  { endpoint, exitCode, checked, pass, sessions, claim }: Result,
  plan?: Plan,
): string {
  const read = Object.values(sessions).reduce((sum, some) => sum + some, 0);
  return `${JSON.stringify({
    version: 1,
    endpoint: endpoint.url,
    enabled: pass?.delivery.enabled ?? null,
    exitCode,
    sessions: { read, ...sessions },
    unreadable: checked.summary.unreadable,
    unmapped: checked.unmappedSessions,
    ledger: claim?.path ?? null,
    events: { read: checked.summary.events, delivered: pass?.delivery.events.delivered ?? 0 },
    requests: pass?.delivery.requests ?? { sent: 0, delivered: 0, retried: 0 },
    bytesSent: pass?.delivery.bytesSent ?? 0,
    seconds: Math.round((pass?.delivery.seconds ?? 0) * 1000) / 1000,
    ...(plan && { plan }),
  })}\n`;
}

/** Why sessions of a capture are not sent again. */
export function alreadyDelivered({ host }: Endpoint): string {
  return `${host} answered Enabled: true in the capture`;
}

/** The text of `--dry-run`: what would be sent, and where. */
export function planText(
  { load: { plan, counts }, checked, endpoint }: Input,
  claim: Claim | null,
  flags: SendFlags,
): string {
  const lines = [
    `Would send to ${endpoint.kind === 'mock' ? 'the built-in mock' : endpoint.url}:`,
    `  ${load(plan)}`,
    ...(plan.groups.length > 1
      ? plan.groups.map(
          (group) => `    organization ${group.organizationId}, ${group.source}: ${load(group)}`,
        )
      : plan.groups.map(
          ({ organizationId, source }) => `  organization ${organizationId}, Source ${source}`,
        )),
  ];
  if (plan.sessions > 0) lines.push(`  ${lengthText(plan)}`);
  if (isLong(plan)) lines.push('  These are long: to send them to another host with --yes, add --allow-long');
  if (plan.seconds !== null)
    lines.push(
      `  at least ${formatDuration(plan.seconds)} ${Number.isFinite(flags.pace) ? 'at this pace' : 'at the rate of requests'}`,
    );
  lines.push(...rewritingLines(checked, flags));
  if (checked.keptOut > 0)
    lines.push(`  ${pluralize(checked.keptOut, 'session')} left out by --since and --until`);
  if (counts.beyondLimit > 0)
    lines.push(`  ${pluralize(counts.beyondLimit, 'session')} not sent because of --limit`);
  if (claim) lines.push(...ledgerLines(counts, claim));
  if (checked.otherShard > 0) lines.push(`  ${pluralize(checked.otherShard, 'session')} of other shards`);
  if (checked.invalidSessions > 0)
    lines.push(`  ${pluralize(checked.invalidSessions, 'invalid session')} left out`);
  if (checked.summary.unreadable > 0)
    lines.push(
      `  ${pluralize(checked.summary.unreadable, 'row or line', 'rows or lines')} that cannot be read left out`,
    );
  if (checked.unmappedSessions > 0)
    lines.push(
      `  ${pluralize(checked.unmappedSessions, 'session')} left out: their clips are not in the clip map`,
    );
  lines.push(...checked.listening.map((lengths) => `  ${listeningText(lengths)}`));
  if (checked.captured > 0)
    lines.push(`  ${pluralize(checked.captured, 'session')} left out: ${alreadyDelivered(endpoint)}`);
  if (checked.strayEvents > 0)
    lines.push(`  ${pluralize(checked.strayEvents, 'event')} without a usable SessionId left out`);
  if (plan.oversize > 0)
    lines.push(
      `  ${pluralize(plan.oversize, 'session')} larger than --batch-bytes, each in a request of its own`,
    );
  if (!endpoint.loopback && checked.rowsWithoutId > 0)
    lines.push(`  ${withoutIdsText(checked.rowsWithoutId)}`);
  if (checked.simulated)
    lines.push('  Some sessions were made by simulate. To send them to another host, add --allow-simulated');
  return `${lines.map(escaped).join('\n')}\nNothing was sent.\n`;
}

function rewritingLines({ moved, clipMap }: Checked, flags: SendFlags): string[] {
  const lines: string[] = [];
  if (moved.by !== 0)
    lines.push(`  times moved by ${formatDuration(Math.abs(moved.by) / 1000)}${moved.by < 0 ? ' back' : ''}`);
  if (flags.newSessionIds) lines.push('  with new SessionIds');
  if (flags.setOrganization) lines.push(`  every OrganizationId replaced with ${flags.setOrganization}`);
  if (flags.setClip) lines.push(`  every ClipId replaced with ${flags.setClip}`);
  if (clipMap) lines.push(`  ids replaced with the ClipIds of ${flags.clipMap}`);
  if (Number.isFinite(flags.pace)) lines.push(`  at ${flags.pace} times the original speed`);
  return lines;
}

function ledgerLines(counts: SelectionCounts, { path, others }: Claim): string[] {
  const { alreadyDelivered, changed, refused, held, inDoubt } = counts;
  const lines = [`  ledger ${path}${others.length === 0 ? '' : `, with ${others.join(', ')}`}`];
  if (alreadyDelivered > 0) lines.push(`    ${pluralize(alreadyDelivered, 'session')} delivered already`);
  if (changed > 0)
    lines.push(`    ${pluralize(changed, 'session')} changed since they were delivered: not sent`);
  if (refused > 0) lines.push(`    ${pluralize(refused, 'session')} refused in an earlier run`);
  if (held > 0)
    lines.push(
      `    ${pluralize(held, 'session')} held: it is unknown whether an earlier run’s requests were counted`,
    );
  if (inDoubt > 0) lines.push(`    ${pluralize(inDoubt, 'session')} to send could have been counted already`);
  return lines;
}

function load({
  requests,
  sessions,
  events,
  bytes,
  playedSeconds,
}: Omit<Plan, 'groups'> | Plan['groups'][number]): string {
  return [
    pluralize(requests, 'request'),
    formatBytes(bytes),
    pluralize(sessions, 'session'),
    pluralize(events, 'event'),
    `${formatDuration(playedSeconds)} of listening`,
  ].join(', ');
}
