// Prints the rows of a Parquet file as JSON, one object a line, read by hyparquet or parquet-wasm; or the statistics of its footer; or its page index.
// node read-parquet.mjs FILE [hyparquet|wasm|statistics|pages]
import fs from "node:fs";

const [file, reader] = process.argv.slice(2);
const plain = value => {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return value;
};

const nested = (_, value) => (typeof value === "bigint" ? value.toString() : value);

if (reader === "wasm") {
  const { readParquet } = await import("parquet-wasm/node");
  const { tableFromIPC } = await import("apache-arrow");
  const table = tableFromIPC(readParquet(fs.readFileSync(file)).intoIPCStream());
  for (const row of table) console.log(JSON.stringify(Object.fromEntries(Object.entries(row.toJSON()).map(([k, v]) => [k, plain(v)])), nested));
} else {
  const { parquetReadObjects, parquetMetadata } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const buffer = fs.readFileSync(file);
  const bytes = buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
  if (reader === "statistics") {
    for (const group of parquetMetadata(bytes).row_groups)
      for (const column of group.columns) {
        const { path_in_schema: path, statistics: s } = column.meta_data;
        console.log(JSON.stringify({ column: path[0], min: plain(s.min_value), max: plain(s.max_value), nulls: plain(s.null_count) }));
      }
  } else if (reader === "pages") {
    const { readColumnIndex, readOffsetIndex } = await import("hyparquet");
    const metadata = parquetMetadata(bytes);
    const raw = { type: "FIXED_LEN_BYTE_ARRAY" };   // null pages have bounds of no bytes, which are none of the column's values
    const at = (start, length) => ({ view: new DataView(bytes, Number(start), length), offset: 0 });
    for (const group of metadata.row_groups)
      for (const chunk of group.columns) {
        const name = chunk.meta_data.path_in_schema[0];
        const offsets = readOffsetIndex(at(chunk.offset_index_offset, chunk.offset_index_length));
        const index = chunk.column_index_offset ? readColumnIndex(at(chunk.column_index_offset, chunk.column_index_length), raw) : undefined;
        console.log(JSON.stringify({
          column: name,
          first_rows: offsets.page_locations.map(p => String(p.first_row_index)),
          null_pages: index?.null_pages,
          null_counts: index?.null_counts.map(String),
          min: index?.min_values.map(plain),
          max: index?.max_values.map(plain),
        }));
      }
  } else {
    for (const row of await parquetReadObjects({ file: bytes, compressors }))
      console.log(JSON.stringify(Object.fromEntries(Object.entries(row).map(([k, v]) => [k, plain(v)])), nested));
  }
}
