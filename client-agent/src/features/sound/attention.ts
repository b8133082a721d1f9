/** Lets the tab's title alternate with `words` until the returned function is called. */
export function flashTitle(words: string): () => void {
  const before = document.title;
  let on = true;
  document.title = words;
  const timer = setInterval(() => {
    on = !on;
    document.title = on ? words : before;
  }, 1_000);
  return () => {
    clearInterval(timer);
    document.title = before;
  };
}

/** What the browser says about desktop notifications; `none`: it has none here. */
export const alertsAllowed = (): NotificationPermission | 'none' =>
  'Notification' in globalThis ? Notification.permission : 'none';

export async function askForAlerts(): Promise<void> {
  if (alertsAllowed() === 'default') await Notification.requestPermission();
}

/** A desktop notification while another window is in front; nothing if not permitted. Returns what takes it away. */
export function alertOutside(words: { title: string; body: string; tag: string }): () => void {
  if (alertsAllowed() !== 'granted' || document.visibilityState === 'visible') return () => {};
  try {
    const shown = new Notification(words.title, { body: words.body, tag: words.tag, requireInteraction: true });
    shown.addEventListener('click', () => {
      window.focus();
      shown.close();
    });
    return () => shown.close();
  } catch {
    // Some systems permit notifications from service workers only.
    return () => {};
  }
}
