import { AppInfo, type KioskCase } from '@openvtm/protocol';
import { withCleanSound } from '@openvtm/rtc/clean-sound';
import { openDevices } from '@openvtm/rtc/devices';
import { openLine, type Line } from '@openvtm/rtc/line';
import { createWhereabouts, type Whereabouts } from '@openvtm/rtc/whereabouts';
import { createDrawPause } from '@openvtm/ui';
import { watch } from 'vue';
import { openGate } from './enrol/gate.ts';
import { createCallMedia, isOpenTo } from './features/call/index.ts';
import { createWords } from './features/chat/index.ts';
import { unsent } from './features/documents/index.ts';
import { createSaver } from './features/form/index.ts';
import { createReaders } from './features/readers/index.ts';
import { createTrail } from './features/journeys/index.ts';
import { createAsking } from './journey/asking.ts';
import { afterCaseChange } from './journey/case-change.ts';
import { mayShare, wantsMedia } from './journey/screen.ts';
import type { CallMedia, FormSaver, Kiosk } from './kiosk.ts';
import type { KioskStore } from './store.ts';

/** Connects the store to the server and the devices. The only place that listens to notices. */
export function startKiosk(store: KioskStore): Kiosk {
  const gate = openGate((identity) => {
    store.identity = identity;
  });
  const line = gate.ready.then(() => {
    let refusedBefore = false;
    const opened = openLine({
      token: () => {
        // A token that did not bring the line up may be the reason: the next attempt proves the identity anew.
        const fresh = refusedBefore;
        refusedBefore = true;
        return gate.token({ fresh });
      },
    });
    opened.onState((state) => {
      if (state.at === 'live') refusedBefore = false;
    });
    return opened;
  });
  const devices = withCleanSound(openDevices(), async (microphone) =>
    (await import('@openvtm/rtc/noise')).takeNoiseOut(microphone),
  );
  watch(
    () => store.snapshot?.cleanSound === true,
    (wished) => devices.setCleanSound(wished),
  );
  const media = createCallMedia({
    line,
    devices,
    call() {
      const call = store.snapshot?.call;
      return call ? { callId: call.callId, startedAt: call.startedAt, held: call.held !== null } : null;
    },
    serverNow: () => Date.now() + store.clockAhead,
  });
  const { ask, attempt, look, tell } = createAsking({ line, store });
  const saver = createSaver({ store, attempt });
  const whereabouts = createWhereabouts({
    send: (where) => store.line.at === 'live' && void tell('sharing:at', where),
  });
  const words = createWords({ store, attempt, look });
  const readers = createReaders();
  const trail = createTrail({ store, tell });

  void readAppInfo(store);
  void line.then((opened) => listen(opened, { store, media, readers, saver, whereabouts, tell }));
  if (gate.take !== null) void takeOver(gate.take, { store, ask });
  // Sync: the engine must be on its way before the next notice is looked at.
  watch(() => wantsMedia(store.snapshot, store.leaving), media.want, { flush: 'sync' });
  // Pictures on their way are the customer's, and go when the customer does.
  watch(
    () => (store.snapshot === null ? undefined : (store.running?.caseId ?? null)),
    (caseId) => caseId !== undefined && void unsent.keepOnly(caseId),
  );
  addEventListener('pagehide', () => {
    void saver.flush();
    trail.flush();
  });

  return {
    ask,
    attempt,
    look,
    tell,
    devices,
    media,
    readers,
    saver,
    whereabouts,
    words,
    trail,
    enrol: gate.enrol,
    token: gate.token,
    async testItself(wish) {
      const [opened, { runSelfTest }] = await Promise.all([line, import('@openvtm/rtc/self-test')]);
      return runSelfTest(wish.checks, { line: opened, devices, token: gate.token, ...wish });
    },
  };
}

/** Whether this is a demonstration is said before the line is up, too; the snapshot says it again. */
async function readAppInfo(store: KioskStore): Promise<void> {
  try {
    const answer = await fetch('/api/app');
    store.demo = AppInfo.parse(await answer.json()).demo;
  } catch {
    // No network yet.
  }
}

/** The page's address brought a code: its case goes on here as soon as the server is there. */
async function takeOver(code: string, { store, ask }: { store: KioskStore; ask: Kiosk['ask'] }): Promise<void> {
  store.enterCode(true);
  const outcome = await ask('handover:take', { code });
  if (outcome === false) return;
  store.taken = outcome;
  if (outcome.is === 'following' || outcome.is === 'holding') store.enterCode(false);
}

type Parts = {
  store: KioskStore;
  media: CallMedia;
  readers: Kiosk['readers'];
  saver: FormSaver;
  whereabouts: Whereabouts;
  tell: Kiosk['tell'];
};

function listen(line: Line, { store, media, readers, saver, whereabouts, tell }: Parts): void {
  const caseChanged = (before: KioskCase | null | undefined, after: KioskCase | null) => {
    afterCaseChange({ before, after, store, tell });
    saver.caseChanged();
  };

  /** The teller asked for a field: the form comes by itself. */
  const showAsked = () => {
    if (store.snapshot?.sharing?.asked && store.running && mayShare(store.running)) store.sharing = true;
  };

  const pause = createDrawPause();
  store.line = line.state;
  line.onState((state) => {
    store.line = state;
    if (state.at === 'live') {
      void saver.flush();
      whereabouts.again();
    }
    // Another page has the kiosk now: nothing may go out from this one.
    if (state.at === 'closed') media.want(false);
  });
  line.on('line:kiosk-snapshot', (snapshot) => {
    pause.end();
    media.curtain(isOpenTo(snapshot.call));
    store.clockAhead = snapshot.now - Date.now();
    const before = store.snapshot?.case;
    store.demo = snapshot.demo;
    readers.set(snapshot.kiosk.readers, snapshot);
    store.snapshot = snapshot;
    caseChanged(before, snapshot.case);
    showAsked();
  });
  // How soon the teller sees the customer is counted from here.
  line.on('media:live', () => {
    pause.begin();
    media.curtain(true);
  });
  line.on('call:changed', ({ call }) => {
    media.curtain(isOpenTo(call));
    pause.draw(() => store.put({ call }));
  });
  line.on('case:changed', (notice) => {
    pause.draw(() => {
      const before = store.snapshot?.case;
      store.put({ case: notice.case });
      caseChanged(before, notice.case);
    });
  });
  line.on('queue:ticket-changed', ({ ticket }) => pause.draw(() => store.put({ ticket })));
  line.on('document:changed', ({ documents }) => pause.draw(() => store.put({ documents })));
  line.on('signing:changed', ({ papers }) => pause.draw(() => store.put({ papers })));
  line.on('handout:changed', ({ handout }) => pause.draw(() => store.put({ handout })));
  line.on('annotation:changed', ({ annotations }) => pause.draw(() => store.put({ annotations })));
  line.on('annotation:drawing', ({ drawing }) => store.put({ drawing }));
  line.on('handover:changed', ({ followed }) => pause.draw(() => store.put({ followed })));
  line.on('appointment:changed', ({ appointment }) => pause.draw(() => store.put({ appointment })));
  line.on('chat:changed', ({ chat }) => store.put({ chat }));
  line.on('hearing:changed', ({ hearing }) => store.put({ hearing }));
  line.on('sharing:changed', ({ sharing }) => {
    store.put({ sharing });
    showAsked();
  });
  line.on('explaining:changed', ({ explaining }) => store.put({ explaining }));
  line.on('self-test:changed', ({ selfTest }) => pause.draw(() => store.put({ selfTest })));
  line.on('recall:changed', ({ recall }) => store.put({ recall }));
  line.on('help:changed', ({ help }) => pause.draw(() => store.put({ help })));
}
