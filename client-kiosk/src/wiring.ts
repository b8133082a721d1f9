import { AppInfo, type KioskCase } from '@openvtm/protocol';
import { openDevices } from '@openvtm/rtc/devices';
import { openLine, type Line } from '@openvtm/rtc/line';
import { createWhereabouts, type Whereabouts } from '@openvtm/rtc/whereabouts';
import { createDrawPause } from '@openvtm/ui';
import { watch } from 'vue';
import { openGate } from './enrol/gate.ts';
import { createCallMedia } from './features/call/index.ts';
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
  const devices = openDevices();
  const media = createCallMedia({ line, devices });
  const { ask, attempt, look, tell } = createAsking({ line, store });
  const saver = createSaver({ store, attempt });
  const whereabouts = createWhereabouts({
    send: (where) => store.line.at === 'live' && void tell('sharing:at', where),
  });
  const readers = createReaders();
  const trail = createTrail({ store, tell });

  void readAppInfo(store);
  void line.then((opened) => listen(opened, { store, media, readers, saver, whereabouts, tell }));
  if (gate.take !== null) void takeOver(gate.take, { store, ask });
  // Sync: the engine must be on its way before the next notice is looked at.
  watch(() => wantsMedia(store.snapshot, store.leaving), media.want, { flush: 'sync' });
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
    trail,
    enrol: gate.enrol,
    token: gate.token,
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
    media.curtain(snapshot.call !== null);
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
    media.curtain(call !== null);
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
  line.on('handover:changed', ({ followed }) => pause.draw(() => store.put({ followed })));
  line.on('appointment:changed', ({ appointment }) => pause.draw(() => store.put({ appointment })));
  line.on('sharing:changed', ({ sharing }) => {
    store.put({ sharing });
    showAsked();
  });
  line.on('help:changed', ({ help }) => pause.draw(() => store.put({ help })));
}
