import type { CallId } from '@openvtm/protocol';
import { reactive, watch } from 'vue';
import { createDrafts, type Draft } from './draft.ts';

/** This tab's draft; forgotten when it was sent or the agent signs out. */
export const drafts = createDrafts(sessionStorage);

/** The draft of a call, written back as it is typed; begun in the call, finished in the wrap-up. */
export function useDraft(callId: () => CallId): Draft {
  const draft = reactive<Draft>({ ...drafts.read(callId()) });
  watch(callId, (id) => Object.assign(draft, drafts.read(id)), { flush: 'sync' });
  watch(draft, () => drafts.write(callId(), { outcome: draft.outcome, note: draft.note }));
  return draft;
}
