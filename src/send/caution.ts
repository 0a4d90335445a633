import type { Endpoint } from './endpoint.js';
import type { OnAmbiguous } from './policy.js';

const POLITE_RATE = 10;

/** Requests a second that an endpoint is sent unless told: 10 off loopback, as many as it answers on it (undefined). */
export function politeRate({ loopback }: Endpoint): number | undefined {
  return loopback ? undefined : POLITE_RATE;
}

/** What is done with what may have been counted, unless told: sent again on this machine only. */
export function cautiousOnAmbiguous({ loopback }: Endpoint): OnAmbiguous {
  return loopback ? 'resend' : 'hold';
}
