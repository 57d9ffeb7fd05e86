using System.Buffers.Binary;

namespace Dlt.Iceberg;

/// <summary>Writes Puffin files with one deletion vector (Puffin specification; docs/spec/iceberg.md 1.5).</summary>
internal static class PuffinFile
{
    private const string BlobType = "deletion-vector-v1";
    private const int PositionField = 2147483645;
    private const int Inherited = -1;   // snapshot and sequence number are those of the manifest entry

    private static readonly byte[] Magic = "PFA1"u8.ToArray();

    /// <summary>Offset of the vector in the file.</summary>
    public static long VectorOffset => Magic.Length;

    /// <summary>Returns the content of a file.</summary>
    /// <param name="vector">The deletion vector with its length and checksum.</param>
    /// <param name="dataFile">Location of the data file whose rows are deleted.</param>
    /// <param name="cardinality">Number of deleted rows.</param>
    public static byte[] Of(byte[] vector, string dataFile, long cardinality)
    {
        var blob = JsonValue.Object(
            ("type", JsonValue.String(BlobType)),
            ("fields", JsonValue.Array([JsonValue.Integer(PositionField)])),
            ("snapshot-id", JsonValue.Integer(Inherited)),
            ("sequence-number", JsonValue.Integer(Inherited)),
            ("offset", JsonValue.Integer(VectorOffset)),
            ("length", JsonValue.Integer(vector.Length)),
            ("properties", JsonValue.Object(
                ("referenced-data-file", JsonValue.String(dataFile)),
                ("cardinality", JsonValue.String(cardinality.ToString(System.Globalization.CultureInfo.InvariantCulture))))));
        var version = typeof(PuffinFile).Assembly.GetName().Version?.ToString(3) ?? "0";
        var footer = JsonText.WriteUtf8(JsonValue.Object(
            ("blobs", JsonValue.Array([blob])),
            ("properties", JsonValue.Object(("created-by", JsonValue.String($"dlt-dotnet version {version}"))))));
        Span<byte> lengthAndFlags = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(lengthAndFlags, footer.Length);
        return [.. Magic, .. vector, .. Magic, .. footer, .. lengthAndFlags, .. Magic];
    }
}
