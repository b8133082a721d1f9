import { openPdf } from '@openvtm/ui';
import { ref, type Ref } from 'vue';

/** What a printer says: `unsure` where it can't tell whether paper came out, and the customer is asked. */
export type PrintResult = 'printed' | 'unsure' | 'no-paper' | 'jam';

/** A kiosk's page printer. */
export interface Printer {
  readonly simulated: boolean;
  /** Prints these PDFs, one after the other. Rejects for what is no PDF. */
  print(papers: readonly Uint8Array[]): Promise<PrintResult>;
}

/** Pixels across an A4 page: 200 to the inch. */
const PAGE_WIDTH = 1_654;

/** The browser's own printing: with `--kiosk-printing` the sheets go to the printer without a question. */
export function browserPrinter(): Printer {
  return {
    simulated: false,
    async print(papers) {
      const sheets = document.createElement('div');
      sheets.className = 'print-sheets';
      try {
        for (const bytes of papers) await drawSheets(sheets, bytes);
        document.body.append(sheets);
        const over = new Promise((resolve) => addEventListener('afterprint', resolve, { once: true }));
        window.print();
        await over;
        // A browser is not told what its printer does.
        return 'unsure';
      } finally {
        sheets.remove();
      }
    },
  };
}

async function drawSheets(sheets: HTMLElement, bytes: Uint8Array): Promise<void> {
  const pdf = await openPdf(bytes);
  try {
    for (let page = 1; page <= pdf.pages; page += 1) {
      const canvas = document.createElement('canvas');
      await pdf.draw(page, { canvas, width: PAGE_WIDTH });
      sheets.append(canvas);
    }
  } finally {
    pdf.close();
  }
}

export type SimulatedPrinter = Printer & { next: Ref<'usual' | 'no-paper' | 'jam'> };

/** ms a page takes. */
const PAGE_MS = 400;

/** A printer for demonstrations: reads every page as a real one would, and can be told to run out of paper or to jam. */
export function simulatedPrinter(pageMs = PAGE_MS): SimulatedPrinter {
  const next = ref<'usual' | 'no-paper' | 'jam'>('usual');
  return {
    simulated: true,
    next,
    async print(papers) {
      if (next.value === 'no-paper') return 'no-paper';
      for (const bytes of papers) {
        if (!startsAsPdf(bytes)) throw new Error('no PDF');
        await new Promise((resolve) => setTimeout(resolve, pageMs));
        if (next.value === 'jam') return 'jam';
      }
      return 'printed';
    },
  };
}

const startsAsPdf = (bytes: Uint8Array) => String.fromCharCode(...bytes.slice(0, 5)) === '%PDF-';
