/**
 * How much goes into one request. A good link gets the whole rest at once; one that broke off for slowness gets pieces
 * that fit into a part of the patience, measured anew each time; a proxy that takes no large bodies gets half.
 */

/** So long a request may last without anything having come of it. */
export const SILENCE_MS = 60_000;
/** A piece should be through in this share of the patience. */
const SHARE = 0.4;
const LEAST_BYTES = 4096;
/** Above this many bytes a second pieces would only cost round trips. */
const GOOD_LINK = 20_000;

export class Pace {
  piece = Infinity;
  ceiling = Infinity;

  /** @param {number} [silence]  milliseconds */
  constructor(silence = SILENCE_MS) {
    this.silence = silence;
  }

  /** Whether the link was found slow. */
  get slow() {
    return this.piece < this.ceiling;
  }

  /** Whether it goes in pieces, for whatever reason. */
  get inPieces() {
    return this.piece < Infinity;
  }

  /**
   * So much went through in so long.
   * @param {number} bytes
   * @param {number} ms
   */
  measured(bytes, ms) {
    const rate = (bytes * 1000) / Math.max(1, ms);
    const fits = Math.max(LEAST_BYTES, Math.floor((rate * this.silence * SHARE) / 1000));
    this.piece = Math.min(this.ceiling, rate > GOOD_LINK ? Infinity : fits);
  }

  /**
   * Somebody on the way takes no bodies of this size.
   * @param {number} bytes  of the piece that was refused
   * @returns {boolean} false when smaller ones are not worth a try
   */
  halve(bytes) {
    if (bytes <= LEAST_BYTES) return false;
    this.piece = this.ceiling = Math.max(LEAST_BYTES, Math.floor(bytes / 2));
    return true;
  }
}
