/** The enrolment code of an address's fragment, `#enrol=CODE`. */
export function codeInFragment(hash: string): string | null {
  const code = new URLSearchParams(hash.replace(/^#/, '')).get('enrol')?.trim();
  return code ? code : null;
}

/** Takes the code out of the address bar, where the next person could read it. */
export function takeCodeFromAddress(): string | null {
  const code = codeInFragment(location.hash);
  if (code !== null) history.replaceState(history.state, '', location.pathname + location.search);
  return code;
}
