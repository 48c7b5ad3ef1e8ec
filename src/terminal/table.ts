import { printable } from '#src/node/printable.ts'

/** Cells in columns as wide as their widest, two spaces apart. What remotes sent is made harmless. */
export function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map(row => row.map(printable))
  const width = (column: number): number => Math.max(...cells.map(row => row[column]?.length ?? 0))
  const columns = Math.max(...cells.map(row => row.length))
  const widths = Array.from({ length: columns }, (_, column) => width(column))
  return cells
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}
