import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Clip, readClips } from '../../src/table/clip-tables.js';
import { catalogueForm, readConsumerClips, readFeed } from '../../src/table/feed.js';

const CLIP = 'b1e2c3d4-5f60-4718-92a3-b4c5d6e7f801';
const OTHER = 'b1e2c3d4-5f60-4718-92a3-b4c5d6e7f802';

const feed = (items: string) => `\ufeff<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:omny="https://omny.fm/rss-extensions">
<channel><title>A show</title><itunes:duration>1</itunes:duration>${items}</channel></rss>`;

describe('clips of a feed', () => {
  it('have an id, a guid, a duration and a title', async () => {
    const clips = await readFeed(
      feed(`
<item><title>One &amp; <![CDATA[<two>]]></title><guid isPermaLink="false">urn:one</guid>
  <media:content><title>no</title></media:content>
  <omny:clipId> ${CLIP} </omny:clipId><itunes:duration>1:00:01</itunes:duration></item>
<item><title></title><omny:clipId>${OTHER}</omny:clipId><itunes:duration>1801</itunes:duration></item>
<item><title>Elsewhere</title><guid>x</guid></item>`),
      'feed.xml',
    );
    expect(clips).toEqual([
      { id: CLIP, externalId: 'urn:one', seconds: 3601, title: 'One & <two>' },
      { id: OTHER, externalId: undefined, seconds: 1801, title: undefined },
    ]);
  });

  it('must be well-formed XML', async () => {
    await expect(readFeed('<rss><channel></rss>', 'feed.xml')).rejects.toThrow(
      'feed.xml: not well-formed XML',
    );
    await expect(readFeed(feed('<item>&bomb;</item>'), 'feed.xml')).rejects.toThrow('not well-formed XML');
  });

  it('must be there', async () => {
    await expect(readFeed(feed('<item><guid>x</guid></item>'), 'feed.xml')).rejects.toThrow(
      'no <item> with an <omny:clipId>',
    );
  });
});

describe('clips of the consumer API', () => {
  const clip = { Id: CLIP, ExternalId: 'ep-1', DurationSeconds: 1800.5, Title: 'One', Other: 1 };
  const read = { id: CLIP, externalId: 'ep-1', seconds: 1800.5, title: 'One' };

  it.each([
    ['under Clips', { Clips: [clip], Cursor: 'x' }],
    ['in an array', [clip, { Name: 'no clip' }]],
    ['alone', clip],
  ])('are read %s', (_where, value) => {
    expect(readConsumerClips(JSON.stringify(value), 'clips.json')).toEqual([read]);
  });

  it('may lack everything but their id', () => {
    const clips = readConsumerClips(
      JSON.stringify([{ Id: CLIP, ExternalId: null, DurationSeconds: 0 }]),
      'c',
    );
    expect(clips).toEqual([{ id: CLIP, externalId: undefined, seconds: undefined, title: undefined }]);
  });

  it('must be there', () => {
    expect(() => readConsumerClips('{}', 'clips.json')).toThrow('no object with the Id of a clip');
    expect(() => readConsumerClips('{', 'clips.json')).toThrow('cannot be read as JSON');
  });
});

it('tells the forms of a catalogue apart by content', () => {
  expect(['\ufeff <rss/>', '[]', ' {}', 'ClipId,Duration'].map(catalogueForm)).toEqual([
    'feed',
    'json',
    'json',
    'csv',
  ]);
});

describe('a list of clips', () => {
  const listed = (bytes: Uint8Array): Promise<readonly Clip[]> => {
    const path = join(mkdtempSync(join(tmpdir(), 'omny-consume-')), 'feed.xml.gz');
    onTestFinished(() => rmSync(dirname(path), { recursive: true }));
    writeFileSync(path, bytes);
    return readClips(path);
  };
  const packed = gzipSync(feed(`<item><omny:clipId>${CLIP}</omny:clipId></item>`));

  it('may be gzip', async () => {
    expect(await listed(packed)).toMatchObject([{ id: CLIP }]);
  });

  it('that is cut short is refused', async () => {
    await expect(listed(packed.subarray(0, -9))).rejects.toThrow('data that ends too early');
  });
});
