import { execFile, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startMockEndpoint } from '../../src/mock/start.js';
import { curlCommand, mockEndpoint, parseEndpoint } from '../../src/send/endpoint.js';
import { batches } from '../../src/write/batches.js';
import { manyHeard } from '../write/sessions.js';

const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** What a shell makes of the command: curl's arguments, and its input. */
function words(command: string): { words: string[]; input: string } {
  const curl = `curl() { for word; do printf '%s\\0' "$word"; done; case "$*" in *@-*) cat;; esac; }\n`;
  const { stdout, status } = spawnSync('sh', { input: `${curl}${command}`, encoding: 'utf8' });
  expect(status).toBe(0);
  const parts = stdout.split('\0');
  return { words: parts.slice(0, -1), input: parts.at(-1)! };
}

test('reads as the API document’s example does', () => {
  const body = Buffer.from('{"Source":"Custom","Events":[],"Completed":true}');
  expect(curlCommand({ organizationId: ORGANIZATION, body }, parseEndpoint('omny'))).toBe(
    `curl -X POST \\
  'https://traffic.omny.fm/api/consumption/events?organizationId=${ORGANIZATION}' \\
  -H 'Content-Type: application/json' \\
  --data-raw '{"Source":"Custom","Events":[],"Completed":true}'
`,
  );
});

test('a shell gets the body as it is, whatever stands in it', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom("'; touch /tmp/x; '", '$(id)`id`"\\', '!!', "'\\''", '\\\n', '@file', '%s\\0'),
  );
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 4 }), hostile, (ids, organizationId) => {
      const body = Buffer.from(JSON.stringify({ ids }));
      const { words: seen } = words(
        curlCommand({ organizationId: organizationId, body }, parseEndpoint('omny')),
      );
      expect(seen.at(-1)).toBe(body.toString());
      expect(seen.slice(0, 2)).toEqual(['-X', 'POST']);
      expect(new URL(seen[2]!).searchParams.get('organizationId')).toBe(
        Buffer.from(organizationId).toString(),
      );
    }),
    { numRuns: 60 },
  );
});

test('a body too long for an argument comes as input', () => {
  const body = Buffer.from(JSON.stringify({ ids: [`it's $HOME\\`, 'x'.repeat(300_000)] }));
  const { words: seen, input } = words(
    curlCommand({ organizationId: ORGANIZATION, body }, parseEndpoint('omny')),
  );
  expect(seen.slice(-2)).toEqual(['--data-binary', '@-']);
  expect(input).toBe(`${body.toString()}\n`);
});

test('shows no credentials', () => {
  const command = curlCommand(
    { organizationId: '', body: Buffer.from('{}') },
    parseEndpoint('http://ann:secret@h/'),
  );
  expect(command).not.toMatch(/ann|secret|Basic/);
});

test.runIf(hasCurl)('runs', async () => {
  const mock = await startMockEndpoint({ port: 0 });
  for (const count of [1, 1000]) {
    const { value } = await batches(manyHeard(count), {
      maxSessions: count,
      maxBytes: 1e9,
      defaultSource: 'Custom',
    }).next();
    const endpoint = mockEndpoint(`${mock.url}?tag=[1]`);
    const stdout = await shell(curlCommand(value!, endpoint));
    expect(JSON.parse(stdout)).toEqual({ Enabled: true });
    expect(mock.requests().at(-1)).toMatchObject({
      url: `/api/consumption/events?tag=[1]&organizationId=${ORGANIZATION}`,
      contentType: 'application/json',
      body: JSON.parse(value!.body.toString()),
    });
  }
  await mock.close();
});

function shell(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('sh', (error, stdout) => (error ? reject(error) : resolve(stdout)));
    child.stdin?.end(script);
  });
}
