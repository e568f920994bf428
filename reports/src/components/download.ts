// A figure as a file: SVG and PNG with title, definition and foot line, so that a picture in somebody's slides still says what
// it shows; and its numbers as CSV.

import { h } from "./dom.js";
import { type FigureParts, picture } from "./picture.js";

/** Pixels of a PNG for one of the picture: sharp on paper and on dense screens. */
const PNG_SCALE = 2;

/** The menu of downloads. */
export function downloads(parts: FigureParts): HTMLElement {
  const menu = h(
    "details",
    { class: "downloads" },
    h("summary", { "aria-label": `Download “${parts.title}”` }, "Download"),
    h(
      "div",
      {},
      item("SVG", () => save(svgFile(parts), parts.title, "svg")),
      item("PNG", async () => save(await pngFile(parts), parts.title, "png")),
      item("CSV", () =>
        save(new Blob([parts.numbers.csv()], { type: "text/csv" }), parts.numbers.caption, "csv"),
      ),
    ),
  );
  function item(name: string, act: () => void | Promise<void>): HTMLElement {
    return h(
      "button",
      {
        type: "button",
        onclick: () => {
          void act();
          menu.open = false;
        },
      },
      name,
    );
  }
  // As menus do: what is elsewhere closes it, and so does Escape, which gives the focus back.
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget as Node | null)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  return menu;
}

const svgFile = (parts: FigureParts): Blob => new Blob([drawnText(parts)], { type: "image/svg+xml" });

/** The picture as text, in the light theme: on paper and slides the ground is white. */
function drawnText(parts: FigureParts): string {
  const stage = h("div", { class: "light", style: "position:absolute;left:-10000px;top:0" });
  document.body.append(stage);
  try {
    const svg = picture(parts);
    stage.append(svg);
    const inks = getComputedStyle(stage);
    return new XMLSerializer()
      .serializeToString(svg)
      .replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => inks.getPropertyValue(name).trim());
  } finally {
    stage.remove();
  }
}

async function pngFile(parts: FigureParts): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawnText(parts))}`;
  await image.decode();
  const canvas = h("canvas", { width: image.width * PNG_SCALE, height: image.height * PNG_SCALE });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("the picture is too large")) : resolve(blob)));
  });
}

function save(file: Blob, title: string, extension: string): void {
  const url = URL.createObjectURL(file);
  const name = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
  h("a", { href: url, download: `${name}.${extension}` }).click();
  // Not at once: Safari reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
