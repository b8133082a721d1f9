import type { PaperId, PaperView } from '@openvtm/protocol';
import { ref } from 'vue';

/** The paper that is looked at; null: none is. */
export const shownPaper = ref<PaperId | null>(null);

/** The newest file that a paper has, and the hash by which it is countersigned. */
export function newestFile({ state, sha256 }: PaperView): { file: 'read' | 'signed' | 'sealed'; sha256: string } {
  switch (state.at) {
    case 'signed':
    case 'confirmed':
      return { file: 'signed', sha256: state.sha256 };
    case 'sealing':
      return { file: 'signed', sha256: '' };
    case 'sealed':
      return { file: 'sealed', sha256: state.sha256 };
    default:
      return { file: 'read', sha256 };
  }
}

/** The papers that the service has for this case and that are not signed, refused or under way. */
export const openTemplates = <T extends { id: string }>(templates: readonly T[], papers: readonly PaperView[]): T[] =>
  templates.filter(
    ({ id }) => !papers.some(({ template, state }) => template === id && !['refused', 'withdrawn'].includes(state.at)),
  );
