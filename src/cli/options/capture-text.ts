import { escaped, pluralize } from '../../domain/text.js';
import type { Capture } from '../../read/har/har.js';

/** What is to be told of a capture beside its findings; empty where there is nothing. */
export function captureText({
  input,
  entries,
  requests,
  withoutBody,
  unanswered,
  statuses,
  disabled,
}: Capture): string {
  const told: string[] = [];
  if (requests === 0) {
    told.push(
      `no POST to /api/consumption/events among ${pluralize(entries, 'exchange')} (a beacon may leave with its page unrecorded: omny-consume mock sees all)`,
    );
  }
  if (withoutBody > 0) {
    told.push(
      `${withoutBody} of ${pluralize(requests, 'request')} without a body, which the browser did not record: left out (omny-consume mock sees all)`,
    );
  }
  if (unanswered > 0) told.push(`${pluralize(unanswered, 'request')} failed, or no answer was recorded`);
  for (const [status, times] of statuses) told.push(`${pluralize(times, 'request')} answered ${status}`);
  if (disabled > 0) told.push(`${pluralize(disabled, 'request')} answered Enabled: false`);
  return told.map((line) => `${escaped(input.name)}: ${line}\n`).join('');
}
