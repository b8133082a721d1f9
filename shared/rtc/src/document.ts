import type { Producer, Transport } from 'mediasoup-client/types';
import { createBesideSending } from './beside.ts';
import type { Line } from './line.ts';

/** `still`: the far side keeps the last frame for a moment, and nothing is encoded. */
export type DocumentPicture = MediaStreamTrack | 'still' | null;

export type DocumentSending = {
  /** The far side has a picture of it. */
  readonly sent: boolean;
  /** Sends a copy of the document camera's track from now on; the track itself is left as it is. */
  show(picture: DocumentPicture): void;
  /** Produces over this transport from now on; null: over none. */
  use(transport: Transport | null): Promise<void>;
  close(): void;
};

/** Lines of the picture at the most: letters of a page that fills it can be read. */
const MOST_LINES = 1_080;
// A page lies still; sharp letters are worth more than motion, and the processor belongs to the guidance and the face.
const MAX_BITRATE = 1_500_000;
const MAX_FRAMERATE = 5;

/** By how much a picture of so many lines is made smaller to be sent. */
export const scaleFor = (lines: number): number => Math.max(1, lines / MOST_LINES);

/** Sends the document camera while a page is aimed at: one sharp layer, few frames, from a copy that disturbs no still. */
export function createDocumentSending(options: {
  line: Line;
  onChange: () => void;
  onError: (error: unknown) => void;
}): DocumentSending {
  let shown: DocumentPicture = null;
  let copy: MediaStreamTrack | null = null;
  const linesOf = (track: MediaStreamTrack) => track.getSettings().height ?? 0;
  const sending = createBesideSending({
    ...options,
    source: 'document',
    // The protocol takes whole numbers; the exact one follows.
    how: (track) => ({
      encodings: [
        {
          maxBitrate: MAX_BITRATE,
          maxFramerate: MAX_FRAMERATE,
          scaleResolutionDownBy: Math.ceil(scaleFor(linesOf(track))),
        },
      ],
    }),
    onProduced: (producer, track) => sharpen(producer, scaleFor(linesOf(track))),
  });

  function show(picture: DocumentPicture): void {
    if (shown === picture) return;
    shown = picture;
    const before = copy;
    copy = picture === null || picture === 'still' ? null : picture.clone();
    if (copy) copy.contentHint = 'detail';
    void sending.send(picture === 'still' ? 'still' : copy);
    // A copy that lives on would keep the camera from turning up for a still.
    before?.stop();
  }

  return {
    get sent() {
      return sending.sent;
    },
    show,
    use: sending.use,
    close() {
      void sending.use(null);
      copy?.stop();
      copy = null;
    },
  };
}

/** Frames are given up before lines are, in browsers where that can be said. */
async function sharpen(producer: Producer, scaleResolutionDownBy: number): Promise<void> {
  const sender = producer.rtpSender;
  if (sender === undefined) return;
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) encoding.scaleResolutionDownBy = scaleResolutionDownBy;
  await sender.setParameters({ ...parameters, degradationPreference: 'maintain-resolution' });
}
