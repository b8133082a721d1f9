/** What a link may ask of this page, in its fragment, which is never sent to a server. */
export type AddressWish = {
  /** `enrol`: a device's enrolment code. */
  enrol: string | null;
  /** `branch`: which branch a phone comes to. */
  branch: string | null;
  /** `take`: the code of a case that goes on here. */
  take: string | null;
};

/** The wishes of an address's fragment, `#enrol=CODE` or `#branch=ID&take=CODE`. */
export function wishInFragment(hash: string): AddressWish {
  const found = new URLSearchParams(hash.replace(/^#/, ''));
  const one = (name: string) => found.get(name)?.trim() || null;
  return { enrol: one('enrol'), branch: one('branch'), take: one('take') };
}

/** Takes the wishes out of the address bar, where the next person could read them. */
export function takeWishFromAddress(): AddressWish {
  const wish = wishInFragment(location.hash);
  if (wish.enrol ?? wish.branch ?? wish.take)
    history.replaceState(history.state, '', location.pathname + location.search);
  return wish;
}
