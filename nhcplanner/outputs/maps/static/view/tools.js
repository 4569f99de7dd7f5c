// Tools in the map's corners: search, full screen, picture, print and background.
import { drawSymbol, element, symbolCanvas } from "./marks.js";

const MOST = 8;

/** Return the search box: names of the map are found at once, anything else is asked of the app. */
export function searchBox(find, ask, fly) {
  const list = element("ul", { class: "nhc-found", role: "listbox", hidden: "" });
  list.id = `nhc-found-${Math.random().toString(36).slice(2)}`;
  const input = element("input", { type: "search", class: "nhc-search", role: "combobox", maxlength: "80",
    placeholder: "Find a place", "aria-label": "Find an area, postcode, site or town on the map",
    autocomplete: "off", "aria-expanded": "false", "aria-controls": list.id });
  let hits = [], chosen = -1;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    chosen = -1;
  };
  const go = (hit) => {
    close();
    if (hit) fly(hit);
    else if (input.value.trim()) ask(input.value.trim());
  };
  const mark = () => [...list.children].forEach((one, i) => {
    one.setAttribute("aria-selected", String(i === chosen));
    if (i === chosen) input.setAttribute("aria-activedescendant", one.id);
  });
  input.addEventListener("input", async () => {
    const text = input.value, found = await find(text, MOST);
    if (text !== input.value) return; // more was typed meanwhile
    hits = found;
    chosen = -1;
    list.replaceChildren(...hits.map((hit, i) => {
      const row = element("li", { role: "option", id: `${list.id}-${i}`, "aria-selected": "false" },
        element("span", { dir: "auto" }, hit.name), element("small", {}, hit.kind));
      row.addEventListener("pointerdown", (event) => { event.preventDefault(); input.value = hit.name; go(hit); });
      return row;
    }));
    list.hidden = !hits.length;
    input.setAttribute("aria-expanded", String(!!hits.length));
  });
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close();
    else if (event.key === "Enter") {
      event.preventDefault();
      const hit = hits[chosen] ?? hits.find((one) => one.name.toLowerCase() === input.value.trim().toLowerCase())
        ?? (/\d/.test(input.value) ? null : hits[0]);
      go(hit);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      chosen = hits.length ? (chosen + step + hits.length) % hits.length : -1;
      mark();
    }
  });
  input.addEventListener("blur", close);
  return element("div", { class: "nhc-find" }, input, list);
}

const DRAWN = {
  full: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5", picture: "M10 3v10M6 9l4 4 4-4M3 16h14",
  print: "M6 7V3h8v4M4 7h12v6h-2M6 13H4V7M6 11h8v6H6z", whole: "M4 9l6-6 6 6M6 8v8h8V8",
};

/** Return a button with a drawing and a name. */
export function button(kind, words, press) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg"), line = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", DRAWN[kind]);
  svg.append(line);
  const made = element("button", { type: "button", class: "nhc-tool", "aria-label": words, title: words }, svg);
  made.addEventListener("click", press);
  return made;
}

/** Return the legend inside the map, as it is shown on the full screen. */
export function legendBox(data) {
  const box = element("div", { class: "nhc-legend" });
  if (data.title) box.append(element("b", { dir: "auto" }, data.title));
  data.labels.forEach((label, i) => {
    const swatch = element("i");
    swatch.style.background = data.colours[i];
    box.append(element("div", {}, swatch, element("span", { dir: "auto" }, label)));
  });
  for (const { symbol, words } of data.marks ?? []) {
    box.append(element("div", {}, symbolCanvas(data.symbols[symbol], 14), element("span", {}, words)));
  }
  return box;
}

/** Return a canvas with the map as it is on screen, its title, legend, scale and credit. */
export function picture(state) {
  const { box, data, map } = state, frame = box.getBoundingClientRect(), dense = 2;
  const rows = data.labels.length + (data.marks ?? []).length, head = data.heading ? 34 : 0;
  const foot = 26, side = 230, tall = Math.max(frame.height, 60 + rows * 19);
  const made = element("canvas", { width: (frame.width + side) * dense, height: (tall + head + foot) * dense });
  const context = made.getContext("2d");
  context.scale(dense, dense);
  context.fillStyle = "#FFFFFF";
  context.fillRect(0, 0, frame.width + side, tall + head + foot);
  const write = (words, x, y, font = "13px", colour = "#212B32", room = Infinity) => {
    context.font = `${font} "Source Sans", "Segoe UI", Arial, sans-serif`;
    context.fillStyle = colour;
    context.textAlign = "left";
    context.textBaseline = "middle";
    let text = words;
    while (context.measureText(text).width > room && text.length > 4) text = `${text.slice(0, -2)}…`;
    context.fillText(text, x, y);
  };
  if (head) write(data.heading, 10, 17, "700 17px", "#212B32", frame.width + side - 20);
  context.save();
  context.beginPath();
  context.rect(0, head, frame.width, frame.height);
  context.clip();
  context.fillStyle = getComputedStyle(box).backgroundColor;
  context.fillRect(0, head, frame.width, frame.height);
  const pieces = box.querySelectorAll(".leaflet-pane img.leaflet-tile, .leaflet-pane canvas:not([data-mark])");
  const level = (one) => Number(getComputedStyle(one.closest(".leaflet-pane")).zIndex) || 0;
  for (const one of [...pieces].filter((c) => !c.closest(".leaflet-marker-pane")).sort((a, b) => level(a) - level(b))) {
    const place = one.getBoundingClientRect();
    context.globalAlpha = Number(getComputedStyle(one.closest(".leaflet-pane")).opacity);
    try {
      if (place.width) context.drawImage(one, place.x - frame.x, place.y - frame.y + head, place.width, place.height);
    } catch { /* a tile that did not arrive */ }
    context.globalAlpha = 1;
  }
  for (const { marker, shift, symbol, size, point } of state.centres.all()) {
    const at = map.latLngToContainerPoint(marker.getLatLng());
    drawSymbol(context, symbol, at.x + shift.x, at.y + shift.y + head, size, point.label ?? "");
  }
  context.restore();
  let y = head + 16;
  const x = frame.width + 12;
  if (data.title) { write(data.title, x, y, "700 12px", "#212B32", side - 20); y += 20; }
  data.labels.forEach((label, i) => {
    context.fillStyle = data.colours[i];
    context.fillRect(x, y - 7, 20, 14);
    context.strokeStyle = "#768692";
    context.strokeRect(x, y - 7, 20, 14);
    write(label, x + 28, y, "12px", "#212B32", side - 44);
    y += 19;
  });
  for (const { symbol, words } of data.marks ?? []) {
    drawSymbol(context, data.symbols[symbol], x + 10, y, 14);
    write(words, x + 28, y, "12px", "#212B32", side - 44);
    y += 19;
  }
  const metre = 2 ** (map.getZoom() + 8) / (40075016.686 * Math.cos((map.getCenter().lat * Math.PI) / 180));
  const tens = 10 ** Math.floor(Math.log10(120 / metre)), length = [5, 2, 1].find((one) => one * tens * metre <= 120) * tens;
  write(length >= 1000 ? `${length / 1000} km` : `${length} m`, x, y + 18, "12px");
  context.fillStyle = "#212B32";
  context.fillRect(x, y + 30, length * metre, 4);
  write(data.credit, 8, tall + head + foot / 2, "11px", "#4C6272", frame.width + side - 16);
  return made;
}

/** Download a canvas as a PNG file. */
export function download(canvas, name) {
  canvas.toBlob((blob) => {
    const address = URL.createObjectURL(blob), link = element("a", { href: address, download: `${name}.png` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  });
}

/** Print a canvas on one page. */
export function print(canvas, title) {
  const frame = element("iframe", { "aria-hidden": "true", tabindex: "-1", title: "Print" });
  frame.style.cssText = "position:fixed;width:0;height:0;border:0;left:-9999px";
  document.body.append(frame);
  const page = frame.contentDocument, sheet = page.createElement("style"), image = page.createElement("img");
  sheet.textContent = "@page{size:landscape;margin:10mm}body{margin:0}img{width:100%;max-height:185mm;object-fit:contain}";
  page.title = title;
  image.alt = title;
  image.onload = () => { frame.contentWindow.print(); setTimeout(() => frame.remove(), 60000); };
  page.head.append(sheet);
  page.body.append(image);
  image.src = canvas.toDataURL("image/png");
}
