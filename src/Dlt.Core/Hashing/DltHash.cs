using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Dlt.Hashing;

/// <summary>The hash and id functions that datasets share with Python dlt, byte for byte (spec/pipeline.md 0.2).</summary>
internal static class DltHash
{
    /// <summary>Bytes of a <c>_dlt_id</c> before encoding; 14 characters of base64.</summary>
    public const int RowIdBytes = 10;

    /// <summary>Characters of a <c>_dlt_id</c>.</summary>
    public const int RowIdChars = 14;

    /// <summary>SHA3-256 in standard base64 with padding: 44 characters. Schema and state hashes.</summary>
    public static string Sha3(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[32];
        Keccak.Sha3256(content, digest);
        return Convert.ToBase64String(digest);
    }

    /// <summary>The first <paramref name="bytes"/> bytes of SHAKE-128 in base64 without padding.</summary>
    public static string Shake(ReadOnlySpan<byte> content, int bytes)
    {
        Span<byte> digest = stackalloc byte[bytes];
        Keccak.Shake128(content, digest);
        return Convert.ToBase64String(digest).TrimEnd('=');
    }

    /// <inheritdoc cref="Shake(ReadOnlySpan{byte}, int)"/>
    public static string Shake(string content, int bytes) => Shake(Encoding.UTF8.GetBytes(content), bytes);

    /// <summary>The id of a nested row: hash of <c>parent_table_index</c>, written as 14 ASCII bytes (spec/pipeline.md 6.4).</summary>
    public static void ChildRowId(ReadOnlySpan<byte> parentId, ReadOnlySpan<byte> table, long index, Span<byte> destination)
    {
        Span<byte> input = stackalloc byte[parentId.Length + table.Length + 22];
        parentId.CopyTo(input);
        var at = parentId.Length;
        input[at++] = (byte)'_';
        table.CopyTo(input[at..]);
        at += table.Length;
        input[at++] = (byte)'_';
        Utf8Formatter.TryFormat(index, input[at..], out var digits);

        Span<byte> digest = stackalloc byte[RowIdBytes];
        Keccak.Shake128(input[..(at + digits)], digest);
        EncodeRowId(digest, destination);
    }

    /// <summary>Ten bytes to the 14 characters of a row id.</summary>
    public static void EncodeRowId(ReadOnlySpan<byte> tenBytes, Span<byte> destination)
    {
        Span<byte> padded = stackalloc byte[16];
        Base64.EncodeToUtf8(tenBytes, padded, out _, out _);
        padded[..RowIdChars].CopyTo(destination);
    }

    /// <summary>Five random bytes in lower-case hex: the file id of a job.</summary>
    public static string NewFileId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));

    /// <summary>Eight random bytes in lower-case hex: names of temporary files and extract folders.</summary>
    public static string NewTempName() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
