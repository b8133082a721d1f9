/** One thing in the journal that is not as it was written. A block's `first` and `last` are the ids of its rows. */
export type Finding =
  | { kind: 'row-edited' | 'row-missing' | 'row-inserted'; id: bigint; block: bigint }
  /** Row and block differ, and the block was changed itself, so that it does not tell which of the two is false. */
  | { kind: 'row-unproven'; id: string; blocks: readonly bigint[] }
  | { kind: 'block-changed'; number: bigint; first: bigint; last: bigint }
  | { kind: 'block-copied' | 'block-astray'; number: bigint }
  /** No block vouches for the rows from `first` to `last`. */
  | { kind: 'blocks-missing'; from: bigint; to: bigint; first: bigint; last: bigint }
  /** A block that was noted outside of the database is not part of the chain. */
  | { kind: 'block-lost'; number: bigint; hash: Buffer };

/** The finding as a line for a person. */
export function inWords(finding: Finding): string {
  switch (finding.kind) {
    case 'row-edited':
      return `row ${finding.id} was edited after block ${finding.block} had sealed it`;
    case 'row-missing':
      return `row ${finding.id} is missing; block ${finding.block} had sealed it`;
    case 'row-inserted':
      return `row ${finding.id} was inserted after block ${finding.block} had been sealed`;
    case 'row-unproven': {
      const blocks = finding.blocks.length === 1 ? 'block' : 'blocks';
      return `row ${finding.id} does not fit the changed ${blocks} ${finding.blocks.join(', ')}; row or block is false`;
    }
    case 'block-changed':
      return `block ${finding.number}, which seals the rows ${finding.first} to ${finding.last}, was changed or forged`;
    case 'block-copied':
      return `block ${finding.number} is there more than once`;
    case 'block-astray':
      return `block ${finding.number} does not follow the block before it; one of them is of another chain`;
    case 'blocks-missing': {
      const { from, to, first, last } = finding;
      const which = from === to ? `block ${from} is` : `the blocks ${from} to ${to} are`;
      return `${which} missing; nothing vouches for the rows ${first} to ${last}`;
    }
    case 'block-lost':
      return (
        `block ${finding.number} with the hash ${finding.hash.toString('hex')} was sealed once and is not there; ` +
        'the end of the journal was cut off, or an older copy of the database was brought back'
      );
  }
}
