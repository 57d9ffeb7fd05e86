using System.Buffers;
using System.Text;
using Dlt.Files;
using Dlt.Internal;
using Dlt.Sources.Files.Formats;

namespace Dlt.Sources.Files;

/// <summary>Detects the format of a file from the options, its first bytes, and its name, in this order.</summary>
internal static class FormatProbe
{
    private const int HeadBytes = 1 << 16;
    private const int ShownChars = 20;

    /// <summary>Detects the format and encoding of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Options for reading the file.</param>
    /// <param name="command">Command line that loads it; null in a program.</param>
    /// <exception cref="DltException">The file cannot be read, has an unsupported format or another one than the options name, or its
    /// format cannot be detected.</exception>
    public static ProbedFile Look(InputFile file, FileReadingOptions options, LoadingCommand? command = null)
    {
        CompressedFile.CheckHasBytes(file, OfEnding(file, isText: false) is not null);
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
            var isOther = format.IsText && encoding.CodePage != Encoding.UTF8.CodePage;
            return new(file with { Encoding = isOther ? encoding : null }, format, isCompressed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static InputFormat FormatOf(InputFile file, ReadOnlySpan<byte> head, Encoding encoding, FileReadingOptions options)
    {
        if (OfMagic(head) is { } found)
        {
            if (options.Format is { } other && other != found)
                throw Problem(file, $"it is a file of {found.Title}, not of {other.Title}.", "Leave the format out");
            return found;
        }

        var promised = options.Format ?? InputFormat.All.FirstOrDefault(f => f.IsImpliedBy(options)) ?? OfEnding(file, isText: false);
        if (promised is { IsText: true }) return promised;
        var text = encoding.GetString(head).TrimStart('\uFEFF');
        if (promised is not null)
            throw Problem(file, $"it is not a file of {promised.Title}: it begins with {Shown(text)}.",
                "Get the file again, or rename it to its real format");
        var isWhole = head.Length < HeadBytes;
        return InputFormat.All.FirstOrDefault(f => f.Compare(text, isWhole) == Likeness.Certain)
            ?? OfEnding(file, isText: true) ?? OfUnknown(file, text, isWhole);
    }

    private static InputFormat? OfMagic(ReadOnlySpan<byte> head)
    {
        foreach (var format in InputFormat.All)
            if (format.HasMagic(head)) return format;
        return null;
    }

    private static InputFormat? OfEnding(InputFile file, bool isText)
    {
        var ending = FileFormat.Of(file.Name).Name;
        return InputFormat.All.FirstOrDefault(f => f.IsText == isText && f.Endings.Contains(ending));
    }

    /// <summary>Detects the format of a file whose name has no known ending.</summary>
    private static InputFormat OfUnknown(InputFile file, string text, bool isWhole)
    {
        if (file.IsCopy && text.AsSpan().Trim().IsEmpty)
            throw Problem(file, "it delivered nothing.", "Check the program that writes to it (--format json loads nothing as a table "
                + "without rows)");
        var (likeness, nearest) = InputFormat.All.Select(f => (Likeness: f.Compare(text, isWhole), f)).MaxBy(f => f.Likeness);
        return likeness == Likeness.None || text.Contains('\0', StringComparison.Ordinal) ? throw Unknown(file, text) : nearest;
    }

    private static string Shown(string text)
    {
        if (text.Length == 0) return "nothing";
        var start = text.AsSpan(0, Math.Min(ShownChars, text.Length));
        return "'" + string.Concat(start.ToString().Select(c => char.IsControl(c) || c == '\uFFFD' ? "." : $"{c}")) + "'";
    }

    private static DltException Unknown(InputFile file, string text)
    {
        var names = InputFormat.AnyOf(InputFormat.All.Select(f => f.Name));
        var methods = InputFormat.AnyOf(InputFormat.All.Select(f => f.Method).OfType<string>());
        return Problem(file, $"its format is unknown: it begins with {Shown(text)}.",
            $"Name its format (--format {names}; in a program {nameof(FileResource)}.{methods})");
    }

    private static DltException Problem(InputFile file, string what, string remedy) =>
        new($"{file.Name} cannot be loaded: {what} Nothing of it was loaded. {remedy}, then run again.");
}
