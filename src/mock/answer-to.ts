import { enabledAnswer, type MockAnswer, messageAnswer } from './answer.js';
import type { Asked } from './asked.js';
import type { Checked } from './book.js';
import type { Fault } from './fault-spec.js';
import type { EndpointParts, Incoming } from './incoming.js';
import { MOST_FINDINGS } from './page-data.js';
import type { Received } from './received.js';

/** A request that has been checked, on its way to an answer. */
export interface Answering {
  readonly received: Received;
  readonly checked: Checked;
  readonly asked: Asked;
  readonly fault: Fault | null;
  readonly incoming: Incoming;
  readonly parts: EndpointParts;
}

/** What is answered where no fault changes it. */
export async function answerTo({
  received,
  checked,
  asked,
  fault,
  incoming: { ledger, target },
  parts,
}: Answering): Promise<{ readonly answer: MockAnswer; readonly heldBack: boolean }> {
  if (received.refused !== null || (ledger.settings.strict && checked.invalid)) {
    const [first] = checked.all.filter(({ severity }) => severity === 'error');
    const message = first ? `${first.rule}: ${first.message}` : 'The body cannot be taken';
    const findings = checked.all.slice(0, MOST_FINDINGS);
    return {
      answer: messageAnswer(received.refused ?? 400, message, { Findings: findings }),
      heldBack: false,
    };
  }
  const local = { answer: enabledAnswer(ledger.enabled), heldBack: false };
  // What a player would send again is not passed on, and neither is what an answer of our own stands for.
  const whole = fault === null || fault.what.kind === 'delay' || fault.what.kind === 'drip';
  if (!parts.forwarder || !whole || !ledger.enabled || received.text === null) return local;
  const passed = {
    search: target.search,
    contentType: asked.contentType,
    userAgent: asked.userAgent,
    body: received.text,
    sessions: checked.about.sessions,
  };
  if (!parts.forwarder.takes(passed)) return { ...local, heldBack: true };
  return { answer: await parts.forwarder.pass(passed), heldBack: false };
}
