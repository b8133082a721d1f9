// Chromium has this on the page; other browsers do without.
type Generator = MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };
declare const MediaStreamTrackGenerator: { new (options: { kind: 'video' }): Generator } | undefined;

/** A video track that carries what is written to it, whatever it shows. */
export type FrameTrack = {
  readonly track: MediaStreamTrack;
  /** Sends a picture now; its own time is past, and frames that seem older than the last one are thrown away. */
  write(picture: VideoFrame | HTMLCanvasElement): Promise<void>;
};

/** null where the browser cannot do it. */
export function createFrameTrack(): FrameTrack | null {
  if (typeof MediaStreamTrackGenerator === 'undefined') return null;
  const track = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = track.writable.getWriter();
  return {
    track,
    // A track that was stopped takes no more frames, which nobody needs to hear of.
    write: (picture) =>
      writer.write(new VideoFrame(picture, { timestamp: Math.round(performance.now() * 1000) })).catch(() => undefined),
  };
}
