import type * as Pdf from 'pdfjs-dist';

/** A PDF that is open; `close` frees it, and may be called twice. */
export type OpenPdf = {
  pages: number;
  /** Draws a page, from 1, as wide as `width` device pixels. */
  draw(page: number, options: { canvas: HTMLCanvasElement; width: number }): Promise<void>;
  /** Where a page's text ends above its foot: 0 at its top, 1 at its end. */
  endOfText(page: number): Promise<number>;
  close(): void;
};

/** Points that the foot of a page takes, which no text goes on to. */
const FOOT = 70;

type Policy = { createScriptURL(url: string): string };
type Policies = { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy };

let engine: Promise<typeof Pdf> | undefined;

/** The drawing engine with its worker, loaded when the first PDF is shown. */
function load() {
  engine ??= (async () => {
    const [pdf, { default: address }] = await Promise.all([
      import('pdfjs-dist'),
      import('pdfjs-dist/build/pdf.worker.min.mjs?url'),
    ]);
    // The pages' policy lets no string become script unless it is said to be one: this one is a file of this origin.
    const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
    const policy = policies?.createPolicy('openvtm-pdf', { createScriptURL: (url) => url });
    pdf.GlobalWorkerOptions.workerPort = new Worker(policy?.createScriptURL(address) ?? address, { type: 'module' });
    return pdf;
  })();
  // What could not be loaded is tried again with the next PDF.
  engine.catch(() => (engine = undefined));
  return engine;
}

/** Opens a PDF for its pages to be drawn. Rejects for what is none. */
export async function openPdf(bytes: Uint8Array): Promise<OpenPdf> {
  const { getDocument } = await load();
  // A copy, for the engine takes the bytes to its worker.
  const task = getDocument({ data: bytes.slice(), enableXfa: false, useWasm: false, useSystemFonts: false });
  const document = await task.promise;
  let closed = false;
  return {
    pages: document.numPages,
    async draw(number, { canvas, width }) {
      const page = await document.getPage(number);
      const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
      canvas.width = Math.floor(viewport.width);
      canvas.height = Math.floor(viewport.height);
      await page.render({ canvas, viewport }).promise;
    },
    async endOfText(number) {
      const page = await document.getPage(number);
      const { height } = page.getViewport({ scale: 1 });
      const { items } = await page.getTextContent();
      const lowest = items
        .flatMap((item) => ('transform' in item ? [Number(item.transform[5])] : []))
        .filter((y) => y > FOOT);
      return lowest.length === 0 ? 1 : 1 - Math.min(...lowest) / height;
    },
    close() {
      if (closed) return;
      closed = true;
      void task.destroy();
    },
  };
}
