import { expect, it } from 'vitest';
import { RULE_IDS } from '../../src/domain/finding.js';
import { blocksSending } from '../../src/validate/findings.js';

it('findings about how a request went do not keep its sessions from being sent; all others do', () => {
  expect(RULE_IDS.filter((id) => !blocksSending(id))).toEqual([
    'sent-after-disabled',
    'content-type',
    'endpoint-path',
    'organization-parameter',
  ]);
});
