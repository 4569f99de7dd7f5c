// Shapes from a packed file, and the raster that tells which area is under each pixel.

const HALF_WORLD = 20037508.342789244; // metres from the middle of EPSG:3857 to its edge
export const SCALE = 2; // pixels of the raster for each pixel of the screen, along each side

/** Return the pixels of EPSG:3857 metres at a zoom of Leaflet. */
export const pixelsPerMetre = (zoom) => (256 * 2 ** zoom) / (2 * HALF_WORLD);
export const toPixelX = (x, k) => (x + HALF_WORLD) * k;
export const toPixelY = (y, k) => (HALF_WORLD - y) * k;

/** Read a file of `outputs.maps.packed`: numbers of 7 bits a byte, differences zigzag coded. */
export async function readShapes(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let at = 0;
  const whole = () => {
    let value = 0, weight = 1, byte;
    do { byte = bytes[at++]; value += (byte & 127) * weight; weight *= 128; } while (byte > 127);
    return value;
  };
  const count = whole(), first = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) first[i + 1] = first[i] + whole();
  const rings = new Uint32Array(first[count] + 1);
  for (let i = 0; i < first[count]; i++) rings[i + 1] = rings[i] + whole();
  const xy = new Float64Array(2 * rings[first[count]]);
  const signed = () => { const v = whole(); return v % 2 ? -(v + 1) / 2 : v / 2; };
  for (let i = 0, x = 0, y = 0; i < xy.length; i += 2) {
    xy[i] = x += signed();
    xy[i + 1] = y += signed();
  }
  const box = new Float64Array(4 * count);
  for (let i = 0; i < count; i++) {
    let w = Infinity, s = Infinity, e = -Infinity, n = -Infinity;
    for (let p = 2 * rings[first[i]]; p < 2 * rings[first[i + 1]]; p += 2) {
      if (xy[p] < w) w = xy[p];
      if (xy[p] > e) e = xy[p];
      if (xy[p + 1] < s) s = xy[p + 1];
      if (xy[p + 1] > n) n = xy[p + 1];
    }
    box.set([w, s, e, n], 4 * i);
  }
  return { count, first, rings, xy, box };
}

/** Which shape covers each pixel: a raster filled row by row with the even-odd rule. */
export class Raster {
  constructor() { this.width = 0; this.height = 0; this.row = new Int32Array(0); this.lines = []; }

  /** Fill the raster for `size` pixels of screen whose corner is at `corner`; the last shapes first. */
  fill(shapes, size, corner, k) {
    const width = size.x * SCALE, height = size.y * SCALE;
    const same = this.of === shapes && this.width === width && this.height === height
      && this.k === k && this.x === corner.x && this.y === corner.y;
    if (same) return;
    if (this.row.length !== width * height) this.row = new Int32Array(width * height);
    while (this.lines.length < height) this.lines.push([]);
    Object.assign(this, { of: shapes, width, height, k, x: corner.x, y: corner.y });
    this.row.fill(-1);
    for (let i = shapes.count - 1; i >= 0; i--) this._shape(shapes, i);
  }

  _shape(g, i) {
    const { width: w, height: h, row, lines } = this, k = this.k * SCALE;
    const ox = (HALF_WORLD * this.k - this.x) * SCALE, oy = (HALF_WORLD * this.k - this.y) * SCALE;
    const left = g.box[4 * i] * k + ox, right = g.box[4 * i + 2] * k + ox;
    const top = oy - g.box[4 * i + 3] * k, bottom = oy - g.box[4 * i + 1] * k;
    if (right < 0 || left > w || bottom < 0 || top > h) return;
    if (right - left < 1.2 && bottom - top < 1.2) { // less than a pixel: a pixel
      const x = Math.floor((left + right) / 2), y = Math.floor((top + bottom) / 2);
      if (x >= 0 && x < w && y >= 0 && y < h) row[y * w + x] = i;
      return;
    }
    const from = Math.max(0, Math.floor(top)), to = Math.min(h - 1, Math.ceil(bottom));
    for (let ring = g.first[i]; ring < g.first[i + 1]; ring++) {
      const start = g.rings[ring], end = g.rings[ring + 1];
      let ax = g.xy[2 * end - 2] * k + ox, ay = oy - g.xy[2 * end - 1] * k;
      for (let p = start; p < end; p++) {
        const bx = g.xy[2 * p] * k + ox, by = oy - g.xy[2 * p + 1] * k;
        if (ay !== by) {
          const low = Math.max(from, Math.ceil(Math.min(ay, by) - 0.5));
          const high = Math.min(to, Math.ceil(Math.max(ay, by) - 0.5) - 1);
          const slope = (bx - ax) / (by - ay);
          for (let y = low; y <= high; y++) lines[y].push(ax + (y + 0.5 - ay) * slope);
        }
        ax = bx;
        ay = by;
      }
    }
    for (let y = from; y <= to; y++) {
      const xs = lines[y];
      if (!xs.length) continue;
      if (xs.length === 2) {
        if (xs[0] > xs[1]) xs.reverse();
      } else xs.sort((a, b) => a - b);
      for (let p = 0; p + 1 < xs.length; p += 2) {
        const a = Math.max(0, Math.ceil(xs[p] - 0.5)), b = Math.min(w, Math.ceil(xs[p + 1] - 0.5));
        if (b > a) row.fill(i, y * w + a, y * w + b);
      }
      xs.length = 0;
    }
  }

  /** Return the shape at a pixel of the whole world at the raster's zoom; -1 = none. */
  at(x, y) {
    const column = Math.floor((x - this.x) * SCALE), line = Math.floor((y - this.y) * SCALE);
    if (column < 0 || line < 0 || column >= this.width || line >= this.height) return -1;
    return this.row[line * this.width + column];
  }
}

/** Return the rings of a shape as points of EPSG:3857, [[x, y], ...] each. */
export function ringsOf(shapes, i) {
  const found = [];
  for (let r = shapes.first[i]; r < shapes.first[i + 1]; r++) {
    const ring = [];
    for (let p = shapes.rings[r]; p < shapes.rings[r + 1]; p++) {
      ring.push([shapes.xy[2 * p], shapes.xy[2 * p + 1]]);
    }
    found.push(ring);
  }
  return found;
}
