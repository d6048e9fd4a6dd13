/**
 * The server of the sync protocol and the bad networks before it, for the client's tests: a real HTTP server that keeps
 * what it is sent and does what a test plays with `faults`.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Reply */
/**
 * A fault takes the place of the server for one call when it answers true.
 * @typedef {(request: Request, reply: Reply, body: Buffer) => boolean | void} Fault
 */

export class SyncServer {
  /** @type {Map<string, { bytes: Buffer, seq: number, sha256: string, state: string, header: any }>} */
  stored = new Map();
  /** @type {Map<string, Buffer>} */
  partials = new Map();
  /** @type {Fault[]} */
  faults = [];
  /** @type {{ method: string, path: string, at: number, offset: string | undefined, kind: string | undefined }[]} */
  calls = [];
  /** @type {any[]} */
  hellos = [];
  /** @type {string[]} */
  orders = [];
  safeThrough = 0;
  kid = 'k1';
  /** Milliseconds before a PATCH is answered. */
  slow = 0;
  open = 0;
  most = 0;

  async start() {
    this.server = createServer((request, reply) => void this.take(request, reply));
    await new Promise((resolve) => this.server?.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.server.address());
    this.origin = `http://127.0.0.1:${port}`;
    /** @type {any} */ (globalThis).location = { origin: this.origin };
    return this;
  }

  stop() {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  /** @param {string} method */
  count = (method) => this.calls.filter((call) => call.method === method).length;

  /** Play a fault for the next so many PATCHes. @param {number} times @param {Fault} fault */
  onPatch(times, fault) {
    let left = times;
    this.faults.push((request, reply, body) => request.method === 'PATCH' && left-- > 0 && fault(request, reply, body) !== false);
  }

  /** @param {Request} request @param {Reply} reply */
  async take(request, reply) {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const coded = /** @type {string | undefined} */ (request.headers.envelope);
    const header = coded && JSON.parse(Buffer.from(coded, 'base64').toString());
    const offset = /** @type {string | undefined} */ (request.headers['upload-offset']);
    this.calls.push({ method: request.method ?? '', path, at: Date.now(), offset, kind: header?.kind });
    if (request.method === 'PATCH') {
      this.most = Math.max(this.most, (this.open += 1));
      reply.on('close', () => (this.open -= 1));
    }
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      // cut by the client
    }
    const body = Buffer.concat(chunks);
    if (request.method === 'PATCH' && this.slow) await new Promise((resolve) => setTimeout(resolve, this.slow));
    if (this.faults.some((fault) => fault(request, reply, body) === true)) return;
    this.answer(request, reply, path, body, header);
  }

  /** @param {Request} request @param {Reply} reply @param {string} path @param {Buffer} body @param {any} header */
  answer(request, reply, path, body, header) {
    if (path === '/sync/hello') {
      this.hellos.push(JSON.parse(body.toString()));
      return json(reply, 200, { orders: this.orders, kid: this.kid, safe_through: this.safeThrough });
    }
    if (path === '/sync/key') return json(reply, 200, { kid: this.kid, suite: 'x', public_key: 'y' });
    if (path === '/sync/receipts') {
      const { ids } = JSON.parse(body.toString());
      const receipts = Object.fromEntries(ids.map((/** @type {string} */ id) => [id, this.state(id)]));
      return json(reply, 200, { receipts, safe_through: this.safeThrough });
    }
    const id = path.split('/').pop() ?? '';
    const whole = this.stored.get(id);
    if (request.method === 'HEAD') {
      const here = whole?.bytes.length ?? this.partials.get(id)?.length ?? 0;
      return reply.writeHead(200, { 'Upload-Offset': String(here), 'Content-Type': 'text/html' }).end();
    }
    return this.patch(request, reply, id, body, header);
  }

  /** @param {Request} request @param {Reply} reply @param {string} id @param {Buffer} body @param {any} header */
  patch(request, reply, id, body, header) {
    const digest = String(request.headers['repr-digest']).slice(9, -1);
    const whole = this.stored.get(id);
    if (whole && whole.sha256 !== digest) return json(reply, 409, { code: 'other_content' });
    if (whole) return this.receipt(reply, 200, id);
    const here = this.partials.get(id) ?? Buffer.alloc(0);
    const offset = Number(request.headers['upload-offset']);
    if (offset > here.length || (offset === 0 && here.length)) {
      return json(reply, 409, { code: 'wrong_offset' }, { 'Upload-Offset': String(here.length) });
    }
    const bytes = Buffer.concat([here.subarray(0, offset), body]);
    if (bytes.length < Number(request.headers['upload-length'])) {
      this.partials.set(id, bytes);
      return reply.writeHead(204, { 'Upload-Offset': String(bytes.length) }).end();
    }
    this.partials.delete(id);
    if (createHash('sha256').update(bytes).digest('base64') !== digest) return json(reply, 422, { code: 'digest' });
    const state = header.kind === 'photo' ? 'received' : 'applied';
    this.stored.set(id, { bytes, seq: this.stored.size + 1, sha256: digest, state, header });
    return this.receipt(reply, 201, id);
  }

  /** @param {string} id */
  state(id) {
    const found = this.stored.get(id);
    if (!found) return { state: 'unknown' };
    return { state: found.state, seq: found.seq, number: found.header.kind === 'photo' ? null : '2026-00418', reasons: [] };
  }

  /** @param {Reply} reply @param {number} status @param {string} id */
  receipt(reply, status, id) {
    const { sha256 } = /** @type {{ sha256: string }} */ (this.stored.get(id));
    json(reply, status, { id, ...this.state(id), received_at: new Date().toISOString(), sha256 }, { 'Curator-Receipt': '1' });
  }
}

/** @param {Reply} reply @param {number} status @param {unknown} value @param {Record<string, string>} [headers] */
export function json(reply, status, value, headers = {}) {
  reply.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
}
