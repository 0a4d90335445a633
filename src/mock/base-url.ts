import { X509Certificate } from 'node:crypto';

/** Whether an address stands for all of this machine's. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '';
}

/**
 * The URL at which this machine reaches a server: with TLS as `localhost`, where its certificate is for that name and not for the address.
 * @param cert The certificate's PEM text.
 */
export function baseUrlOf(port: number, host: string, cert: string | undefined): string {
  const address = isWildcard(host) ? (host.includes(':') ? '::1' : '127.0.0.1') : host;
  const own = address.includes(':') ? `[${address}]` : address;
  if (cert === undefined) return `http://${own}:${port}`;
  const certificate = new X509Certificate(cert);
  const byName =
    certificate.checkIP(address) === undefined && certificate.checkHost('localhost') !== undefined;
  return `https://${byName ? 'localhost' : own}:${port}`;
}
