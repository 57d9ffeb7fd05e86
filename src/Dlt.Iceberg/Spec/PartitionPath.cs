using System.Security.Cryptography;
using System.Text;

namespace Dlt.Iceberg;

/// <summary>
/// Folder names of partitions, for people: no reader takes values from them (docs/spec/iceberg.md 4.4). Long values are shortened, because
/// a file name has at most 255 bytes and an S3 key 1,024.
/// </summary>
internal static class PartitionPath
{
    private const int MaxFolderLength = 160;
    private const int MaxPathLength = 600;
    private const int ShortLength = 40;
    private const int HashLength = 16;

    public static string Of(PartitionSpec spec, Schema schema, IReadOnlyList<object?> partition)
    {
        List<string> folders = [.. spec.Fields.Select((field, i) => FolderOf(field, schema, partition[i]))];
        var path = string.Join('/', folders.Select(f => Shortened(f, MaxFolderLength)));
        return path.Length <= MaxPathLength
            ? path : Shortened(string.Join('/', folders.Select(f => Shortened(f, ShortLength))), MaxPathLength);
    }

    /// <summary>Encodes a text as HTML forms do: a space becomes <c>+</c>.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '*' or '_') result.Append(c);
            else if (c == ' ') result.Append('+');
            else result.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return result.ToString();
    }

    private static string FolderOf(PartitionField field, Schema schema, object? value)
    {
        var type = PartitionSpec.ResultType(field, schema) ?? new(PrimitiveKind.String);
        return $"{Escape(field.Name)}={Escape(PartitionText.Of(field.Transform, type, value))}";
    }

    /// <summary>Shortens a long text to its beginning and a hash of the whole text, so different values keep different folders.</summary>
    private static string Shortened(string text, int maxLength)
    {
        if (text.Length <= maxLength) return text;
        var kept = text[..Math.Max(1, maxLength - HashLength - 1)];
        if (kept.LastIndexOf('%') is var percent && percent >= kept.Length - 2) kept = kept[..percent];
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];
        return $"{kept}-{hash}";
    }
}
