import type { In, Out, RequestName } from '@openvtm/protocol';
import { RequestFailed, type Line } from '@openvtm/rtc/line';
import { watch } from 'vue';
import type { Kiosk } from '../kiosk.ts';
import type { Failure, KioskStore } from '../store.ts';

/** How long a request counts as under way after its answer, while the notice that changes the screen is coming (ms). */
const SETTLE_MS = 1_000;

type Needs = { line: Promise<Pick<Line, 'request'>>; store: Pick<KioskStore, 'pending' | 'failure' | 'snapshot'> };

/** The ways of asking the server; see `Kiosk`. */
export function createAsking({ line, store }: Needs): Pick<Kiosk, 'ask' | 'attempt' | 'look' | 'tell'> {
  function mark(name: string, on: boolean) {
    const next = new Set(store.pending);
    if (on) next.add(name);
    else next.delete(name);
    store.pending = next;
  }

  const failureOf = (error: unknown): Failure =>
    error instanceof RequestFailed ? { code: error.code, ref: error.ref } : { code: 'internal', ref: '' };
  function show(error: unknown): false {
    store.failure = failureOf(error);
    return false;
  }

  async function ask<N extends RequestName>(name: N, data: In<N>): Promise<Out<N> | false> {
    if (store.pending.has(name)) return false;
    mark(name, true);
    store.failure = null;
    let changed = false;
    let settle = () => {};
    const stop = watch(
      () => store.snapshot,
      () => {
        changed = true;
        settle();
      },
      { flush: 'sync' },
    );
    const settled = () => {
      stop();
      mark(name, false);
    };
    try {
      const answer = await (await line).request(name, data);
      if (changed) settled();
      else {
        const timer = setTimeout(settled, SETTLE_MS);
        settle = () => {
          clearTimeout(timer);
          settled();
        };
      }
      return answer;
    } catch (error) {
      settled();
      return show(error);
    }
  }

  const attempt: Kiosk['attempt'] = async (name, data) => {
    try {
      return { ok: true, data: await (await line).request(name, data) };
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    }
  };

  async function look<N extends RequestName>(name: N, data: In<N>): Promise<Out<N> | false> {
    try {
      return await (await line).request(name, data);
    } catch {
      // The caller tries again by itself when the line is back.
      return false;
    }
  }

  const tell: Kiosk['tell'] = async (name, data) => (await look(name, data)) !== false;

  return { ask, attempt, look, tell };
}
