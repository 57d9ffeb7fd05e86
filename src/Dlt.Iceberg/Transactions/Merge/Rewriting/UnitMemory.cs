using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>Memory to encode one unit after another: an encoder, and the bytes of a row group. For one unit at a time.</summary>
/// <param name="options">Codec, encodings and page sizes of the files.</param>
internal sealed class UnitMemory(ParquetWriterOptions options) : IDisposable
{
    private const int Step = 1 << 18;

    private byte[] _bytes = [];

    /// <summary>Encodes the row group of the unit.</summary>
    public RowGroupEncoder Encoder { get; } = new(options);

    /// <summary>Returns bytes for the pages of a row group. They are valid until the next call.</summary>
    public Memory<byte> Bytes(int length)
    {
        if (_bytes.Length < length) _bytes = new byte[(length + Step - 1) / Step * Step];
        return _bytes.AsMemory(0, length);
    }

    public void Dispose() => Encoder.Dispose();
}
