// What is painted on the map's own canvases: areas, borders, roads and names.
import { SCALE, pixelsPerMetre, toPixelX, toPixelY } from "./shapes.js";

const INK = "#212B32", LAND = [243, 241, 234], NEIGHBOUR_LINE = "#B9B5A7";

/** Return a class of Leaflet renderers that paint one canvas of a pane. */
export function painterClass(L) {
  return L.Renderer.extend({
    initialize(pane, paint) {
      L.Renderer.prototype.initialize.call(this, { padding: 0.2, pane });
      this.paint = paint;
    },
    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._container.style.pointerEvents = "none";
    },
    _destroyContainer() { this._container.remove(); },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const bounds = this._bounds, size = bounds.getSize(), canvas = this._container;
      const dense = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(canvas, bounds.min);
      canvas.width = size.x * dense;
      canvas.height = size.y * dense;
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      if (!size.x || !size.y) return;
      const context = canvas.getContext("2d");
      context.scale(dense, dense);
      const corner = this._map.getPixelOrigin().add(bounds.min);
      this.paint(context, size, corner, pixelsPerMetre(this._map.getZoom()));
    },
    redraw() { if (this._map) this._update(); },
  });
}

const packed = (r, g, b) => (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
const parts = (colour) => [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16));
const mixed = (one, other, share) => one.map((v, i) => Math.round(v * (1 - share) + other[i] * share));

/** Return the painter of areas: colours, neighbouring land, borders, and the break at the limit. */
export function areaPainter(state, raster) {
  const sheet = document.createElement("canvas");
  return (context, size, corner, k) => {
    const { shapes, look } = state;
    if (!shapes || !look) return;
    raster.fill(shapes, size, corner, k);
    const { width: w, height: h, row } = raster, { classes, breakAt, hatch } = look;
    const own = classes.length, colours = look.colours.map(parts), land = packed(...LAND);
    const bright = colours.map((c) => packed(...c));
    const faint = colours.map((c) => packed(...mixed(c, LAND, 0.82)));
    const stripes = colours.map((c) => packed(...mixed(c, [255, 255, 255], 0.6)));
    const edge = packed(255, 255, 255), ink = packed(33, 43, 50), soft = packed(122, 128, 132);
    const near = packed(...parts(NEIGHBOUR_LINE));
    const wide = wideAreas(shapes, own, k);
    const one = state.groups?.council, other = state.groups?.icb;
    sheet.width = w;
    sheet.height = h;
    const target = sheet.getContext("2d"), image = target.createImageData(w, h);
    const pixels = new Uint32Array(image.data.buffer), last = row.length;
    const passed = (i) => i < own && breakAt !== null && (classes[i] & 127) >= breakAt;
    for (let p = 0; p < last; p++) {
      const i = row[p];
      if (i < 0) continue;
      const beside = row[p + 1], below = p + w < last ? row[p + w] : i;
      if (i >= own) pixels[p] = land;
      else {
        const c = classes[i];
        if (c & 128) pixels[p] = faint[c & 127];
        else if (c === hatch && ((p % w + ((p / w) | 0)) % 12) < 3) pixels[p] = stripes[c];
        else pixels[p] = bright[c];
      }
      const a = beside !== i && beside >= 0 ? beside : below !== i && below >= 0 ? below : -1;
      if (a < 0) continue;
      const mine = i < own || a < own;
      if (other && other[a] !== other[i]) pixels[p] = mine ? ink : near;
      else if (one && one[a] !== one[i]) pixels[p] = mine ? (other ? soft : ink) : near;
      else if (i < own && a < own && passed(i) !== passed(a) && !(classes[i] & 128)) pixels[p] = ink;
      else if (i < own && a < own && wide[i] && wide[a]) pixels[p] = edge;
    }
    if (one) thicken(pixels, row, w, other ?? one, own, ink);
    target.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(sheet, 0, 0, w / SCALE, h / SCALE);
  };
}

/** Which areas are wide enough on screen for white borders. */
function wideAreas(shapes, own, k) {
  const wide = new Uint8Array(own);
  for (let i = 0; i < own; i++) {
    const across = shapes.box[4 * i + 2] - shapes.box[4 * i], down = shapes.box[4 * i + 3] - shapes.box[4 * i + 1];
    wide[i] = Math.min(across, down) * k > 9 ? 1 : 0;
  }
  return wide;
}

/** Make the borders of the largest groups three pixels of the raster wide. */
function thicken(pixels, row, w, group, own, ink) {
  for (let p = w; p < row.length - w - 2; p++) {
    const i = row[p];
    if (i < 0) continue;
    const a = row[p + 2] >= 0 ? row[p + 2] : i, b = row[p + w] >= 0 ? row[p + w] : i;
    const left = row[p - 1] >= 0 ? row[p - 1] : i, top = row[p - w] >= 0 ? row[p - w] : i;
    for (const j of [a, b, left, top]) {
      if (group[j] !== group[i] && (i < own || j < own)) { pixels[p] = ink; break; }
    }
  }
}

/** Return the painter of the land beyond England, with a line along its coast. */
export function landPainter(state) {
  return (context, size, corner, k) => {
    if (!state.land) return;
    context.lineJoin = "round";
    context.fillStyle = `rgb(${LAND.join()})`;
    context.strokeStyle = "#9FB9C6";
    context.lineWidth = 1.2;
    for (let i = 0; i < state.land.count; i++) {
      const drawn = path(state.land, i, corner, k);
      context.fill(drawn, "evenodd");
      context.stroke(drawn);
    }
  };
}

const WIDTH = { motorway: 2.6, trunk: 2, primary: 1.4 };

/** Return the painter of main roads, each with a white edge so that they show above colours. */
export function roadPainter(state) {
  return (context, size, corner, k) => {
    const { lines, kinds } = state.roads ?? {};
    if (!lines) return;
    const grow = Math.min(1.6, Math.max(0.7, Math.log2(k * 1000) / 5));
    context.lineJoin = context.lineCap = "round";
    const paths = kinds.map((kind, i) => [WIDTH[kind] ?? 1.2, path(lines, i, corner, k)]);
    for (const [extra, colour] of [[1.8, "rgba(255,255,255,.85)"], [0, "#66747E"]]) {
      for (const [width, drawn] of paths) {
        context.lineWidth = width * grow + extra;
        context.strokeStyle = colour;
        context.stroke(drawn);
      }
    }
  };
}

function path(lines, i, corner, k) {
  const drawn = new Path2D();
  for (let r = lines.first[i]; r < lines.first[i + 1]; r++) {
    for (let p = lines.rings[r]; p < lines.rings[r + 1]; p++) {
      const x = toPixelX(lines.xy[2 * p], k) - corner.x, y = toPixelY(lines.xy[2 * p + 1], k) - corner.y;
      if (p === lines.rings[r]) drawn.moveTo(x, y);
      else drawn.lineTo(x, y);
    }
  }
  return drawn;
}

/** Return the font and colours of a name by its kind and its people. */
function look(kind, people) {
  if (kind === "ward") return { font: "italic 500 11.5px", colour: "#40505A" };
  if (kind === "council" || kind === "icb") return { font: "700 13px", colour: "#003087" };
  if (people > 200000) return { font: "700 15px", colour: INK };
  if (people > 50000) return { font: "600 13.5px", colour: INK };
  if (people > 8000) return { font: "600 12px", colour: INK };
  return { font: "500 11px", colour: "#40505A" };
}

/** The zoom from which a name is drawn. */
function least(kind, people) {
  if (kind === "ward") return 12;
  if (kind === "council") return 9;
  if (kind === "icb") return 0;
  return people > 200000 ? 0 : people > 60000 ? 7 : people > 10000 ? 8.5 : people > 2000 ? 10 : 11.2;
}

const SHIFTS = [0, -15, 15, -26, 26]; // pixels up or down to where a name has room

/** Return the painter of names: the largest first, none over another or over a mark. */
export function namePainter(state, map) {
  return (context, size, corner, k) => {
    const zoom = map.getZoom(), origin = map.getPixelOrigin();
    const taken = (state.markBoxes?.() ?? []).map(([w, n, e, s]) => [
      w + origin.x - corner.x, n + origin.y - corner.y,
      e + origin.x - corner.x, s + origin.y - corner.y]);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    state.drawnNames = [];
    for (const { name, kind, people, x, y } of state.names ?? []) {
      if (zoom < least(kind, people)) continue;
      const px = toPixelX(x, k) - corner.x, py = toPixelY(y, k) - corner.y;
      if (px < 0 || py < 0 || px > size.x || py > size.y) continue;
      const { font, colour } = look(kind, people);
      context.font = `${font} "Source Sans", "Segoe UI", Arial, sans-serif`;
      const half = context.measureText(name).width / 2 + 4, tall = 9;
      const boxAt = (shift) => [px - half, py + shift - tall, px + half, py + shift + tall];
      const isFree = (box) => !taken.some((o) => o[0] < box[2] && o[2] > box[0] && o[1] < box[3] && o[3] > box[1]);
      const shift = SHIFTS.find((one) => isFree(boxAt(one)));
      if (shift === undefined) continue;
      taken.push(boxAt(shift));
      context.strokeStyle = "rgba(255,255,255,.92)";
      context.lineWidth = 3.4;
      context.strokeText(name, px, py + shift);
      context.fillStyle = colour;
      context.fillText(name, px, py + shift);
      state.drawnNames.push(name);
    }
  };
}
