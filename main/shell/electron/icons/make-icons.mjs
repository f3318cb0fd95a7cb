import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import sparticuz from "@sparticuz/chromium";
import { chromium } from "playwright";

// Draws icon.png (1024²) and icon.ico (16² to 256²) from the window's icon.svg: npm run icons

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const svg = await readFile(here("../../../../renderer/public/icon.svg"), "utf8");
const executablePath = process.env.HONE_CHROMIUM ?? (await sparticuz.executablePath());
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--no-zygote", "--in-process-gpu"] });

async function draw(size) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const style = `html, body { margin: 0; background: transparent } svg { display: block; width: ${size}px; height: ${size}px }`;
  await page.setContent(`<style>${style}</style>${svg}`);
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}

/** An .ico file that holds PNGs: a directory of 16 bytes for each, then the images. */
function ico(images) {
  const directory = Buffer.alloc(6 + 16 * images.length);
  directory.writeUInt16LE(1, 2);
  directory.writeUInt16LE(images.length, 4);
  let offset = directory.length;
  for (const [index, { size, png }] of images.entries()) {
    const entry = 6 + 16 * index;
    // 0 stands for 256.
    directory.writeUInt8(size % 256, entry);
    directory.writeUInt8(size % 256, entry + 1);
    directory.writeUInt16LE(1, entry + 4);
    directory.writeUInt16LE(32, entry + 6);
    directory.writeUInt32LE(png.length, entry + 8);
    directory.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  }
  return Buffer.concat([directory, ...images.map(({ png }) => png)]);
}

await writeFile(here("icon.png"), await draw(1024));
const images = [];
for (const size of [16, 24, 32, 48, 64, 128, 256]) images.push({ size, png: await draw(size) });
await writeFile(here("icon.ico"), ico(images));
await browser.close();
