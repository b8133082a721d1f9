import type { DocumentKind } from '@openvtm/protocol';
import type { Line } from '../engine/lines.ts';
import { parseBankCard } from './bank-card.ts';
import { parseBusinessLicence } from './business-licence.ts';
import type { Found } from './found.ts';
import { parseIdBack, parseIdFront } from './id-card.ts';
import { parsePassport } from './passport.ts';
import { rowsOf } from './rows.ts';

export type { Found } from './found.ts';

/** What the lines of a page of this kind say, field by field; a field that is not readable is not there. */
export function parsePage(kind: DocumentKind, lines: readonly Line[]): Found[] {
  switch (kind) {
    case 'id-card-front':
      return parseIdFront(rowsOf(lines));
    case 'id-card-back':
      return parseIdBack(rowsOf(lines));
    case 'passport':
      return parsePassport(lines, rowsOf(lines));
    case 'bank-card':
      return parseBankCard(rowsOf(lines));
    case 'business-licence':
      return parseBusinessLicence(rowsOf(lines));
    default:
      return [];
  }
}
