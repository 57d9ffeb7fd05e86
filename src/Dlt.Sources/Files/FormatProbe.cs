using System.Buffers;
using System.Text;
using Dlt.Files;
using Dlt.Json;

namespace Dlt.Sources.Files;

/// <summary>Detects the format of a file from the options, its first bytes, and its name, in this order.</summary>
internal static class FormatProbe
{
    private const int HeadBytes = 1 << 16;
    private const int ShownChars = 20;

    private static readonly string[] JsonNames = ["json", "jsonl", "ndjson", "ldjson", "geojson", "jsonlines"];
    private static readonly string[] CsvNames = ["csv", "tsv", "txt", "tab", "psv"];
    private static readonly string[] ParquetNames = ["parquet", "pq"];
    private static readonly string[] ArrowNames = ["arrow", "arrows", "feather", "ipc"];

    /// <summary>Detects the format and encoding of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Options for reading the file.</param>
    /// <param name="command">Command line that loads it; null in a program.</param>
    /// <exception cref="DltException">The file cannot be read, has an unsupported format or another one than the options name, or its
    /// format cannot be detected.</exception>
    public static ProbedFile Look(InputFile file, FileReadingOptions options, LoadingCommand? command = null)
    {
        CompressedFile.CheckHasBytes(file);
        var buffer = ArrayPool<byte>.Shared.Rent(HeadBytes);
        try
        {
            var head = FileHead.Read(file, buffer.AsSpan(0, HeadBytes), out var isCompressed);
            if (ForeignFormat.Of(head, file.Name) is { } foreign)
                throw new DltException($"{file.Name} cannot be loaded: it is {foreign.Name}, which is not read. Nothing of it was loaded. "
                    + foreign.RemedyOf(file, command));
            var mark = TextEncoding.OfMark(head);
            var encoding = mark ?? options.Encoding ?? Encoding.UTF8;
            var format = FormatOf(file, head, encoding, options);
            var isText = format is InputFormat.Json or InputFormat.Csv;
            return new(file with { Encoding = isText && encoding.CodePage != Encoding.UTF8.CodePage ? encoding : null }, format,
                isCompressed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static InputFormat FormatOf(InputFile file, ReadOnlySpan<byte> head, Encoding encoding, FileReadingOptions options)
    {
        InputFormat? binary = head.StartsWith("PAR1"u8) ? InputFormat.Parquet
            : head.StartsWith("ARROW1"u8) || IsArrowStream(head) ? InputFormat.Arrow
            : null;
        var name = FileFormat.Of(file.Name).Name;
        var wanted = options.Format
            ?? (ParquetNames.Contains(name) ? InputFormat.Parquet : ArrowNames.Contains(name) ? InputFormat.Arrow : null);
        if (binary is { } found)
        {
            if (options.Format is { } other && other != found)
                throw Problem(file, $"it is a file of {Name(found)}, not of {Name(other)}.", "Leave the format out");
            return found;
        }

        var text = encoding.GetString(head).TrimStart('\uFEFF');
        if (options.Format is InputFormat.Json or InputFormat.Csv) return options.Format.Value;
        if (options.Csv is not null) return InputFormat.Csv;
        if (wanted is { } promised)
            throw Problem(file, $"it is not a file of {Name(promised)}: it begins with {Shown(text)}.",
                "Get the file again, or rename it to its real format");
        if (LooksLikeJson(text)) return InputFormat.Json;
        if (JsonNames.Contains(name)) return InputFormat.Json;
        if (CsvNames.Contains(name)) return InputFormat.Csv;
        return OfUnknown(file, text, head.Length == HeadBytes);
    }

    /// <summary>Detects the format of a file whose name has no known ending.</summary>
    private static InputFormat OfUnknown(InputFile file, string text, bool isCut)
    {
        if (text.AsSpan().Trim().IsEmpty)
        {
            if (!file.IsCopy) return InputFormat.Json;   // an empty file is a table without rows
            throw Problem(file, "it delivered nothing.", "Check the program that writes to it (--format json loads nothing as a table "
                + "without rows)");
        }

        if (text.Contains('\0', StringComparison.Ordinal)) throw Unknown(file, text);
        if (CsvDialect.IsTable(text, !isCut)) return InputFormat.Csv;
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return IsScalar(end < 0 ? text : text[..end]) ? InputFormat.Json : throw Unknown(file, text);
    }

    /// <summary>True if the text begins like an object, an array of objects or lists, or an array over several lines.</summary>
    private static bool LooksLikeJson(string text)
    {
        var rest = text.AsSpan().TrimStart();
        if (rest.IsEmpty || rest[0] is not ('{' or '[')) return false;
        var next = rest[1..].TrimStart();
        if (next.IsEmpty) return true;
        return rest[0] == '{' ? next[0] is '"' or '}' : next[0] is '{' or '[' or ']' || rest[1] is '\r' or '\n';
    }

    /// <summary>
    /// True if the bytes are an Arrow stream, which begins with four bytes of ones and the length of its schema, below 16 MiB.
    /// </summary>
    private static bool IsArrowStream(ReadOnlySpan<byte> head) =>
        head.Length >= 8 && head[..4].IndexOfAnyExcept((byte)0xFF) < 0 && head[7] == 0;

    private static bool IsScalar(string line)
    {
        try
        {
            _ = JsonValue.Parse(line);
            return true;
        }
        catch (JsonFormatException)
        {
            return false;
        }
    }

    private static string Name(InputFormat format) =>
        format switch { InputFormat.Json => "JSON", InputFormat.Csv => "CSV", InputFormat.Parquet => "Parquet", _ => "Arrow" };

    private static string Shown(string text)
    {
        if (text.Length == 0) return "nothing";
        var start = text.AsSpan(0, Math.Min(ShownChars, text.Length));
        return "'" + string.Concat(start.ToString().Select(c => char.IsControl(c) || c == '\uFFFD' ? "." : $"{c}")) + "'";
    }

    private static DltException Unknown(InputFile file, string text) => Problem(
        file, $"its format is unknown: it begins with {Shown(text)}.",
        "Name its format (--format json, csv, parquet or arrow; in a program FileResource.Csv, Parquet or Arrow)");

    private static DltException Problem(InputFile file, string what, string remedy) =>
        new($"{file.Name} cannot be loaded: {what} Nothing of it was loaded. {remedy}, then run again.");
}
