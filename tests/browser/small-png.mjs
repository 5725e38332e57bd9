// A screenshot as a PNG with a palette, a third as large: https://www.w3.org/TR/png-3/, sections 9 (filters), 11.2 (chunks)
import zlib from "node:zlib";

const MOST_COLOURS = 256;
const COMMONEST = 64;
const BYTES = 3; // of a pixel: red, green and blue

export function smallPng(png) {
  const { width, height, pixels } = decode(png);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const common = [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([pixel]) => pixel);
  const palette = choosePalette(common);
  const numbers = new Map(common.map((pixel) => [pixel, nearest(pixel, palette)]));
  const rows = Buffer.alloc(height * (width + 1)); // each begins with its filter, which is none
  pixels.forEach((pixel, at) => (rows[at + Math.floor(at / width) + 1] = numbers.get(pixel)));
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const colours = Buffer.from(palette.flatMap(channels));
  const chunks = [["IHDR", header], ["PLTE", colours], ["IDAT", zlib.deflateSync(rows, { level: 9 })], ["IEND", Buffer.alloc(0)]];
  return Buffer.concat([png.subarray(0, 8), ...chunks.map(([name, data]) => chunk(name, data))]);
}

// The commonest colours, then the commonest of each shade: the greys of letters must not crowd out the blue of a link.
function choosePalette(common) {
  const shades = new Map();
  for (const pixel of common) {
    const shade = pixel & 0xf0f0f0;
    if (!shades.has(shade)) shades.set(shade, pixel);
  }
  return [...new Set([...common.slice(0, COMMONEST), ...shades.values(), ...common])].slice(0, MOST_COLOURS);
}

const channels = (pixel) => [pixel >> 16, (pixel >> 8) & 255, pixel & 255];

function nearest(pixel, palette) {
  const distance = (other) => channels(other).reduce((sum, part, n) => sum + (part - channels(pixel)[n]) ** 2, 0);
  const distances = palette.map(distance);
  return distances.indexOf(Math.min(...distances));
}

function chunk(name, data) {
  const length = Buffer.alloc(4);
  const checksum = Buffer.alloc(4);
  const named = Buffer.concat([Buffer.from(name), data]);
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(zlib.crc32(named));
  return Buffer.concat([length, named, checksum]);
}

// The pixels of a PNG as Chromium writes a screenshot: 8 bits a channel, no transparency, not interlaced.
function decode(png) {
  const data = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const bytes = zlib.inflateSync(Buffer.concat(data));
  const size = width * BYTES;
  const pixels = new Uint32Array(width * height);
  let above = new Uint8Array(size);
  for (let y = 0; y < height; y += 1) {
    const filtered = bytes.subarray(y * (size + 1) + 1, (y + 1) * (size + 1));
    const row = unfilter(bytes[y * (size + 1)], filtered, above);
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = (row[x * BYTES] << 16) | (row[x * BYTES + 1] << 8) | row[x * BYTES + 2];
    above = row;
  }
  return { width, height, pixels };
}

function unfilter(filter, filtered, above) {
  const row = new Uint8Array(filtered.length);
  const predict = [() => 0, (left) => left, (left, up) => up, (left, up) => (left + up) >> 1, paeth][filter];
  for (let at = 0; at < row.length; at += 1) {
    row[at] = filtered[at] + predict(row[at - BYTES] ?? 0, above[at], above[at - BYTES] ?? 0);
  }
  return row;
}

function paeth(left, up, corner) {
  const estimate = left + up - corner;
  const [far, farUp, farCorner] = [left, up, corner].map((each) => Math.abs(estimate - each));
  if (far <= farUp && far <= farCorner) return left;
  return farUp <= farCorner ? up : corner;
}
