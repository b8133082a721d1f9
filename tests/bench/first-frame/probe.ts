import { watchPicture, type Picture } from '../../media/lab/picture.ts';

/**
 * Injected into the agent's page, whichever it is: notes when the accept button was clicked and when the first frame
 * that is no curtain was shown by the far side's <video>. Both by the page's own clock.
 */
type Probe = {
  clickedAt: number | null;
  picture: Picture | null;
};
type Targets = { acceptButton: string; farVideo: string };

declare global {
  var firstFrame: Probe;
  var firstFrameTargets: Targets;
}

const { acceptButton, farVideo } = globalThis.firstFrameTargets;
const probe: Probe = { clickedAt: null, picture: null };
globalThis.firstFrame = probe;

addEventListener(
  'click',
  (event) => {
    if (event.target instanceof Element && event.target.closest(acceptButton) !== null)
      probe.clickedAt = event.timeStamp;
  },
  { capture: true },
);

const watched = new WeakSet<HTMLVideoElement>();
const find = () => {
  const video = document.querySelector<HTMLVideoElement>(farVideo);
  if (video === null || watched.has(video)) return;
  watched.add(video);
  probe.picture = watchPicture(video, 'middle');
};
new MutationObserver(find).observe(document, { childList: true, subtree: true });
find();
