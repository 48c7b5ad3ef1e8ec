/**
 * Text of somebody else, fit for one line of a log or a terminal: control characters (among them the escape that terminals
 * obey), line ends of every kind, marks that turn the direction of writing and lone surrogates become \xNN or \uNNNN.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escaped)
}

/** A value as JSON that is as harmless: the same characters become \uNNNN, which reads back as what it was. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(unprintable, character => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/* oxlint-disable no-control-regex -- finding them is what this is for */
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu

function escaped(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
