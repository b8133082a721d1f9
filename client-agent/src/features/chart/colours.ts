/** The drawn series. Told apart by lightness too, for those who see no colours, and by line style where lines cross. */
export const colours = {
  strong: '#0a5a7a',
  soft: '#8fb6c9',
  band: '#cfe3ec',
  warm: '#b86e00',
  warmSoft: '#e9c587',
  ink: '#12222d',
  inkSoft: '#445762',
  line: '#d2dbe1',
};
