import type { Socket } from 'node:net';

/**
 * The TCP connections of a server. Past the most that it takes, the one that has been idle longest makes room, so that neither a
 * flood nor a leak of idle connections keeps others out.
 */
export class Connections {
  readonly #all = new Map<string, Socket>();
  /** Oldest first. */
  readonly #idle = new Set<string>();

  constructor(readonly most: number) {}

  /** Takes a connection, or closes it where there is no room. */
  take(socket: Socket): void {
    const key = keyOf(socket);
    if (this.#all.size >= this.most) {
      const [oldest] = this.#idle;
      if (oldest === undefined) {
        socket.destroy();
        return;
      }
      this.#idle.delete(oldest);
      this.#all.get(oldest)?.destroy();
      this.#all.delete(oldest);
    }
    this.#all.set(key, socket);
    this.#idle.add(key);
    socket.once('close', () => {
      if (this.#all.get(key) !== socket) return;
      this.#all.delete(key);
      this.#idle.delete(key);
    });
  }

  /** A request has begun on a connection. @param socket It, or the TLS socket above it. */
  busy(socket: Socket): Socket {
    const key = keyOf(socket);
    this.#idle.delete(key);
    return this.#all.get(key) ?? socket;
  }

  /** The request on a connection has ended. */
  idle(socket: Socket): void {
    const key = keyOf(socket);
    if (this.#all.has(key)) this.#idle.add(key);
  }

  get size(): number {
    return this.#all.size;
  }

  closeAll(): void {
    for (const socket of this.#all.values()) socket.destroy();
  }
}

/** A TLS socket and the TCP socket below it have the same. */
function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
