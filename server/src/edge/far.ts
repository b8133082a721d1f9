import { createTurns } from '../kernel/turn.ts';
import { ProtocolError, Refusal } from '../kernel/errors.ts';

/** What another process may be asked to do. */
export type FarAsk =
  | { is: 'media'; subject: string; name: string; data: unknown; via: string }
  | { is: 'tell'; subject: string; name: string; data: unknown }
  /** Look at a call whose room is yours: make it, follow it, or end it. */
  | { is: 'room'; callId: string };

export type Far = {
  /** The other process's answer. `no-media` when it cannot be reached: the client joins anew, wherever its call is then. */
  ask(address: string, ask: FarAsk): Promise<unknown>;
  /** In order for each process; what cannot be told is lost, as with a line that breaks. */
  tell(address: string, ask: FarAsk): void;
};

/** A client waits for 8 s, and whatever else its person asks for waits behind it. */
const WITHIN_MS = 4_000;
/** What was told to a process that does not answer is not news any more after this. */
const TELL_WITHIN_MS = 5_000;
/** An offer rings meanwhile: a process that has not made the room by then does not get it. */
const ROOM_WITHIN_MS = 2_000;

/** Asks other processes over their own HTTP port, with a key that only they have. */
export function createFar({ token, onRefused }: { token: string; onRefused: (address: string) => void }): Far {
  const turns = createTurns();
  const ask: Far['ask'] = async (address, body) => {
    const response = await fetch(new URL('/node', address), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(body.is === 'room' ? ROOM_WITHIN_MS : WITHIN_MS),
    }).catch((error: unknown) => {
      // Nobody listens there: the process is gone, which its beats would tell only later.
      if ((error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED') onRefused(address);
      throw new Refusal('no-media', `${address} cannot be reached`, { cause: error });
    });
    const answer = (await response.json().catch(() => null)) as { data?: unknown; error?: { code: string } } | null;
    if (response.ok) return answer?.data;
    const code = answer?.error?.code;
    if (code === 'bad-request') throw new ProtocolError(code, `${address} would not take it`);
    throw new Refusal(farCode(code), `${address} refused`);
  };
  return {
    ask,
    tell(address, body) {
      const since = performance.now();
      void turns(address, async () => {
        if (performance.now() - since < TELL_WITHIN_MS) await ask(address, body);
      }).catch(() => undefined);
    },
  };
}

const farCode = (code: string | undefined) =>
  code === 'wrong-state' || code === 'not-found' || code === 'not-allowed' ? code : ('no-media' as const);
