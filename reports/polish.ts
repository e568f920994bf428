// Pure. Last touches to a page that Framework has made, where it leaves no setting for them.

/** Makes a page say its language, and lets readers zoom: Framework forbids that on touch screens (WCAG 1.4.4). */
export function polish(html: string): string {
  return html
    .replace("<html>", '<html lang="en">')
    .replace("width=device-width, initial-scale=1, maximum-scale=1", "width=device-width, initial-scale=1");
}
