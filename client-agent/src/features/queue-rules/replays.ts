import { ReplayAnswer, ReplayDays } from '@openvtm/protocol';
import { ref, shallowRef } from 'vue';
import type { Refused } from '../../live/index.ts';
import { refusalFrom } from '../../session/answers.ts';
import { session } from '../../session/current.ts';

const ADDRESS = '/api/replay';

/** Recorded days, and what rules would have done on one of them. */
export function useReplays() {
  const days = shallowRef<ReplayDays['days']>([]);
  const busy = ref(false);
  const refused = shallowRef<Refused | null>(null);

  async function run<T>(read: () => Promise<Response>, parse: (body: unknown) => T): Promise<T | null> {
    refused.value = null;
    try {
      const response = await read();
      if (response.ok) return parse(await response.json());
      refused.value = await refusalFrom(response);
    } catch {
      refused.value = { code: 'offline', ref: '' };
    }
    return null;
  }
  return {
    days,
    busy,
    refused,
    async load() {
      const answer = await run(
        () => session.fetch(ADDRESS),
        (body) => ReplayDays.parse(body),
      );
      if (answer) days.value = answer.days;
    },
    /** `date` null: an invented day. */
    async tryOn(text: string, date: string | null): Promise<ReplayAnswer | null> {
      busy.value = true;
      const answer = await run(
        () =>
          session.fetch(ADDRESS, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ text, date }),
          }),
        (body) => ReplayAnswer.parse(body),
      );
      busy.value = false;
      return answer;
    },
  };
}
