/** Why no window is shown. `whole`: the whole desktop was chosen, which shows more than is meant. */
export type WindowProblem = 'whole' | 'not-allowed' | 'failed';

type DisplayOptions = DisplayMediaStreamOptions & {
  monitorTypeSurfaces?: 'exclude' | 'include';
  selfBrowserSurface?: 'exclude' | 'include';
  surfaceSwitching?: 'exclude' | 'include';
};

/** Asks for one window or tab. The browser's own dialog is the choice; a whole desktop is refused. null: none was chosen. */
export async function chooseWindow(): Promise<MediaStreamTrack | WindowProblem | null> {
  const options: DisplayOptions = {
    video: { displaySurface: 'window', frameRate: 12 },
    audio: false,
    monitorTypeSurfaces: 'exclude',
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'exclude',
  };
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia(options);
    const [track] = stream.getVideoTracks();
    if (!track) return 'failed';
    if (track.getSettings().displaySurface !== 'monitor') return track;
    track.stop();
    return 'whole';
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    // Also said when the person closes the dialog, which is no failure.
    if (error.name === 'NotAllowedError') return /system|policy/i.test(error.message) ? 'not-allowed' : null;
    return 'failed';
  }
}
