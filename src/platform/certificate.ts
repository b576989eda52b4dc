import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";

/** The certificate that a server shows. */
export type Certificate = {
  validFrom: Date;
  validTo: Date;
  /** why a client that knows only public authorities would refuse it; null: it would not */
  problem: string | null;
};

type Place = { host: string; port: number };

const answerMs = 3_000;

/** Reads the certificate of an address that begins with TLS, such as one of HTTPS. @throws Error without an answer */
export const readCertificate = (place: Place): Promise<Certificate> =>
  within(async () => readFrom(await open(place), place.host));

/** Reads PostgreSQL's certificate. @returns null if it does not encrypt @throws Error without an answer */
export const readPostgresCertificate = (place: Place): Promise<Certificate | null> =>
  within(async () => {
    const socket = await open(place);
    socket.write(requestOfTls);
    const [answer] = (await once(socket, "data")) as [Buffer];
    if (answer.toString() === "S") return readFrom(socket, place.host);
    socket.destroy();
    return null;
  });

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: SSLRequest, its length and its code. */
const requestOfTls = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

async function open({ host, port }: Place): Promise<Socket> {
  const socket = connect(port, host);
  socket.setTimeout(answerMs, () => socket.destroy(new Error(`${host} does not answer`)));
  await once(socket, "connect");
  return socket;
}

async function readFrom(socket: Socket, host: string): Promise<Certificate> {
  const secure = connectTls({ socket, rejectUnauthorized: false, ...(!isAddress(host) && { servername: host }) });
  try {
    await once(secure, "secureConnect");
    const { valid_from: from, valid_to: to } = secure.getPeerCertificate();
    return { validFrom: new Date(from), validTo: new Date(to), problem: problemOf(secure) };
  } finally {
    secure.destroy();
  }
}

const isAddress = (host: string) => /^[\d.]+$|:/.test(host);

const problemOf = ({ authorized, authorizationError }: TLSSocket): string | null =>
  authorized ? null : String((authorizationError as Error & { code?: string }).code ?? authorizationError);

/** A server that accepts a connection may still say nothing. */
async function within<T>(work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${answerMs / 1000} seconds`)), answerMs);
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
