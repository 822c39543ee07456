/**
 * Text as the database takes it. `\u0000` is legal in JSON and refused by
 * PostgreSQL (22021), so one NUL in a tool name would cost the audit row of
 * its call; half a surrogate pair is refused where text travels as JSON.
 */
export function storableText(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\ufffd') : wellFormed;
}
