import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/domain/errors.js';
import { type Options, readFixture, readText, told } from './reading.js';

const ALL = 'OrganizationId,ClipId,SessionId,Type,Position,SeqNumber,Timestamp';
const SESSION = 'ClipId,StartedAt,ListenedSeconds';

/** What reading a header refuses with. */
async function refusal(header: string, options: Options = {}): Promise<UserError> {
  const error = await readText(`${header}\n`, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe('the header row', () => {
  it('matches columns without regard to case, underscores, hyphens and spaces', async () => {
    const row = '\no,c,s,Start,0,1,1540270724\n';
    const plain = await readText(ALL + row);
    const odd = await readText(
      `ORGANIZATION_ID,clip-id,Session Id, type ,POSITION,seq__number,time stamp${row}`,
    );
    expect(odd.map((record) => 'value' in record && record.value)).toEqual(
      plain.map((record) => 'value' in record && record.value),
    );
  });

  it.each([',', ';', '\t', '|'])(
    'tells the delimiter %j, whatever a quoted header holds',
    async (delimiter) => {
      const others = ',;\t|'.replace(delimiter, '').repeat(20);
      const header = `${ALL.replaceAll(',', delimiter)}${delimiter}"${others} ""quoted"" "`;
      const cells = ['o', 'c', 's', 'Start', '0', '1', '1540270724', 't'];
      expect(told(await readText(`${header}\n${cells.join(delimiter)}\n`))).toEqual([
        '2:1 Start 0 1 1540270724',
      ]);
    },
  );

  it('uses the delimiter that is given', async () => {
    const header = `${ALL.replaceAll(',', ':')}:a,b,c,d,e,f,g,h,i`;
    expect(await readText(`${header}\no:c:s:Start:0:1:1540270724:t\n`, { delimiter: ':' })).toHaveLength(1);
    const tabs = ALL.replaceAll(',', '\t');
    expect(await readText(`${tabs}\no\tc\ts\tStart\t0\t1\t1540270724\n`, { delimiter: '\\t' })).toHaveLength(
      1,
    );
  });

  it.each(['', '::', '"', '\n'])('refuses the delimiter %j', async (delimiter) => {
    expect(await refusal(ALL, { delimiter })).toMatchObject({ kind: 'usage' });
  });

  it('refuses equal headers, whether it reads them or not', async () => {
    await expect(readFixture('equal-headers.csv')).rejects.toMatchObject({
      kind: 'input',
      message: 'plays.csv: equal headers: ClipId, clip_id',
    });
    expect(await refusal(`${SESSION},Title,Title`)).toMatchObject({
      kind: 'input',
      message: expect.stringContaining('Title'),
    });
    await expect(readText(`${SESSION},Title,title,,\n`)).resolves.toEqual([]);
  });

  it('names the columns found and the --map that would help where one is missing', async () => {
    const refused = await refusal('event_time,episode_guid,listen_id,action,playhead_seconds,organization');
    expect(refused.kind).toBe('input');
    expect(refused.message).toMatchInlineSnapshot(
      `"plays.csv: no column for OrganizationId, ClipId, SessionId, Type, Position, Timestamp; found event_time, episode_guid, listen_id, action, playhead_seconds, organization"`,
    );
    expect(refused.advice).toMatchInlineSnapshot(
      `"Perhaps --map OrganizationId=organization --map ClipId=episode_guid --map SessionId=listen_id --map Type=action --map Position=playhead_seconds --map Timestamp=event_time; --organization GUID fills in OrganizationId; a row is read as one event, Start or Stop (--shape events)"`,
    );
    const sessions = await refusal('Episode,Date,Seconds heard');
    expect(sessions.message).toMatchInlineSnapshot(
      `"plays.csv: no column for ClipId, StartedAt or EndedAt, Segments or ListenedSeconds; found Episode, Date, "Seconds heard""`,
    );
    expect(sessions.advice).toMatchInlineSnapshot(
      `"Perhaps --map ClipId=Episode --map StartedAt=Date --map "ListenedSeconds=Seconds heard"; a row is read as one listening session (--shape sessions)"`,
    );
  });

  it('tells of --organization where only that is missing', async () => {
    const header = ALL.replace('OrganizationId,', '');
    const refused = await refusal(header);
    expect(refused.message).toContain('no column for OrganizationId');
    expect(refused.advice).toContain('--organization');
    await expect(readText(header, { organization: 'g' })).resolves.toEqual([]);
  });

  it('wants an event type where the other columns are those of events', async () => {
    const refused = await refusal(ALL.replace('Type', 'action'));
    expect(refused.message).toContain('no column for Type;');
    expect(refused.advice).toContain('--map Type=action');
  });

  it('wants a start and what was heard of session rows', async () => {
    expect((await refusal('ClipId,StartedAt,Speed')).message).toContain(
      'no column for Segments or ListenedSeconds;',
    );
    const refused = await refusal('ClipId,Timestamp,ListenedSeconds');
    expect(refused.message).toContain('no column for StartedAt or EndedAt;');
    expect(refused.advice).toContain('--map StartedAt=Timestamp');
  });

  it('quotes a mapping for the shell, and nothing that a terminal would act on', async () => {
    const refused = await refusal(`"Episode GUID",StartedAt,ListenedSeconds,"\u001b[2J"`);
    expect(refused.advice).toContain('--map "ClipId=Episode GUID"');
    expect(refused.message).toContain('\\u001b');
    expect(refused.message).not.toContain('\u001b');
  });

  it('refuses a --map of a column that is not read, naming the nearest', async () => {
    expect(await refusal(ALL, { map: { ClipID_: 'x', Clip: 'episode' } })).toMatchObject({
      kind: 'usage',
      advice: 'Did you mean --map ClipId=episode?',
    });
    expect((await refusal(ALL, { map: { Listener: 'x' } })).advice).toContain('ListenedSeconds');
    expect((await refusal(ALL, { map: { Whatever: 'x' } })).advice).toContain('OrganizationId, ClipId');
  });

  it('refuses a --map to a header that is not there, naming the nearest', async () => {
    const refused = await refusal(`${SESSION},episode_guid`, { map: { ClipId: 'episode_giud' } });
    expect(refused).toMatchObject({ kind: 'input', advice: 'Did you mean --map ClipId=episode_guid?' });
    expect(refused.message).toContain('"episode_giud"');
  });

  it('reads a mapped column in place of the one of that name', async () => {
    const [event] = await readText(`${SESSION},guid\na,1540270724,9,b\n`, { map: { ClipId: 'guid' } });
    expect(event).toMatchObject({ value: { ClipId: 'b' } });
    const taken = { map: { ClipId: 'SessionId' } };
    const [other] = await readText('SessionId,StartedAt,ListenedSeconds\na,1540270724,9\n', taken);
    expect(other).toMatchObject({
      value: { ClipId: 'a', SessionId: expect.stringMatching(/^[\da-f-]{36}$/) },
    });
  });

  it('refuses an unknown time zone before reading', async () => {
    expect(await refusal('', { timezone: 'Europe/Berln' })).toMatchObject({
      kind: 'usage',
      advice: 'Did you mean Europe/Berlin?',
    });
  });

  it('gives nothing for a file that is empty or only a header', async () => {
    expect(await readText('')).toEqual([]);
    expect(await readText('\n\r\n\n')).toEqual([]);
    expect(await readText('\uFEFF')).toEqual([]);
    expect(await readFixture('header-only.csv')).toEqual([]);
    expect(await readText(ALL)).toEqual([]);
  });

  it.each([
    ['a stray quote', 'ClipId,Started"At,ListenedSeconds\nc,1540270724,9\n'],
    ['a quote never closed', '"ClipId,StartedAt,ListenedSeconds\nc,1540270724,9\n'],
  ])('cannot read on after %s in it', async (_, text) => {
    expect(await readText(`\n${text}`)).toEqual([
      expect.objectContaining({ kind: 'syntax', place: expect.objectContaining({ line: 2 }) }),
    ]);
  });
});
