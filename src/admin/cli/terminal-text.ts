/**
 * Text from elsewhere as a terminal may show it: controls could rewrite what
 * is on the screen, bidirectional and invisible characters make one name look
 * like another. They appear as `\u{…}`.
 */
export function terminalText(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex -- controls are what is escaped.
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (char) => `\\u{${char.charCodeAt(0).toString(16)}}`,
  );
}
