import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/domain/clock.js';
import type { MockOptions } from '../../src/mock/options.js';
import { type MockEndpoint, startMockEndpoint } from '../../src/mock/start.js';

export const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
export const CLIP = '8b92f2f4-7d1c-4c36-9a53-a4870055423c';
/** When the sessions of these tests were listened to, and now. */
export const HEARD = 1_700_000_000;
export const NOW = HEARD + 100;

/** A mock on a free port until the test ends; its clock stands still. */
export async function started(options: MockOptions = {}): Promise<MockEndpoint> {
  const mock = await startMockEndpoint({ port: 0, clock: standingClock(), ...options });
  onTestFinished(() => mock.close());
  return mock;
}

/** A clock at `NOW` with the machine's timers. */
export function standingClock(): Clock {
  return { ...systemClock, unixSeconds: () => NOW };
}

/** A clock whose timers run when `pass` is called. */
export class HandClock implements Clock {
  readonly asked: number[] = [];
  #timers: { readonly run: () => void }[] = [];

  nowMs(): number {
    return 0;
  }

  unixSeconds(): number {
    return NOW;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { run };
    this.asked.push(delayMs);
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Runs what waits now. */
  pass(): void {
    const due = this.#timers;
    this.#timers = [];
    for (const { run } of due) run();
  }

  get waiting(): number {
    return this.#timers.length;
  }
}

export function sessionId(number: number): string {
  return `0b92f2f4-7d1c-4c36-9a53-${number.toString(16).padStart(12, '0')}`;
}

/** The two events of a session that was heard from 0 to 30 s. */
export function events(
  number = 1,
  { clip = CLIP, seconds = 30, organization = ORGANIZATION } = {},
): object[] {
  const ids = { OrganizationId: organization, ClipId: clip, SessionId: sessionId(number) };
  return [
    { ...ids, Type: 'Start', Position: 0, SeqNumber: 1, Timestamp: HEARD + number * 60 },
    { ...ids, Type: 'Stop', Position: seconds, SeqNumber: 2, Timestamp: HEARD + number * 60 + seconds },
  ];
}

export function bodyOf(...sessions: readonly object[][]): {
  Source: string;
  Events: object[];
  Completed: boolean;
} {
  return { Source: 'CustomWeb', Events: sessions.flat(), Completed: true };
}

export interface Posting {
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly organization?: string | null;
}

/** Posts a body as a player should. */
export function post(
  url: string,
  body: unknown = bodyOf(events()),
  { type = 'application/json', headers = {}, organization = ORGANIZATION }: Posting = {},
): Promise<Response> {
  const target = organization === null ? url : `${url}?organizationId=${organization}`;
  return fetch(target, {
    method: 'POST',
    redirect: 'manual',
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    headers: { 'content-type': type, ...headers },
  });
}

export async function getJson(url: string): Promise<Record<string, unknown>> {
  return (await (await fetch(url)).json()) as Record<string, unknown>;
}

/** What a raw connection got to see. */
export interface Seen {
  readonly text: string;
  /** How it ended: `end` orderly, or the error's code. */
  readonly end: string;
}

/** A raw connection that has sent something. */
export function rawSocket(baseUrl: string, text: string): Socket {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => {
    socket.destroy();
  });
  socket.write(text);
  return socket;
}

/** Sends raw bytes, and reads until the connection ends. */
export function rawExchange(baseUrl: string, text: string): Promise<Seen> {
  return ended(rawSocket(baseUrl, text));
}

export function ended(socket: Socket): Promise<Seen> {
  let text = '';
  let end = 'end';
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      end = error.code ?? 'error';
    });
    socket.on('close', () => resolve({ text, end }));
  });
}

/** A POST as it goes over the wire. */
export function rawPost(
  body: unknown = bodyOf(events()),
  headers: readonly string[] = ['Connection: close'],
): string {
  const text = JSON.stringify(body);
  return [
    `POST /api/consumption/events?organizationId=${ORGANIZATION} HTTP/1.1`,
    'Host: traffic.omny.fm',
    'Origin: https://player.example',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...headers,
    '',
    text,
  ].join('\r\n');
}
