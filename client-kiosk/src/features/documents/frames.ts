import type { DocumentKind } from '@openvtm/protocol';

/**
 * Width : height of what is photographed. Cards: ISO/IEC 7810 ID-1, 85.60 × 53.98 mm; a passport's data page: ID-3,
 * 125 × 88 mm; papers: A4 (ISO 216), a business licence lengthwise; a paper bill of exchange: 180 × 75 mm.
 * `other` may be anything and has no frame.
 */
const ASPECTS: Record<DocumentKind, number | null> = {
  'id-card-front': 85.6 / 53.98,
  'id-card-back': 85.6 / 53.98,
  'bank-card': 85.6 / 53.98,
  passport: 125 / 88,
  'proof-of-address': 210 / 297,
  'business-licence': 297 / 210,
  contract: 210 / 297,
  bill: 180 / 75,
  'income-proof': 210 / 297,
  other: null,
};

/** How much of the picture's shorter fit the frame takes: room for a hand that is not quite steady. */
const SHARE = 0.84;

/** The frame over a picture of `videoAspect`, in percent of the picture; null: no frame for this kind. */
export function frameOf(kind: DocumentKind, videoAspect: number): { width: number; height: number } | null {
  const aspect = ASPECTS[kind];
  if (aspect === null) return null;
  const ratio = aspect / videoAspect;
  const width = 100 * SHARE * Math.min(1, ratio);
  return { width, height: width / ratio };
}
