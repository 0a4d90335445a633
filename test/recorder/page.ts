import { compileFunction } from 'node:vm';
import { MediaElement } from './media-element.js';
import type { World } from './world.js';

/** The text of a recorder, ready to be run once a page. */
export type RecorderSource = (scope: Scope) => { readonly record: Recorder };

type Recorder = (
  audio: object,
  options: { OrganizationId: string; ClipId: string; endpoint: string },
) => (clip?: string) => void;

/** What a recorder finds in its page. */
interface Scope {
  readonly [name: string]: unknown;
}

const NAMES = [
  'navigator',
  'localStorage',
  'fetch',
  'Blob',
  'Date',
  'URL',
  'setTimeout',
  'addEventListener',
  'AbortController',
  'window',
] as const;

/** Makes ready a recorder from its JavaScript, as `omny-consume recorder` prints it or changed. */
export function recorderFrom(javascript: string): RecorderSource {
  const body = `${javascript.replaceAll(/^export /gm, '')}\nreturn { record };`;
  const run = compileFunction(body, [...NAMES]) as (...scope: unknown[]) => { record: Recorder };
  return (scope) => run(...NAMES.map((name) => scope[name]));
}

export const ENDPOINT = 'https://traffic.example.com/api/consumption/events';
export const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';

type Listener = (event: { type: string }) => void;

/** A blob whose text can be read at once. */
class TextBlob {
  readonly text: string;
  constructor(
    parts: readonly string[] = [],
    readonly options: { type?: string } = {},
  ) {
    this.text = parts.join('');
  }
}

/** A page with an audio element and a recorder. */
export class Page {
  state: 'alive' | 'frozen' | 'gone' = 'alive';
  /** Nobody sees it: timers are slow. */
  hidden = false;
  readonly audio: MediaElement;
  #listeners: { readonly name: string; readonly listener: Listener; readonly signal?: AbortSignal }[] = [];
  /** Ends the session. The next one is of the given clip; without a clip, recording ends. */
  next: (clip?: string) => void;
  readonly #record: Recorder;
  /** Errors that nobody caught. */
  readonly errors: unknown[] = [];

  constructor(
    readonly world: World,
    readonly number: number,
  ) {
    this.audio = new MediaElement(this, this.clip(0));
    const { server, locks } = world;
    const navigator = {
      get onLine() {
        return world.online;
      },
      locks: locks.of(this),
      sendBeacon: (url: string, body: TextBlob | string) => {
        const { type, text } = contentOf(body);
        return server.beacon(this, url, type, text);
      },
    };
    const scope = {
      navigator,
      localStorage: world.storage,
      fetch: (url: string, { method, body }: { method?: string; body: TextBlob | string }) => {
        const { type, text } = contentOf(body);
        return server.fetch(this, method === 'POST' ? url : `${method} ${url}`, type, text);
      },
      Blob: TextBlob,
      Date: { now: () => Math.floor(world.now + world.clockSetBy) },
      URL: { createObjectURL: () => `blob:https://player.example.com/${uuid(world)}` },
      setTimeout: (run: () => void, ms: number) => world.after(ms, this, run),
      addEventListener: (name: string, listener: Listener, { signal }: { signal?: AbortSignal } = {}) =>
        this.#listeners.push({ name, listener, ...(signal && { signal }) }),
      AbortController,
      window: {},
    };
    this.#record = world.recorder(scope).record;
    this.next = this.record();
  }

  /** Has the recorder begin, with the clip that the audio has. */
  record(): (clip?: string) => void {
    return this.#record(this.audio, {
      OrganizationId: ORGANIZATION,
      ClipId: this.audio.clip,
      endpoint: ENDPOINT,
    });
  }

  /** The id of a clip that no other page plays. */
  clip(number: number): string {
    return clipNumbered(this.world.firstClip + this.number * 100 + number);
  }

  dispatch(name: string): void {
    for (const each of this.#listeners) {
      if (each.name !== name || each.signal?.aborted) continue;
      this.caught(() => each.listener({ type: name }));
    }
  }

  /** Calls what the recorder listens with: an error in it ends nothing else. */
  caught(listen: () => void): void {
    try {
      listen();
    } catch (error) {
      this.errors.push(error);
    }
  }

  /** The listener goes to another page. */
  leave(): void {
    this.dispatch('pagehide');
    this.kill();
  }

  /** The process of the page ends, and nothing is told. */
  kill(): void {
    this.audio.halt();
    this.state = 'gone';
    this.world.locks.free(this);
  }

  /** The page is put aside whole: into the cache for going back, or frozen in the background. */
  freeze(): void {
    this.audio.halt();
    this.state = 'frozen';
  }

  thaw(): void {
    this.state = 'alive';
    this.audio.resumeMoving();
  }
}

export function clipNumbered(number: number): string {
  return `9b5c82f7-74cf-4841-a870-${number.toString(16).padStart(12, '0')}`;
}

/** Strings are sent as browsers send them. */
function contentOf(body: TextBlob | string): { readonly type: string; readonly text: string } {
  if (typeof body === 'string') return { type: 'text/plain;charset=UTF-8', text: body };
  return { type: body.options.type ?? '', text: body.text };
}

let uuids = 0;

/** One that no other script has, either. */
function uuid(world: World): string {
  uuids += 1;
  const digits = (count: number) =>
    Array.from({ length: count }, () => Math.floor(world.random() * 16).toString(16)).join('');
  const number = uuids.toString(16).padStart(8, '0');
  return `${number}-${digits(4)}-4${digits(3)}-a${digits(3)}-${digits(12)}`;
}
