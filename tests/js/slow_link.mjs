/** A slow way to a server: a TCP proxy that lets so many bytes a second through; what is on the way dies with its connection. */
import { connect, createServer } from 'node:net';

const TICK_MS = 20;

/**
 * @param {number} port  the server's
 * @param {{ rate: number }} options  bytes a second on the way up
 */
export async function slowLink(port, { rate }) {
  const link = { rate, origin: '', close: () => {} };
  const proxy = createServer((phone) => {
    const server = connect(port, '127.0.0.1');
    server.pipe(phone);
    let underWay = Buffer.alloc(0);
    let owed = 0;
    phone.on('data', (chunk) => void (underWay = Buffer.concat([underWay, chunk])));
    const timer = setInterval(() => {
      owed = underWay.length ? owed + (link.rate * TICK_MS) / 1000 : 0;
      const piece = underWay.subarray(0, Math.floor(owed));
      owed -= piece.length;
      underWay = underWay.subarray(piece.length);
      if (piece.length) server.write(piece);
    }, TICK_MS);
    const end = () => {
      clearInterval(timer);
      phone.destroy();
      server.destroy();
    };
    for (const side of [phone, server]) side.on('error', end).on('end', end).on('close', end);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(undefined)));
  link.origin = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (proxy.address()).port}`;
  link.close = () => void proxy.close();
  return link;
}
