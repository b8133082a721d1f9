import { z } from 'zod';
import type { CaptionEngine } from './engine.ts';

/** What a service answers, a JSON text each time. */
const Words = z.object({ captionId: z.string().min(1).max(60), text: z.string().max(2_000), final: z.boolean() });

/** Bytes that may wait for a service that reads slowly; sound of before is worth nothing, and is left out. */
const MOST_WAITING = 64 * 1024;
const OPEN_WITHIN_MS = 5_000;

/**
 * The bank's speech service, one WebSocket a speaker. First goes a JSON text, `{ language, codec: 'opus', sampleRate:
 * 48000 }`; then, for each packet, one byte of level (0 loud to 127 silent) and the packet as it is. Back come JSON texts,
 * `{ captionId, text, final }`. The token goes in the header `authorization`, as a bearer's.
 */
export function createCaptionService({
  url,
  token,
  simulated = false,
}: {
  url: string;
  token: string;
  simulated?: boolean;
}): CaptionEngine {
  return {
    simulated,
    listen({ language }, on) {
      // The types here are a browser's, which takes no headers.
      const Opened = WebSocket as unknown as new (
        at: string,
        options: { headers: Record<string, string> },
      ) => WebSocket;
      const socket = new Opened(url, { headers: { authorization: `Bearer ${token}` } });
      let over = false;
      const end = () => {
        if (over) return;
        over = true;
        clearTimeout(late);
        socket.close();
      };
      const lost = () => {
        if (over) return;
        end();
        on.lost();
      };
      const late = setTimeout(lost, OPEN_WITHIN_MS);
      socket.addEventListener('open', () => {
        if (over) return socket.close();
        clearTimeout(late);
        socket.send(JSON.stringify({ language, codec: 'opus', sampleRate: 48_000 }));
        on.open();
      });
      socket.addEventListener('message', ({ data }: { data: unknown }) => {
        if (over || typeof data !== 'string') return;
        const read = Words.safeParse(jsonOf(data));
        if (read.success) on.words(read.data);
        else lost();
      });
      socket.addEventListener('error', lost);
      socket.addEventListener('close', lost);
      return {
        hear({ opus, level }) {
          if (over || socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > MOST_WAITING) return;
          socket.send(Uint8Array.from([Math.min(127, Math.max(0, -level)), ...opus]));
        },
        close: end,
      };
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
