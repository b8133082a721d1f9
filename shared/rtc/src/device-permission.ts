export type Permitted = 'camera' | 'microphone';

/** Tells every change of what the browser allows; where it does not say, nothing. The returned function ends the watch. */
export function watchPermissions(handler: (what: Permitted, state: PermissionState) => void): () => void {
  const watch = new AbortController();
  for (const what of ['camera', 'microphone'] as const) {
    // Both names are in the standard, and not in every browser: those refuse the question.
    const asked = globalThis.navigator?.permissions?.query({ name: what });
    asked?.then(
      (status) => status.addEventListener('change', () => handler(what, status.state), { signal: watch.signal }),
      () => undefined,
    );
  }
  return () => watch.abort();
}
