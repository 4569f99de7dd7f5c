// Marks on the map: symbols, points, centres that do not overlap, and a pin that can be dragged.

const INK = "#212B32";

/** Return an element with attributes and children; a string child is text, never HTML. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Return text about something: the first line strong, each further line below. */
export function facts(text) {
  const [head, ...rest] = String(text).split("\n");
  const made = element("div", { class: "nhc-facts" }, element("b", { dir: "auto" }, head));
  for (const line of rest) made.append(element("div", { dir: "auto" }, line));
  return made;
}

/** Draw a symbol with its middle at a point; shapes are those of `outputs.maps.symbols`. */
export function drawSymbol(context, symbol, x, y, size = symbol.size, label = "") {
  const half = size / 2, edge = symbol.edge ?? INK;
  context.save();
  context.translate(x, y);
  context.beginPath();
  if (symbol.shape === "square") context.roundRect(-half, -half, size, size, Math.min(3, size / 6));
  else if (symbol.shape === "leaf") context.roundRect(-half, -half, size, size, [2, half, 2, half]);
  else if (symbol.shape === "diamond") {
    context.moveTo(0, -half); context.lineTo(half, 0); context.lineTo(0, half); context.lineTo(-half, 0);
    context.closePath();
  } else if (symbol.shape === "triangle") {
    context.moveTo(0, -half); context.lineTo(half, half * 0.8); context.lineTo(-half, half * 0.8);
    context.closePath();
  } else if (symbol.shape === "pin") {
    context.moveTo(0, half);
    context.bezierCurveTo(-half * 0.9, 0, -half * 0.75, -half, 0, -half);
    context.bezierCurveTo(half * 0.75, -half, half * 0.9, 0, 0, half);
  } else context.arc(0, 0, half, 0, 2 * Math.PI);
  context.fillStyle = symbol.fill;
  context.fill();
  if (size >= 12) { // a white ring inside a dark one is visible on every colour
    context.lineWidth = size >= 20 ? 4 : 2.6;
    context.strokeStyle = edge;
    context.stroke();
    context.lineWidth = size >= 20 ? 2 : 1.2;
    context.strokeStyle = "#FFFFFF";
    context.stroke();
  } else {
    context.lineWidth = 1;
    context.strokeStyle = edge;
    context.stroke();
  }
  if (label && size >= 18) {
    context.fillStyle = symbol.ink ?? "#FFFFFF";
    context.font = `700 ${label.length > 2 ? 10 : 12}px "Source Sans", Arial, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(label, 0, 0.5);
  }
  context.restore();
}

/** Return a canvas with a symbol, for a marker or a legend. */
export function symbolCanvas(symbol, size = symbol.size, label = "") {
  const box = size + 6, dense = Math.max(2, window.devicePixelRatio || 1);
  const made = element("canvas", { width: box * dense, height: box * dense, "aria-hidden": "true" });
  made.style.cssText = `width:${box}px;height:${box}px;display:block`;
  const context = made.getContext("2d");
  context.scale(dense, dense);
  drawSymbol(context, symbol, box / 2, box / 2, size, label);
  return made;
}

/** Return a class of points that are drawn as a symbol on a canvas of Leaflet. */
export function dotClass(L) {
  return L.CircleMarker.extend({
    _updatePath() {
      const { symbol, size } = this.options, renderer = this._renderer;
      if (!symbol) L.CircleMarker.prototype._updatePath.call(this);
      else if (renderer._drawing && !this._empty()) {
        drawSymbol(renderer._ctx, symbol, this._point.x, this._point.y, size);
      }
    },
  });
}

/** Push marks apart that overlap; return how far each is moved, in pixels. */
export function pushApart(points, size, most) {
  const moved = points.map((p) => ({ x: p.x, y: p.y })), gap = size + 3;
  for (let round = 0; round < 40; round++) {
    let changed = false;
    for (let i = 0; i < moved.length; i++) {
      for (let j = i + 1; j < moved.length; j++) {
        let dx = moved[j].x - moved[i].x, dy = moved[j].y - moved[i].y;
        if (Math.abs(dx) >= gap || Math.abs(dy) >= gap) continue;
        const far = Math.hypot(dx, dy);
        if (far >= gap) continue;
        if (far < 0.01) { dx = Math.cos(i + j); dy = Math.sin(i + j); }
        const step = (gap - far) / 2 / (far || 1);
        moved[i].x -= dx * step; moved[i].y -= dy * step;
        moved[j].x += dx * step; moved[j].y += dy * step;
        changed = true;
      }
    }
    if (!changed) break;
  }
  return moved.map((m, i) => {
    const dx = m.x - points[i].x, dy = m.y - points[i].y, far = Math.hypot(dx, dy);
    const share = far > most ? most / far : 1;
    return { x: dx * share, y: dy * share };
  });
}

/** Return the centres of the map: markers for mouse and keyboard that make room for each other. */
export function centreMarkers(L, map, show) {
  const group = L.layerGroup().addTo(map);
  let marks = [];
  const arrange = () => {
    if (!marks.length) return;
    const size = Math.max(...marks.map((m) => m.size));
    const at = marks.map((m) => map.latLngToLayerPoint(m.marker.getLatLng()));
    const shifts = marks.length <= 400 ? pushApart(at, size, 2.2 * size) : at.map(() => ({ x: 0, y: 0 }));
    marks.forEach((mark, i) => {
      mark.shift = shifts[i];
      const icon = mark.marker.getElement(), half = (mark.size + 6) / 2;
      if (icon) { // margins, so that what is clicked and focused moves with what is seen
        icon.style.marginLeft = `${shifts[i].x - half}px`;
        icon.style.marginTop = `${shifts[i].y - half}px`;
      }
    });
  };
  return {
    arrange,
    all: () => marks,
    boxes: () => marks.map((m) => {
      const p = map.latLngToLayerPoint(m.marker.getLatLng()), half = m.size / 2 + 2;
      const x = p.x + m.shift.x, y = p.y + m.shift.y;
      return [x - half, y - half, x + half, y + half];
    }),
    draw(points, symbols) {
      group.clearLayers();
      marks = points.map((point) => {
        const symbol = symbols[point.symbol], size = point.size ?? symbol.size;
        const box = size + 6, picture = symbolCanvas(symbol, size, point.label ?? "");
        const icon = L.divIcon({ html: picture, className: "nhc-mark", iconSize: [box, box] });
        const marker = L.marker([point.at[1], point.at[0]], { icon, riseOnHover: true });
        marker.on("add", () => {
          const made = marker.getElement();
          made.setAttribute("aria-label", point.name ?? "");
          made.setAttribute("role", "button");
          made.addEventListener("keydown", (event) => {
            if (event.key === "Enter" || event.key === " ") {
              event.preventDefault();
              event.stopPropagation();
              show(point, marker);
            }
          });
        });
        if (point.tip) marker.bindTooltip(() => facts(point.tip), { direction: "top", offset: [0, -size / 2] });
        marker.on("click", () => show(point, marker));
        marker.addTo(group);
        return { point, marker, size, symbol, shift: { x: 0, y: 0 } };
      });
      arrange();
    },
  };
}

/** Return the painter of the lines from marks that were pushed aside to where they belong. */
export function leaderPainter(map, centres) {
  return (context, size, corner) => {
    const origin = map.getPixelOrigin();
    context.strokeStyle = INK;
    context.lineWidth = 1.4;
    for (const { marker, shift } of centres.all()) {
      if (Math.hypot(shift.x, shift.y) < 4) continue;
      const p = map.latLngToLayerPoint(marker.getLatLng());
      const x = p.x + origin.x - corner.x, y = p.y + origin.y - corner.y;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + shift.x, y + shift.y);
      context.stroke();
      context.beginPath();
      context.arc(x, y, 2.6, 0, 2 * Math.PI);
      context.fillStyle = INK;
      context.fill();
    }
  };
}

const STEPS = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] };

/** Return the pin: it is dragged, or moved with the arrow keys, and says where it was left. */
export function draggablePin(L, map, symbol, left) {
  let marker = null, timer = 0;
  const tell = () => left(marker.getLatLng());
  return {
    latLng: () => marker?.getLatLng(),
    put(at, words) {
      if (!at) {
        marker?.remove();
        marker = null;
        return;
      }
      const where = L.latLng(at[1], at[0]);
      if (marker) {
        marker.setLatLng(where);
        return;
      }
      const size = symbol.size, picture = symbolCanvas(symbol);
      const icon = L.divIcon({ html: picture, className: "nhc-pin", iconSize: [size + 6, size + 6],
        iconAnchor: [(size + 6) / 2, size + 3] });
      marker = L.marker(where, { icon, draggable: true, autoPan: true, zIndexOffset: 2000, keyboard: true });
      marker.addTo(map).on("dragend", tell);
      const made = marker.getElement();
      made.setAttribute("aria-label", words);
      made.addEventListener("keydown", (event) => {
        const step = STEPS[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        const next = map.latLngToContainerPoint(marker.getLatLng()).add(step);
        marker.setLatLng(map.containerPointToLatLng(next));
        clearTimeout(timer);
        timer = setTimeout(tell, 700); // several presses are one move
      });
    },
  };
}
