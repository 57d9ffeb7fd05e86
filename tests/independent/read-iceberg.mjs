// Prints the rows of an Iceberg table in a folder as JSON, one object a line, read by icebird; or the entries of an Avro file, read by avsc.
// node read-iceberg.mjs rows TABLE_FOLDER METADATA_FILE_NAME
// node read-iceberg.mjs avro FILE
import fs from "node:fs";

const [what, path, metadataFileName] = process.argv.slice(2);
const plain = (_, value) => (typeof value === "bigint" ? value.toString() : value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value);

if (what === "avro") {
  const { default: avro } = await import("avsc");
  const long = avro.types.LongType.__with({
    fromBuffer: b => b.readBigInt64LE(),
    toBuffer: n => { const b = Buffer.alloc(8); b.writeBigInt64LE(n); return b; },
    fromJSON: BigInt, toJSON: Number, isValid: n => typeof n === "bigint", compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
  });
  const decoder = avro.createFileDecoder(path, { parseHook: (schema, opts) => avro.Type.forSchema(schema, { ...opts, registry: { long } }) });
  decoder.on("metadata", (type, codec, header) => console.log(JSON.stringify({ codec, header: Object.keys(header.meta).sort(), schema: JSON.parse(header.meta["avro.schema"].toString()) })));
  decoder.on("data", row => console.log(JSON.stringify(row, plain)));
} else {
  const file = url => (url.startsWith("file://") ? url.slice(7) : url.startsWith("/") ? url : null);
  globalThis.fetch = async (url, init) => {
    const local = file(String(url));
    if (!local || !fs.existsSync(local)) return new Response("", { status: 404 });
    const bytes = fs.readFileSync(local);
    if (init?.method === "HEAD") return new Response(null, { headers: { "content-length": String(bytes.length) } });
    const range = new Headers(init?.headers).get("range")?.match(/bytes=(\d*)-(\d*)/);
    if (!range) return new Response(bytes);
    const part = range[1] === "" ? bytes.subarray(-range[2]) : bytes.subarray(Number(range[1]), range[2] === "" ? undefined : Number(range[2]) + 1);
    return new Response(part, { status: 206 });
  };
  const { icebergRead } = await import("icebird");
  for (const row of await icebergRead({ tableUrl: "file://" + path, metadataFileName })) console.log(JSON.stringify(row, plain));
}
