import { ENDPOINT, type Page } from './page.js';
import type { World } from './world.js';

/** How the endpoint answers. `lost`: it counts the request, and no answer comes. `cut`: half of one. `refuse`: no connection. */
export type Behaviour = 'well' | '503' | '429' | '500' | 'html' | 'lost' | 'cut' | 'refuse' | 'disabled';

/** A request that a page sent. */
export interface Exchange {
  /** In ms. */
  readonly at: number;
  readonly url: string;
  readonly type: string;
  readonly body: string;
  readonly page: number;
  readonly beacon: boolean;
  readonly status: number;
  readonly answer: string;
  /** The endpoint has counted its sessions. */
  readonly counted: boolean;
  /** What the page was told: the status of an answer, 0 that there is none; null: nothing, or the page is gone. */
  told: number | null;
}

/** What browsers let be on its way in requests that outlive their page. */
const KEEPALIVE_LIMIT = 65_536;

/** The network, and the endpoint at its other end. */
export class Server {
  behaviour: Behaviour = 'well';
  readonly exchanges: Exchange[] = [];
  #onTheWay = 0;

  constructor(private readonly world: World) {}

  /** A beacon: nobody sees its answer. */
  beacon(page: Page, url: string, type: string, body: string): boolean {
    if (this.#onTheWay + body.length > KEEPALIVE_LIMIT) return false;
    this.#travel(body.length, () => this.#arrive(page, { url, type, body }, true));
    return true;
  }

  fetch(page: Page, url: string, type: string, body: string): Promise<object> {
    // A recorder that sends without end gets no answer any more.
    if (this.exchanges.length > MOST_EXCHANGES) return new Promise(() => {});
    return new Promise((done, failed) => {
      const fail = () => {
        this.world.promised = true;
        failed(new TypeError('Failed to fetch'));
      };
      if (!this.world.online || this.#onTheWay + body.length > KEEPALIVE_LIMIT) {
        this.world.after(1, page, fail);
        return;
      }
      this.#travel(body.length, () => {
        const exchange = this.#arrive(page, { url, type, body }, false);
        this.world.after(this.world.between(5, 100), page, () => {
          exchange.told = exchange.status;
          if (exchange.status === 0) {
            fail();
            return;
          }
          this.world.promised = true;
          const text = async () => {
            this.world.promised = true;
            if (exchange.answer === 'cut') throw new TypeError('network error');
            return exchange.answer;
          };
          done({ status: exchange.status, ok: exchange.status === 200, headers: new Headers(), text });
        });
      });
    });
  }

  #travel(bytes: number, arrive: () => void): void {
    this.#onTheWay += bytes;
    this.world.after(this.world.between(5, 150), null, () => {
      this.#onTheWay -= bytes;
      arrive();
    });
  }

  #arrive(page: Page, request: Pick<Exchange, 'url' | 'type' | 'body'>, beacon: boolean): Exchange {
    const behaviour = this.world.online ? this.behaviour : 'refuse';
    const isKnown = request.url.split('?')[0] === ENDPOINT;
    const { status, answer, counted } = isKnown || behaviour === 'refuse' ? ANSWERS[behaviour] : NOT_FOUND;
    const exchange = {
      at: this.world.now,
      ...request,
      page: page.number,
      beacon,
      status,
      answer,
      counted,
      told: null,
    };
    this.exchanges.push(exchange);
    return exchange;
  }
}

const MOST_EXCHANGES = 400;

const NOT_FOUND = { status: 404, answer: '{}', counted: false };

const ANSWERS: Readonly<Record<Behaviour, Pick<Exchange, 'status' | 'answer' | 'counted'>>> = {
  well: { status: 200, answer: '{"Enabled":true}', counted: true },
  disabled: { status: 200, answer: '{ "Enabled": false }', counted: true },
  html: { status: 200, answer: '<html>', counted: true },
  cut: { status: 200, answer: 'cut', counted: true },
  lost: { status: 0, answer: '', counted: true },
  refuse: { status: 0, answer: '', counted: false },
  '429': { status: 429, answer: '<html>', counted: false },
  '500': { status: 500, answer: '<html>', counted: false },
  '503': { status: 503, answer: '<html>', counted: false },
};
