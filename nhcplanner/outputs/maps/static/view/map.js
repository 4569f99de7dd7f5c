// The map of a page: Leaflet for moving about, own canvases for what is drawn.
import { Raster, readShapes, ringsOf } from "./shapes.js";
import { areaPainter, landPainter, namePainter, painterClass, roadPainter } from "./paint.js";
import { centreMarkers, dotClass, draggablePin, element, facts, leaderPainter } from "./marks.js";
import { button, download, legendBox, picture, print, searchBox } from "./tools.js";

let library;
const leaflet = (base) => (library ??= new Promise((done, failed) => {
  const script = element("script", { src: `${base}/leaflet/leaflet.js` });
  script.onload = () => done(window.L);
  script.onerror = failed;
  document.head.append(script);
}));
const files = new Map();
const once = (address, read) => {
  if (!files.has(address)) {
    if (files.size > 40) files.delete(files.keys().next().value);
    files.set(address, read(address).catch((error) => { files.delete(address); throw error; }));
  }
  return files.get(address);
};
const readJson = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  return answer.json();
};
const bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const inStep = new Map(); // name of a group -> the maps that move together

/** Build the map in an element; returns a function that shows data, with `stop`. */
export async function mount(root, base, say) {
  const L = await leaflet(base);
  const box = element("div", { class: "nhc-box" }), banner = element("div", { class: "nhc-banner", role: "status", hidden: "" });
  const credit = element("button", { type: "button", class: "nhc-credit", "aria-expanded": "false" }), tools = element("div", { class: "nhc-tools" });
  const status = element("div", { class: "nhc-status", role: "status" });
  const frame = element("section", { class: "nhc-map" }, box, banner, tools, status, credit);
  root.replaceChildren(frame);
  const map = L.map(box, { zoomSnap: 0.25, attributionControl: false, minZoom: 4, maxZoom: 18,
    fadeAnimation: false, scrollWheelZoom: false, maxBoundsViscosity: 0.8, preferCanvas: true });
  const container = map.getContainer();
  container.focus = function () { HTMLElement.prototype.focus.call(this, { preventScroll: true, focusVisible: false }); };
  L.control.scale({ imperial: true, maxWidth: 90 }).addTo(map);
  for (const [name, level] of [["land", 210], ["colours", 250], ["lines", 420], ["leaders", 590], ["names", 560], ["grounds", 410], ["dots", 570]]) {
    map.createPane(name).style.zIndex = level;
    if (name !== "dots") map.getPane(name).style.pointerEvents = "none";
  }
  let counter = Date.now();
  const state = { map, box, data: null };
  const tell = (name, value) => say(name, { ...value, count: ++counter });
  const Dot = dotClass(L), Painter = painterClass(L), raster = new Raster();
  const land = new Painter("land", landPainter(state)).addTo(map);
  const areas = new Painter("colours", areaPainter(state, raster)).addTo(map);
  const roads = new Painter("lines", roadPainter(state)).addTo(map);
  const names = new Painter("names", namePainter(state, map)).addTo(map);
  const flat = L.canvas({ pane: "grounds", padding: 0.2 }), dots = L.canvas({ pane: "dots", padding: 0.2, tolerance: 3 });
  const grounds = L.layerGroup().addTo(map), points = L.layerGroup().addTo(map), outlines = L.layerGroup().addTo(map);
  const hover = L.polygon([], { renderer: flat, interactive: false, color: "#212B32", weight: 2, fill: false }).addTo(map);
  const tip = L.tooltip({ sticky: true, direction: "top", offset: [0, -8] });

  const latLngs = (row) => ringsOf(state.shapes, row).map((ring) => ring.map(([x, y]) => L.CRS.EPSG3857.unproject(L.point(x, y))));
  const rowAt = (latLng) => {
    const p = map.project(latLng), row = raster.at(p.x, p.y);
    return row >= 0 && row < (state.look?.classes.length ?? 0) && !(state.look.classes[row] & 128) ? row : -1;
  };
  const textOf = async (row) => (await once(state.data.facts, readJson))[row] ?? "";
  const popup = (latLng, text) => L.popup({ autoPanPadding: [30, 40], maxWidth: 280 }).setLatLng(latLng).setContent(facts(text)).openOn(map);

  let over = -1, onDot = false;
  map.on("mousemove", async (event) => {
    const row = onDot ? -1 : rowAt(event.latlng);
    tip.setLatLng(event.latlng);
    if (row === over) return;
    over = row;
    hover.setLatLngs(row < 0 ? [] : latLngs(row));
    if (row < 0) { tip.remove(); return; }
    const text = await textOf(row);
    if (over === row) tip.setContent(facts(text)).addTo(map);
  }).on("mouseout", () => { over = -1; hover.setLatLngs([]); tip.remove(); });

  const choose = async (latLng) => {
    if (state.data.mode) { tell("point", { lng: latLng.lng, lat: latLng.lat }); return; }
    const row = rowAt(latLng);
    if (row < 0) return;
    outline([row]);
    if (state.data.popup) { tip.remove(); popup(latLng, await textOf(row)); }
    if (state.data.picks) tell("area", { row });
  };
  map.on("click", (event) => { if (state.data) choose(event.latlng); });
  container.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === container && state.data) choose(map.getCenter());
  });
  container.setAttribute("role", "application");

  const showPoint = (point, marker) => {
    if (state.data.mode) { tell("point", { lng: point.at[0], lat: point.at[1] }); return; }
    marker.closeTooltip();
    if (point.id && state.data.picks) tell("site", { id: point.id });
    else if (point.tip) popup(marker.getLatLng(), point.tip);
  };
  const centres = centreMarkers(L, map, showPoint);
  state.centres = centres;
  state.markBoxes = () => {
    const few = points.getLayers();
    const boxes = few.length > 400 ? [] : few.map((one) => {
      const p = map.latLngToLayerPoint(one.getLatLng()), r = one.getRadius() + 1;
      return [p.x - r, p.y - r, p.x + r, p.y + r];
    });
    return [...centres.boxes(), ...boxes];
  };
  const leaders = new Painter("leaders", leaderPainter(map, centres)).addTo(map);
  map.on("zoomend", () => { centres.arrange(); leaders.redraw(); names.redraw(); });
  let pin = null;

  function outline(rows) {
    outlines.clearLayers();
    for (const row of rows) {
      if (row >= (state.shapes?.count ?? 0)) continue;
      for (const [color, weight] of [["#FFFFFF", 6.5], ["#212B32", 3.5]]) {
        L.polygon(latLngs(row), { renderer: flat, interactive: false, fill: false, color, weight }).addTo(outlines);
      }
    }
  }

  // Search: names of areas, sites, towns and wards; the app knows postcodes and grid references.
  const searched = async () => {
    const { data } = state;
    if (state.searchedOf === data) return state.searched;
    const list = await once(data.facts, readJson);
    const areaNames = list.map((text, row) => ({ name: text.split("\n")[0], kind: "area", row }));
    const sites = (state.layers ?? []).flatMap((l) => l.points).filter((p) => p.tip)
      .map((p) => ({ name: p.tip.split("\n")[0], kind: "site", at: p.at, zoom: 14 }));
    const towns = (state.names ?? []).map((n) => ({ name: n.name, kind: n.kind, at: n.at, zoom: n.people > 50000 ? 11.5 : 13 }));
    Object.assign(state, { searchedOf: data, searched: [...towns, ...sites, ...areaNames] });
    return state.searched;
  };
  const find = async (text, most) => {
    const wanted = text.trim().toLowerCase(), found = [], seen = new Set();
    if (wanted.length < 2) return found;
    const every = await searched();
    for (const starts of [true, false]) {
      for (const one of every) {
        const name = one.name.toLowerCase(), fits = starts ? name.startsWith(wanted) : name.includes(wanted);
        const key = `${one.name} ${one.kind}`;
        if (!fits || seen.has(key)) continue;
        seen.add(key);
        found.push(one);
        if (found.length >= most) return found;
      }
    }
    return found;
  };
  const fly = (hit) => {
    status.textContent = `Map moved to ${hit.name}`;
    if (hit.row !== undefined) {
      const [w, s, e, n] = state.shapes.box.subarray(4 * hit.row, 4 * hit.row + 4);
      const corners = [[w, s], [e, n]].map(([x, y]) => L.CRS.EPSG3857.unproject(L.point(x, y)));
      map.flyToBounds(corners, { duration: 0.8, maxZoom: 14, padding: [60, 60] });
      outline([hit.row]);
      if (state.data.picks && !state.data.mode) tell("area", { row: hit.row });
    } else map.flyTo([hit.at[1], hit.at[0]], Math.max(map.getZoom(), hit.zoom ?? 13), { duration: 0.8 });
  };
  const search = searchBox(find, (text) => { status.textContent = `Looking for ${text}`; tell("find", { text }); }, fly);

  const redrawAll = () => { map.invalidateSize({ pan: false }); };
  const full = button("full", "Full screen", async () => {
    if (document.fullscreenElement) { await document.exitFullscreen(); return; }
    try { await frame.requestFullscreen(); } catch { frame.classList.toggle("nhc-wide"); redrawAll(); }
  });
  let key = null;
  const showLegend = () => {
    key?.remove();
    key = null;
    if (document.fullscreenElement === frame || frame.classList.contains("nhc-wide")) {
      key = legendBox(state.data);
      frame.append(key);
    }
  };
  frame.addEventListener("fullscreenchange", () => { redrawAll(); showLegend(); });
  const fileName = () => (state.data.heading || "map").replace(/[^\w -]+/g, "").trim().slice(0, 60) || "map";
  const whole = button("whole", "Show the whole place", () => fit(state.data.bounds));
  const save = button("picture", "Save the map as a picture (PNG)", () => download(picture(state), fileName()));
  const paper = button("print", "Print the map", () => print(picture(state), state.data.heading));
  const ground = element("select", { class: "nhc-background", "aria-label": "Background of the map" });
  tools.append(search, ground, whole, full, save, paper);
  let tiles = null;
  const setBackground = () => {
    tiles?.remove();
    tiles = null;
    const found = ground.value === "tiles" ? state.data.tiles : null;
    map.getPane("colours").style.opacity = found ? 0.7 : 1;
    if (found) tiles = L.tileLayer(found.address, { maxZoom: 19, crossOrigin: "anonymous" }).addTo(map);
    state.background = ground.value;
    writeCredit();
  };
  credit.addEventListener("click", () => {
    credit.setAttribute("aria-expanded", String(credit.classList.toggle("nhc-open")));
  });
  const writeCredit = () => { credit.textContent = [state.data.credit, tiles ? state.data.tiles.credit : ""].filter(Boolean).join(" · "); credit.hidden = !credit.textContent; };
  ground.addEventListener("change", setBackground);

  const sized = new ResizeObserver(() => box.clientWidth && redrawAll());
  sized.observe(box);

  // Maps in step: one leads, the others follow.
  let led = false;
  const lead = () => {
    if (led || !state.data?.group) return;
    for (const other of inStep.get(state.data.group) ?? []) if (other !== follow) other(map.getCenter(), map.getZoom());
  };
  const follow = (centre, zoom) => { led = true; map.setView(centre, zoom, { animate: false }); led = false; };
  map.on("move", lead).on("moveend", lead);

  const drawLayers = (layers) => {
    grounds.clearLayers();
    points.clearLayers();
    onDot = false;
    for (const layer of layers) {
      for (const shape of layer.shapes) {
        const rings = shape.rings.map((polygon) => polygon.map((ring) => ring.map(([lng, lat]) => [lat, lng])));
        const made = shape.line ? L.polyline(rings.flat(), shape.style) : L.polygon(rings, shape.style);
        Object.assign(made.options, { renderer: flat, interactive: false });
        made.addTo(grounds);
      }
      for (const point of layer.points.filter((p) => !p.symbol)) {
        const made = new Dot([point.at[1], point.at[0]], { ...point.style, renderer: dots, radius: point.size / 2,
          size: point.size, symbol: state.data.symbols[point.mark], bubblingMouseEvents: true });
        if (point.tip) made.bindTooltip(() => facts(point.tip), { direction: "top" });
        made.on("mouseover", () => { onDot = true; }).on("mouseout", () => { onDot = false; });
        made.on("click", (event) => {
          if (!state.data.mode) { L.DomEvent.stopPropagation(event); showPoint(point, made); }
        }).addTo(points);
      }
    }
    const shown = L.featureGroup(grounds.getLayers().filter((one) => one instanceof L.Polygon)).getBounds();
    if (shown.isValid() && state.drawn) { // what was asked for is seen
      const sides = [shown.getNorthWest(), shown.getSouthEast()].map((one) => map.latLngToContainerPoint(one));
      const small = Math.max(sides[1].x - sides[0].x, sides[1].y - sides[0].y) < 160;
      if (small || !map.getBounds().intersects(shown)) map.flyToBounds(shown.pad(0.6), { duration: 0.8, maxZoom: 14 });
    }
    centres.draw(layers.flatMap((l) => l.points).filter((p) => p.symbol), state.data.symbols);
    leaders.redraw();
    names.redraw(); // names make room for marks
  };
  const fit = (bounds) => map.fitBounds(bounds, { animate: false, paddingTopLeft: [10, 44], paddingBottomRight: [10, 24] });

  const show = async (data) => {
    const old = state.data, address = (name) => new URL(name, document.baseURI).href;
    data = { ...data, shapes: address(data.shapes), facts: address(data.facts),
      ground: address(data.ground), layers: address(data.layers) };
    state.data = data;
    box.style.height = `${data.height}px`;
    box.classList.toggle("nhc-sea", data.sea);
    frame.setAttribute("aria-label", data.heading ? `Map: ${data.heading}` : "Map");
    container.setAttribute("aria-label", `${data.heading}. Arrow keys move the map, plus and minus zoom, Enter chooses the area at the cross. The figures are in the tables of this page.`);
    banner.hidden = !data.mode;
    banner.textContent = data.mode ?? "";
    frame.classList.toggle("nhc-picking", !!data.mode);
    const first = !old, moved = first || String(old.bounds) !== String(data.bounds);
    if (first) {
      ground.append(element("option", { value: "" }, "No background"), element("option", { value: "tiles" }, "Background"));
      ground.value = data.tiles ? "tiles" : "";
      ground.hidden = !data.tiles;
    }
    if (moved) {
      map.invalidateSize({ pan: false, animate: false });
      map.setMaxBounds(null);
      fit(data.bounds);
      map.setMaxBounds(L.latLngBounds(data.bounds).pad(data.room));
    }
    if (first) {
      setBackground();
      if (data.sea) once(`${base}/view/land.bin`, readShapes).then((shapes) => { state.land = shapes; land.redraw(); });
    }
    writeCredit();
    for (const [name, group] of inStep) if (group.delete(follow) && !group.size) inStep.delete(name);
    if (data.group) inStep.set(data.group, (inStep.get(data.group) ?? new Set()).add(follow));
    const [shapes, rest, layers] = await Promise.all([
      once(data.shapes, readShapes), once(data.ground, readJson), once(data.layers, readJson)]);
    if (state.data !== data) return;
    const recolour = first || old.shapes !== data.shapes || old.classes !== data.classes
      || String(old.colours) !== String(data.colours) || old.breakAt !== data.breakAt || old.ground !== data.ground;
    state.shapes = shapes;
    if (recolour) {
      state.look = { classes: bytesOf(data.classes), colours: data.colours, breakAt: data.breakAt, hatch: data.hatch };
      const groups = Object.entries(rest.groups).map(([name, text]) => [name, new Uint16Array(bytesOf(text).buffer)]);
      state.groups = Object.fromEntries(groups);
      areas.redraw();
    }
    state.layers = layers;
    if (first || old.layers !== data.layers) drawLayers(layers);
    if (first || old.ground !== data.ground) {
      state.names = rest.names.map(([name, kind, people, lng, lat]) => {
        const p = L.CRS.EPSG3857.project(L.latLng(lat, lng));
        return { name, kind, people, at: [lng, lat], x: p.x, y: p.y };
      });
      names.redraw();
      if (rest.roads) once(new URL(rest.roads, data.ground).href, readShapes).then((lines) => { state.roads = { lines, kinds: rest.kinds }; roads.redraw(); });
      else { state.roads = null; roads.redraw(); }
    }
    outline(data.chosen);
    if (over >= 0) { over = -1; tip.remove(); hover.setLatLngs([]); }
    pin ??= draggablePin(L, map, data.symbols.pin, (at) => tell("point", { lng: at.lng, lat: at.lat }));
    pin.put(data.pin, "Position: drag it, or move it with the arrow keys");
    if (data.fly && data.fly.count !== state.flown) { state.flown = data.fly.count; if (!first || data.fly.now) fly(data.fly); else state.flown = data.fly.count; }
    if (data.answer && status.textContent.startsWith("Looking")) status.textContent = data.answer;
    if (key) showLegend();
    frame.dataset.drawn = String(++state.drawn || (state.drawn = 1));
  };
  show.stop = () => {
    sized.disconnect();
    for (const group of inStep.values()) group.delete(follow);
    map.remove();
  };
  frame.nhcMap = { map, state };
  return show;
}
