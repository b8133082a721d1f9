/** The characters of one-time codes: none that look alike. Source: the server's own codes. */
export const CODE_LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
export const CODE_LENGTH = 8;

/** What was typed, pasted or scanned, as the characters of a code: others are dropped, those too many too. */
export const tidyCode = (text: string): string =>
  [...text.toUpperCase()]
    .filter((one) => CODE_LETTERS.includes(one))
    .slice(0, CODE_LENGTH)
    .join('');

/** Four and four, as it is read aloud. */
export const groupedCode = (code: string): string =>
  code.length > CODE_LENGTH / 2 ? `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}` : code;

/** The address of the phone page that brings a code with it: what a QR picture shows, and a phone's own camera opens. */
export const handoverAddress = (origin: string, wish: { code: string; branch: string | null }): string =>
  `${origin}/phone/#${new URLSearchParams({ ...(wish.branch ? { branch: wish.branch } : {}), take: wish.code }).toString()}`;

/** The hand-over code in what a scanner read; null for any other content. */
export function codeScanned(text: string): string | null {
  const address = URL.parse(text);
  if (!address?.pathname.startsWith('/phone')) return null;
  const code = tidyCode(new URLSearchParams(address.hash.slice(1)).get('take') ?? '');
  return code.length === CODE_LENGTH ? code : null;
}
