import { describe, it } from 'vitest';
import { run, transcript } from './run.js';

const NOW = ['--now', '1767225600'];
const ORGANIZATION = ['--organization', '126281f8-200e-4c9f-8378-a4870055423b'];
const DOCUMENT = 'fixtures/document/curl-body.json';
const GOOD = 'fixtures/demo/plays.csv';
const BROKEN = 'fixtures/demo/plays-broken.csv';

/** Each is recorded in `transcripts/`, to be read by people: command, output, errors and exit code together. */
const CASES: Readonly<Record<string, readonly string[]>> = {
  'no-command': [],
  version: ['--version'],
  help: ['--help'],
  'help-validate': ['validate', '--help'],
  'help-send': ['send', '--help'],
  'help-simulate': ['simulate', '--help'],
  'help-convert': ['convert', '--help'],
  'help-mock': ['mock', '--help'],
  'unknown-command': ['vaildate'],
  'unknown-option': ['validate', '--fromat', 'json'],
  'bad-number': ['validate', '--max-warnings', 'few', DOCUMENT],
  'unknown-rule': ['validate', '--rule', 'seq-gpa=off', DOCUMENT],
  'missing-file': ['validate', 'no-such.json', 'fixtures', DOCUMENT],
  'validate-document': ['validate', DOCUMENT],
  'validate-document-as-copied': ['validate', 'fixtures/document/curl-body-as-copied.json'],
  'validate-document-json': ['validate', '--format', 'json', DOCUMENT],
  'validate-max-warnings': ['validate', '--max-warnings', '0', DOCUMENT],
  'validate-rule-off': ['validate', '--rule', 'source-reserved=off', DOCUMENT],
  'validate-rule-error': ['validate', '--rule', 'source-reserved=error', DOCUMENT],
  'validate-good-csv': ['validate', ...NOW, ...ORGANIZATION, GOOD],
  'validate-broken-csv': ['validate', ...NOW, ...ORGANIZATION, BROKEN],
  'validate-color': ['validate', '--color', 'always', DOCUMENT],
  'validate-max-findings': ['validate', ...NOW, '--max-findings', '2', ...ORGANIZATION, BROKEN],
  'validate-other-organization': [
    'validate',
    '--organization',
    '5c20e0a4-7d3f-4b46-8a54-a8f001743e6f',
    DOCUMENT,
  ],
  'validate-header-only': ['validate', 'fixtures/csv/header-only.csv'],
  'validate-warehouse-columns': ['validate', 'fixtures/csv/event-rows-warehouse.csv'],
  'validate-equal-headers': ['validate', 'fixtures/csv/equal-headers.csv'],
  'validate-har': ['validate', ...NOW, 'fixtures/har/string-beacon.har'],
  'validate-har-after-disabled': ['validate', ...NOW, 'fixtures/har/going-on-after-disabled.har'],
  'validate-har-retried': ['validate', ...NOW, 'fixtures/har/failed-and-retried.har'],
  'validate-har-some-without-body': ['validate', ...NOW, 'fixtures/har/blob-beacon-and-fetch.har'],
  'validate-har-all-without-body': ['validate', ...NOW, 'fixtures/har/blob-beacon.har'],
  'validate-har-without-requests': ['validate', ...NOW, 'fixtures/har/beacon-on-unload.har'],
  'validate-no-har': ['validate', '--input-format', 'har', DOCUMENT],
  'convert-har': ['convert', ...NOW, 'fixtures/har/string-beacon.har'],
  'convert-csv': ['convert', ...ORGANIZATION, '--output-format', 'bodies', '--batch-sessions', '2', GOOD],
  'convert-broken': ['convert', ...NOW, ...ORGANIZATION, BROKEN],
  'convert-other-organization': [
    'convert',
    '--organization',
    '5c20e0a4-7d3f-4b46-8a54-a8f001743e6f',
    DOCUMENT,
  ],
  simulate: ['simulate', '--seed', '7', '--sessions', '2'],
  'simulate-fault': ['simulate', '--seed', '7', '--sessions', '1', '--fault', 'seq-start'],
  'simulate-fault-needs-bodies': ['simulate', '--fault', 'session-split'],
  'simulate-unknown-fault': ['simulate', '--fault', 'seq-gpa'],
  'expect-same': [
    'expect',
    '--script',
    'fixtures/scripts/pause-and-seek.txt',
    'fixtures/scripts/as-described.ndjson',
  ],
  'expect-differs': [
    'expect',
    '--script',
    'fixtures/scripts/pause-and-seek.txt',
    'fixtures/scripts/pause-not-reported.ndjson',
  ],
  'expect-bad-script': [
    'expect',
    '--script',
    'fixtures/scripts/misspelt.txt',
    'fixtures/scripts/as-described.ndjson',
  ],
  'help-expect': ['expect', '--help'],
  'simulate-unknown-profile': ['simulate', '--profile', 'skiper'],
  'simulate-bad-start': ['simulate', '--start', '2025-02-30T00:00:00Z'],
  'send-without-endpoint': ['send', DOCUMENT],
  'send-bad-endpoint': ['send', '--endpoint', 'omni', DOCUMENT],
  'send-off-loopback-without-yes': ['send', '--endpoint', 'omny', DOCUMENT],
  'send-dry-run': ['send', '--endpoint', 'omny', '--dry-run', ...NOW, ...ORGANIZATION, GOOD],
  'send-print-curl': ['send', '--endpoint', 'omny', '--print-curl', DOCUMENT],
  'send-har-dry-run': ['send', '--endpoint', 'omny', '--dry-run', ...NOW, 'fixtures/har/string-beacon.har'],
  'send-har-mock': ['send', '--endpoint', 'mock', ...NOW, 'fixtures/har/string-beacon.har'],
  'send-har-already-delivered': [
    'send',
    '--endpoint',
    'omny',
    ...NOW,
    'fixtures/rules/session-sent-again/reject-delivered-before.har',
  ],
  'send-mock': ['send', '--endpoint', 'mock', ...NOW, ...ORGANIZATION, GOOD],
  'send-mock-json': ['send', '--endpoint', 'mock', '--format', 'json', ...NOW, ...ORGANIZATION, GOOD],
  'send-verbose': [
    'send',
    '--endpoint',
    'mock',
    '-v',
    '--batch-sessions',
    '4',
    '--concurrency',
    '1',
    ...NOW,
    ...ORGANIZATION,
    GOOD,
  ],
  'send-invalid': ['send', '--endpoint', 'mock', ...NOW, ...ORGANIZATION, BROKEN],
  'send-nobody-there': ['send', '--endpoint', 'http://127.0.0.1:1', DOCUMENT],
  'mock-bad-fault': ['mock', '--fault', '503@sometimes'],
  'mock-bad-port': ['mock', '--port', '65536'],
  'mock-half-a-pair': ['mock', '--tls-cert', 'test/mock/localhost-cert.pem'],
  'mock-no-pem': ['mock', '--tls-cert', DOCUMENT, '--tls-key', DOCUMENT],
  'mock-forward-off-loopback': ['mock', '--forward', 'omny'],
  'mock-no-such-command': ['mock', '--port', '0', '--', 'no-such-command'],
  'mock-silence': ['mock', '--port', '0', '--', 'true'],
};

describe('the program, as a user sees it', () => {
  it.concurrent.for(Object.entries(CASES))('%s', async ([name, args], { expect }) => {
    await expect(transcript(await run(args))).toMatchFileSnapshot(`transcripts/${name}.txt`);
  });
});
