import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';

/**
 * A pooler in transaction mode, as far as the wire protocol goes: a client is
 * given a server connection for one transaction, and another one for the next.
 * Like PgBouncer it refuses settings in the startup message that it does not
 * know, and it never resets a session.
 */
export interface TransactionPooler {
  readonly port: number;
  /** Server connections that each client's transactions were spread over. */
  readonly connectionCount: number;
  readonly close: () => Promise<void>;
}

const READY = 'Z'.charCodeAt(0);
const IDLE = 'I'.charCodeAt(0);
/** Messages after which the server says that it is ready: a query, and the end of a series. */
const ASKS = new Set(['Q'.charCodeAt(0), 'S'.charCodeAt(0)]);

/** Starts a pooler in front of a server's Unix socket, with `size` server connections of one user. */
export async function startTransactionPooler(options: {
  readonly socketPath: string;
  readonly user: string;
  readonly database: string;
  readonly size: number;
}): Promise<TransactionPooler> {
  const backends = await Promise.all(Array.from({ length: options.size }, () => openBackend(options)));
  const idle = [...backends];
  const waiting: ((backend: Backend) => void)[] = [];
  const take = async (): Promise<Backend> =>
    idle.shift() ?? (await new Promise<Backend>((resolve) => void waiting.push(resolve)));
  const give = (backend: Backend): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(backend);
    else next(backend);
  };
  const clients = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    clients.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => clients.delete(socket));
    void serveClient(socket, take, give);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connectionCount: options.size,
    async close() {
      for (const client of clients) client.destroy();
      for (const { socket } of backends) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Backend {
  readonly socket: Socket;
  readonly messages: MessageReader;
}

/** Cuts a stream into whole messages: a type byte and a length that counts itself. */
class MessageReader {
  #held: Buffer = Buffer.alloc(0);
  onMessage: (message: Buffer) => void = () => {};
  #hasType: boolean;

  constructor(socket: Socket, hasType: boolean) {
    this.#hasType = hasType;
    socket.on('data', (chunk: Buffer) => {
      this.#held = Buffer.concat([this.#held, chunk]);
      for (;;) {
        const start = this.#hasType ? 1 : 0;
        if (this.#held.length < start + 4) return;
        const length = start + this.#held.readUInt32BE(start);
        if (this.#held.length < length) return;
        const message = this.#held.subarray(0, length);
        this.#held = this.#held.subarray(length);
        // Only the first message of a client has no type.
        this.#hasType = true;
        this.onMessage(Buffer.from(message));
      }
    });
  }
}

function startup(members: Readonly<Record<string, string>>): Buffer {
  const text = Object.entries(members)
    .flat()
    .map((word) => `${word}\0`)
    .join('');
  const body = Buffer.from(`${text}\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.writeUInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}

async function openBackend(options: {
  socketPath: string;
  user: string;
  database: string;
}): Promise<Backend> {
  const socket = connect(options.socketPath);
  socket.on('error', () => {});
  await once(socket, 'connect');
  const messages = new MessageReader(socket, true);
  const ready = new Promise<void>((resolve) => {
    messages.onMessage = (message) => {
      if (message[0] === READY) resolve();
    };
  });
  socket.write(startup({ user: options.user, database: options.database }));
  await ready;
  return { socket, messages };
}

async function serveClient(
  client: Socket,
  take: () => Promise<Backend>,
  give: (backend: Backend) => void,
): Promise<void> {
  let backend: Backend | undefined;
  let isTaking = false;
  /** Answers of the server that the client still waits for. */
  let asked = 0;
  const held: Buffer[] = [];
  const forward = (message: Buffer, to: Backend): void => {
    if (ASKS.has(message[0] ?? 0)) asked += 1;
    to.socket.write(message);
  };
  const messages = new MessageReader(client, false);
  let isStarted = false;
  messages.onMessage = (message) => {
    if (!isStarted) {
      isStarted = true;
      greet(client, message);
      return;
    }
    if (message[0] === 'X'.charCodeAt(0)) return;
    if (backend !== undefined) {
      forward(message, backend);
      return;
    }
    held.push(message);
    if (isTaking) return;
    isTaking = true;
    void take().then((taken) => {
      isTaking = false;
      backend = taken;
      taken.messages.onMessage = (answer) => {
        client.write(answer);
        if (answer[0] !== READY) return;
        asked -= 1;
        if (answer[5] !== IDLE || asked > 0) return;
        backend = undefined;
        give(taken);
      };
      for (const early of held.splice(0)) forward(early, taken);
    });
  };
}

/** Lets the client in without asking the server, or refuses what PgBouncer refuses. */
function greet(client: Socket, message: Buffer): void {
  const words = message.toString('utf8', 8).split('\0');
  const known = new Set(['user', 'database', 'application_name', 'client_encoding', '']);
  const unknown = words.find((word, index) => index % 2 === 0 && !known.has(word));
  if (unknown !== undefined) {
    const text = Buffer.from(`SFATAL\0C08P01\0Munsupported startup parameter: ${unknown}\0\0`);
    const head = Buffer.alloc(5);
    head.write('E');
    head.writeUInt32BE(text.length + 4, 1);
    client.end(Buffer.concat([head, text]));
    return;
  }
  client.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, READY, 0, 0, 0, 5, IDLE]));
}
