using System.Buffers;
using System.Buffers.Binary;
using Dlt.Parquet.Thrift;

namespace Dlt.Parquet;

/// <summary>
/// Changes the footer of a file on disk. Pages and page indexes stay where they are, so every offset in the footer stays right.
/// </summary>
internal static class FooterEditor
{
    private const int TrailerBytes = 8;

    /// <param name="path">A complete Parquet file, not encrypted.</param>
    /// <param name="change">Gets FileMetaData by the field numbers of parquet.thrift; what it does not touch is written as it was.</param>
    /// <exception cref="FormatException">The file does not end as Parquet does.</exception>
    public static void Edit(string path, Action<ThriftStruct> change)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var trailer = new byte[TrailerBytes];
        file.Position = Math.Max(0, file.Length - TrailerBytes);
        file.ReadExactly(trailer);
        var start = file.Length - TrailerBytes - BinaryPrimitives.ReadInt32LittleEndian(trailer);
        var isParquet = trailer.AsSpan(4).SequenceEqual("PAR1"u8) && start >= 4 && start < file.Length - TrailerBytes;
        if (!isParquet) throw new FormatException($"{path} does not end as Parquet does. The file was not changed.");
        var bytes = new byte[file.Length - TrailerBytes - start];
        file.Position = start;
        file.ReadExactly(bytes);
        var footer = CompactTree.Read(bytes);
        change(footer);
        var output = new ArrayBufferWriter<byte>();
        CompactTree.Write(output, footer);
        BinaryPrimitives.WriteInt32LittleEndian(trailer, output.WrittenCount);
        file.Position = start;
        file.Write(output.WrittenSpan);
        file.Write(trailer);
        file.SetLength(file.Position);
    }
}
