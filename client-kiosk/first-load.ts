import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/**
 * Fails the build when the script that a first visit loads (the entries and all that they import statically) is more
 * than `most` bytes gzipped.
 */
export function firstLoadLimit({ most }: { most: number }): Plugin {
  return {
    name: 'openvtm-first-load-limit',
    apply: 'build',
    generateBundle(_options, bundle) {
      const counted = new Set<string>();
      const count = (file: string): number => {
        const chunk = bundle[file];
        if (counted.has(file) || chunk?.type !== 'chunk') return 0;
        counted.add(file);
        return gzipSync(chunk.code).length + chunk.imports.reduce((sum, next) => sum + count(next), 0);
      };
      const entries = Object.values(bundle).filter((part) => part.type === 'chunk' && part.isEntry);
      const bytes = entries.reduce((sum, entry) => sum + count(entry.fileName), 0);
      const words = `first load: ${Math.round(bytes / 1000)} kB of script gzipped, at most ${most / 1000}`;
      if (bytes > most) this.error(words);
      else this.info(words);
    },
  };
}
