using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Dlt.Hashing;

/// <summary>Hash and id functions that datasets share with Python dlt, byte for byte (docs/spec/pipeline.md 0.2).</summary>
internal static class DltHash
{
    /// <summary>Bytes of a <c>_dlt_id</c> before encoding to 14 characters of base64.</summary>
    public const int RowIdBytes = 10;

    /// <summary>Characters of a <c>_dlt_id</c>.</summary>
    public const int RowIdChars = 14;

    private const int MaxIndexBytes = 22;   // two underscores and twenty digits

    /// <summary>Computes SHA3-256 as standard base64 with padding, 44 characters: the hash of schemas and state.</summary>
    public static string Sha3(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[32];
        Keccak.Sha3256(content, digest);
        return Convert.ToBase64String(digest);
    }

    /// <summary>Computes the first <paramref name="bytes"/> bytes of SHAKE-128 as base64 without padding.</summary>
    public static string Shake(ReadOnlySpan<byte> content, int bytes)
    {
        Span<byte> digest = stackalloc byte[bytes];
        Keccak.Shake128(content, digest);
        return Convert.ToBase64String(digest).TrimEnd('=');
    }

    /// <inheritdoc cref="Shake(ReadOnlySpan{byte}, int)"/>
    public static string Shake(string content, int bytes) => Shake(Encoding.UTF8.GetBytes(content), bytes);

    /// <summary>
    /// Computes the id of a nested row: the hash of <c>parent_table_index</c> as 14 ASCII bytes (docs/spec/pipeline.md 6.4).
    /// </summary>
    public static void ChildRowId(ReadOnlySpan<byte> parentId, ReadOnlySpan<byte> table, long index, Span<byte> destination)
    {
        Span<byte> key = stackalloc byte[parentId.Length + table.Length + MaxIndexBytes];
        var length = WriteChildKey(parentId, table, index, key);
        Span<byte> digest = stackalloc byte[RowIdBytes];
        Keccak.Shake128(key[..length], digest);
        EncodeRowId(digest, destination);
    }

    /// <summary>Computes the ids of four nested rows as <see cref="ChildRowId"/> does, in less than half the time.</summary>
    /// <param name="parentIds">Four ids of 14 characters, one after another.</param>
    /// <param name="table">Name of the nested table, in UTF-8.</param>
    /// <param name="indexes">Positions of the rows in their lists.</param>
    /// <param name="destination">Receives the four ids, one after another.</param>
    public static void ChildRowIds(
        ReadOnlySpan<byte> parentIds, ReadOnlySpan<byte> table, ReadOnlySpan<long> indexes, Span<byte> destination)
    {
        Span<byte> blocks = stackalloc byte[KeccakFour.Ways * Keccak.Shake128Rate];
        blocks.Clear();
        for (var way = 0; way < KeccakFour.Ways; way++)
        {
            var block = blocks.Slice(way * Keccak.Shake128Rate, Keccak.Shake128Rate);
            KeccakFour.Pad(block, WriteChildKey(parentIds.Slice(way * RowIdChars, RowIdChars), table, indexes[way], block));
        }

        KeccakFour.Shake128(blocks, out var first, out var second);
        Span<byte> digest = stackalloc byte[2 * sizeof(ulong)];
        for (var way = 0; way < KeccakFour.Ways; way++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(digest, first[way]);
            BinaryPrimitives.WriteUInt64LittleEndian(digest[sizeof(ulong)..], second[way]);
            EncodeRowId(digest[..RowIdBytes], destination.Slice(way * RowIdChars, RowIdChars));
        }
    }

    /// <summary>Returns true when <see cref="ChildRowIds"/> can be used for the table.</summary>
    public static bool HashesFour(ReadOnlySpan<byte> table) =>
        KeccakFour.IsSupported && RowIdChars + table.Length + MaxIndexBytes <= KeccakFour.MaxInputBytes;

    /// <summary>Encodes ten bytes as the 14 characters of a row id.</summary>
    public static void EncodeRowId(ReadOnlySpan<byte> tenBytes, Span<byte> destination)
    {
        Span<byte> padded = stackalloc byte[16];
        Base64.EncodeToUtf8(tenBytes, padded, out _, out _);
        padded[..RowIdChars].CopyTo(destination);
    }

    /// <summary>Writes the input of the hash of a nested row.</summary>
    private static int WriteChildKey(ReadOnlySpan<byte> parentId, ReadOnlySpan<byte> table, long index, Span<byte> key)
    {
        parentId.CopyTo(key);
        var at = parentId.Length;
        key[at++] = (byte)'_';
        table.CopyTo(key[at..]);
        at += table.Length;
        key[at++] = (byte)'_';
        Utf8Formatter.TryFormat(index, key[at..], out var digits);
        return at + digits;
    }

    /// <summary>Creates the file id of a job: five random bytes in lower-case hexadecimal.</summary>
    public static string NewFileId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));

    /// <summary>Creates a name for temporary files and extract folders: eight random bytes in lower-case hexadecimal.</summary>
    public static string NewTempName() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
