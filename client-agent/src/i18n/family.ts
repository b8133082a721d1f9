type Words = { t: (key: string) => string; te: (key: string) => boolean };

/** A skill in the desk's words; one that a bank's own services ask for goes by its own name. */
export const familyName = (family: string, { t, te }: Words): string =>
  te(`plan.families.${family}`) ? t(`plan.families.${family}`) : family;
