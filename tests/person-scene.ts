import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';

/** The colours of the room behind the person: upright stripes, which blurring mixes and a picture takes away. */
export const ROOM = ['#c81e1e', '#1e1ec8'] as const;
export const STRIPE = 20;

/** Somebody at a desk before a striped wall, drawn plainly, as a camera sees them. `shirt`: a colour, as in SVG. */
const personAt = (sway: number, { width = 1280, height = 720 } = {}): string => {
  const stripes = Array.from(
    { length: Math.ceil(width / STRIPE) },
    (_, i) => `<rect x="${i * STRIPE}" width="${STRIPE}" height="${height}" fill="${ROOM[i % 2]}"/>`,
  ).join('');
  const [x, top] = [width / 2 + sway, height * 0.16];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs>
      <radialGradient id="skin" cx="0.42" cy="0.38" r="0.8"><stop offset="0" stop-color="#f2c9a8"/><stop offset="1" stop-color="#c68d66"/></radialGradient>
      <linearGradient id="shirt" x1="0" x2="1"><stop offset="0" stop-color="#3d8f5a"/><stop offset="0.5" stop-color="#57b377"/><stop offset="1" stop-color="#2f7248"/></linearGradient>
    </defs>
    ${stripes}
    <path d="M${x - 300} ${height} C${x - 300} ${top + 380} ${x - 190} ${top + 330} ${x - 70} ${top + 305} L${x + 70} ${top + 305} C${x + 190} ${top + 330} ${x + 300} ${top + 380} ${x + 300} ${height} Z" fill="url(#shirt)"/>
    <path d="M${x - 55} ${top + 230} h110 v80 q-55 45 -110 0 Z" fill="#c08a64"/>
    <ellipse cx="${x}" cy="${top + 140}" rx="108" ry="140" fill="url(#skin)"/>
    <path d="M${x - 116} ${top + 130} C${x - 130} ${top - 30} ${x + 130} ${top - 30} ${x + 116} ${top + 130} C${x + 96} ${top + 70} ${x + 60} ${top + 50} ${x} ${top + 52} C${x - 60} ${top + 50} ${x - 96} ${top + 70} ${x - 116} ${top + 130} Z" fill="#2a1d16"/>
    <g fill="#fff"><ellipse cx="${x - 42}" cy="${top + 125}" rx="20" ry="11"/><ellipse cx="${x + 42}" cy="${top + 125}" rx="20" ry="11"/></g>
    <g fill="#2b1b12"><circle cx="${x - 42}" cy="${top + 125}" r="9"/><circle cx="${x + 42}" cy="${top + 125}" r="9"/></g>
    <path d="M${x - 64} ${top + 102} q22 -14 44 -2 M${x + 20} ${top + 100} q22 -12 44 2" stroke="#2a1d16" stroke-width="7" fill="none"/>
    <path d="M${x - 4} ${top + 130} q-16 50 -10 56 q12 8 26 0" stroke="#a8714c" stroke-width="5" fill="none"/>
    <path d="M${x - 38} ${top + 218} q38 22 76 0 q-38 -12 -76 0 Z" fill="#a8484a"/>
  </svg>`;
};

/** A file that Chromium plays as a camera: the person sways a little. */
export async function filmPerson(file: string): Promise<string> {
  const frames = await Promise.all(
    [0, 6, 12, 6].map((sway) =>
      sharp(Buffer.from(personAt(sway)))
        .jpeg({ quality: 92 })
        .toBuffer(),
    ),
  );
  await writeFile(file, Buffer.concat(frames.flatMap((one) => [one, one])));
  return file;
}
