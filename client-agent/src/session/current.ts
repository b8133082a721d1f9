import { shallowRef } from 'vue';
import { createSession, type SessionState } from './session.ts';

const TABS = 'openvtm.staff';
const tabs = new BroadcastChannel(TABS);

/** This page's session: the browser's own fetch, clock, lock and other tabs. */
export const session = createSession({
  fetch: (path, init) => fetch(path, init),
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  // Without locks (an address that is not secure) there is no camera either, so one tab is all that works there.
  exclusively: (run) => ('locks' in navigator ? navigator.locks.request(TABS, run) : run()),
  tabs: {
    tell: (word) => tabs.postMessage(word),
    onTold: (handler) => {
      const onMessage = (event: MessageEvent) => {
        if (event.data === 'left') handler('left');
      };
      tabs.addEventListener('message', onMessage);
      return () => tabs.removeEventListener('message', onMessage);
    },
  },
});

/** The session's state for the screen. */
export const sessionState = shallowRef<SessionState>(session.state);
session.onChange((state) => (sessionState.value = state));
