import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SCHEMA } from '../../../src/send/ledger/schema.js';
import { folder, logged, ORGANIZATION, opened, SQLITES, START } from './libraries.js';

const DOC = readFileSync(new URL('../../../docs/ledger.md', import.meta.url), 'utf8');
const [schema = '', ...queries] = [...DOC.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql);

test('the documented schema is the schema', () => {
  expect(SCHEMA.slice(0, SCHEMA.indexOf('PRAGMA')).trim()).toBe(schema.trim());
});

test.each(SQLITES)('the documented queries answer, with $library', async ({ sqlite }) => {
  const path = join(folder(), 'a.ledger');
  const ledger = opened(path, sqlite);
  await ledger.begin(START);
  const request = await ledger.sending({ organization: ORGANIZATION, sessions: [logged(1), logged(2)] });
  await ledger.settled(request, { outcome: 'delivered', status: 200, saw: '', answer: '' });
  const lost = await ledger.sending({ organization: ORGANIZATION, sessions: [logged(3)] });
  await ledger.settled(lost, { outcome: 'ambiguous', status: 502, saw: '502 Bad Gateway', answer: '' });
  await ledger.end({ exitCode: 3, why: 'finished' });
  ledger.close();
  const database = sqlite.open(path, { readOnly: true });
  const answers = queries.map((query) =>
    Array.from(database.prepare(query).iterate(), (row) => Object.values(row)),
  );
  database.close();
  expect(answers).toEqual([
    [
      ['https://traffic.example/api/consumption/events', 1, 2],
      ['https://traffic.example/api/consumption/events', 3, 1],
    ],
    [['00000000000040008000000000000003', '2023-11-14 22:13:20', '502 Bad Gateway']],
    [[1, '2023-11-14 22:13:20', 3, 2]],
  ]);
});
