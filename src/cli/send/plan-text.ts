import type { Endpoint } from '../../send/endpoint.js';
import type { Plan } from '../../send/plan.js';
import type { Prepared } from '../../send/prepare.js';
import { count, size, span } from '../words.js';

/** Why sessions of a capture are not sent again. */
export function alreadyDelivered({ host }: Endpoint): string {
  return `${host} answered Enabled: true in the capture`;
}

/** What `--dry-run` prints: what would be sent, and where. */
export function planText(plan: Plan, prepared: Prepared, endpoint: Endpoint): string {
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
  if (plan.seconds !== null) lines.push(`  at least ${span(plan.seconds)} at the rate of requests`);
  if (prepared.invalidSessions > 0)
    lines.push(`  ${count(prepared.invalidSessions, 'invalid session')} left out`);
  if (prepared.alreadyDelivered > 0)
    lines.push(`  ${count(prepared.alreadyDelivered, 'session')} left out: ${alreadyDelivered(endpoint)}`);
  if (prepared.strayEvents > 0)
    lines.push(`  ${count(prepared.strayEvents, 'event')} without a usable SessionId left out`);
  if (plan.oversize > 0)
    lines.push(`  ${count(plan.oversize, 'session')} larger than --batch-bytes, each alone`);
  if (prepared.simulated)
    lines.push('  with sessions that simulate made: off loopback they need --allow-simulated');
  return `${lines.join('\n')}\nNothing was sent.\n`;
}

function load({
  requests,
  sessions,
  events,
  bytes,
  playedSeconds,
}: Omit<Plan, 'groups'> | Plan['groups'][number]): string {
  return [
    count(requests, 'request'),
    size(bytes),
    count(sessions, 'session'),
    count(events, 'event'),
    `${span(playedSeconds)} of listening`,
  ].join(', ');
}
