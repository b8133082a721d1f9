import { takeStill } from '@openvtm/rtc/devices';
import { Corners, MAX_PAGE_BYTES, type CaseId, type DocumentId } from '@openvtm/protocol';
import { onScopeDispose, ref, shallowRef } from 'vue';
import type { Kiosk } from '../../kiosk.ts';
import { adviceOf, type Advice } from './guide/advice.ts';
import type { Observation } from './guide/observe.ts';
import { sendPicture, UploadFailed } from './upload.ts';
import { unsent, type Unsent } from './unsent.ts';

/** A picture that was taken or a file that was chosen, and is looked at before it is sent. */
export type Still = {
  takeId: string;
  picture: Blob;
  /** For a picture element; null for a file that is none. */
  address: string | null;
  corners: Corners | null;
  /** Width : height of the picture. */
  aspect: number;
  /** What might be better; null: nothing. */
  flaw: Extract<Advice, 'too-dark' | 'cut-off' | 'glare' | 'blurred'> | null;
  /** Of a file. */
  name: string | null;
};
export type CaptureStep = 'aim' | 'taking' | 'check' | 'sending';
/** `still`: it could not be taken. */
export type CaptureFailure = UploadFailed | 'still';

type Needs = {
  caseId: CaseId;
  documentId: DocumentId;
  track: () => MediaStreamTrack | null;
  look: (picture: ImageBitmap) => Promise<Observation | null>;
  token: Kiosk['token'];
};

const FLAWS: ReadonlySet<Advice> = new Set<Advice>(['too-dark', 'cut-off', 'glare', 'blurred']);

/** Takes a picture, has it looked at, and sends it; an upload that a reload cut goes on by itself. */
export function useCapture({ caseId, documentId, track, look, token }: Needs) {
  const step = ref<CaptureStep>('aim');
  const still = shallowRef<Still | null>(null);
  const progress = ref(0);
  const failure = shallowRef<CaptureFailure | null>(null);
  let leaving = new AbortController();

  function dropStill() {
    if (still.value?.address) URL.revokeObjectURL(still.value.address);
    still.value = null;
  }
  onScopeDispose(() => {
    leaving.abort();
    dropStill();
  });

  async function show(picture: Blob, name: string | null): Promise<void> {
    const isPicture = picture.type !== 'application/pdf';
    // Decoded once, for its shape and for the eye; what is no picture rejects here.
    const bitmap = isPicture ? await createImageBitmap(picture) : null;
    const shape = bitmap ? bitmap.width / bitmap.height : 1;
    const seen = bitmap && (await look(bitmap));
    if (leaving.signal.aborted) return;
    dropStill();
    const advice = seen && adviceOf(seen, seen.corners);
    still.value = {
      takeId: crypto.randomUUID(),
      picture,
      address: isPicture ? URL.createObjectURL(picture) : null,
      corners: cornersOf(seen),
      aspect: shape,
      flaw: advice !== null && FLAWS.has(advice) ? (advice as Still['flaw']) : null,
      name,
    };
    step.value = 'check';
  }

  const taking = async (job: () => Promise<void>): Promise<void> => {
    if (step.value !== 'aim') return;
    step.value = 'taking';
    failure.value = null;
    try {
      await job();
    } catch {
      failure.value = 'still';
      step.value = 'aim';
    }
  };

  async function run(one: Unsent, resumed: boolean): Promise<boolean> {
    step.value = 'sending';
    failure.value = null;
    progress.value = 0;
    try {
      await sendPicture({
        unsent: one,
        resumed,
        token,
        onProgress: (share) => (progress.value = share),
        onTrouble: (trouble) => (failure.value = trouble),
        signal: leaving.signal,
      });
      await unsent.drop(one.takeId);
      return true;
    } catch (error) {
      if (leaving.signal.aborted) return false;
      await unsent.drop(one.takeId);
      failure.value = error instanceof UploadFailed ? error : new UploadFailed({ code: 'internal' });
      step.value = still.value ? 'check' : 'aim';
      return false;
    }
  }

  const goOn = () => {
    dropStill();
    step.value = 'aim';
  };

  void unsent.ofDocument(documentId).then(async (one) => {
    if (!one || step.value !== 'aim' || leaving.signal.aborted) return;
    if (await run(one, true)) goOn();
  });

  return {
    step,
    still,
    progress,
    failure,
    take: () =>
      taking(async () => {
        const now = track();
        if (!now) throw new Error('no camera');
        await show(await takeStill(now), null);
      }),
    /** A file of a phone's owner. */
    choose: (file: File) =>
      taking(async () => {
        if (file.size > MAX_PAGE_BYTES) {
          failure.value = new UploadFailed({ code: 'too-large' });
          step.value = 'aim';
          return;
        }
        await show(file, file.name);
      }),
    /** Not this one: also in the middle of sending it. */
    async retake() {
      leaving.abort();
      leaving = new AbortController();
      if (still.value) await unsent.drop(still.value.takeId);
      failure.value = null;
      goOn();
    },
    /** `more`: another page follows. The notice that all have arrived brings the next screen. */
    async send(more: boolean) {
      if (!still.value || step.value !== 'check') return;
      const { takeId, picture, corners } = still.value;
      const one: Unsent = { takeId, caseId, documentId, picture, corners, more };
      step.value = 'sending';
      // Not waited for: a reload in that moment loses the picture, and every other picture would be later for it.
      void unsent.keep(one);
      if ((await run(one, false)) && more) goOn();
    },
  };
}

/** What the page can be straightened by; null for one that is not all in its picture. */
function cornersOf(seen: Observation | null): Corners | null {
  const read = Corners.safeParse(seen?.cutOff ? null : seen?.corners);
  return read.success ? read.data : null;
}
