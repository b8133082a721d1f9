type Wish = {
  pages: number;
  width?: number;
  height?: number;
  script?: string;
  attachment?: string;
  /** Nobody knows its password. */
  locked?: boolean;
};

/** A PDF (ISO 32000) with a black bar and its number on each page; `script` runs when it is opened, `attachment` is a file inside. */
export function pdf({ pages, width = 595, height = 842, script, attachment, locked }: Wish): Buffer {
  const objects: string[] = [];
  const add = (body: string) => objects.push(body);
  const stream = (text: string, rest = '') =>
    `<< /Length ${Buffer.byteLength(text)} ${rest}>>\nstream\n${text}\nendstream`;
  // 1: catalogue, 2: pages, 3: font; both pages' numbers are known beforehand.
  const extras = [
    script === undefined ? '' : `/OpenAction << /S /JavaScript /JS (${script.replace(/([()\\])/g, '\\$1')}) >>`,
    attachment === undefined ? '' : `/Names << /EmbeddedFiles << /Names [(../../a.exe) ${4 + 2 * pages} 0 R] >> >>`,
  ];
  add(`<< /Type /Catalog /Pages 2 0 R ${extras.join(' ')} >>`);
  const kids = Array.from({ length: pages }, (_, i) => `${4 + 2 * i} 0 R`).join(' ');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  for (let i = 0; i < pages; i += 1) {
    const box = `[0 0 ${width} ${height}]`;
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox ${box} /Contents ${5 + 2 * i} 0 R /Resources << /Font << /F 3 0 R >> >> >>`,
    );
    add(stream(`0 0 0 rg 60 ${height - 120} 300 60 re f BT /F 24 Tf 60 ${height - 200} Td (page ${i + 1}) Tj ET`));
  }
  if (attachment !== undefined) {
    add(`<< /Type /Filespec /F (../../a.exe) /EF << /F ${5 + 2 * pages} 0 R >> >>`);
    add(stream(attachment, '/Type /EmbeddedFile '));
  }
  let text = '%PDF-1.7\n';
  const places = objects.map((body, i) => {
    const at = Buffer.byteLength(text);
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const xref = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const end = Buffer.byteLength(text);
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${xref}`;
  const hex = 'ab'.repeat(32);
  const lock = `/ID [<${hex}> <${hex}>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <${hex}> /U <${hex}> /P -4 >> `;
  text += `trailer\n<< /Size ${objects.length + 1} ${locked ? lock : ''}/Root 1 0 R >>\nstartxref\n${end}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
