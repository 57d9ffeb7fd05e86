using System.Globalization;

namespace Dlt;

/// <summary>A text that is not JSON by RFC 8259.</summary>
public sealed class JsonFormatException : DltException
{
    internal JsonFormatException(string reason, string? source, long line, long offset, string path, string state = "")
        : base(string.Create(CultureInfo.InvariantCulture, $"{source ?? "JSON"}: line {line}, byte {offset}, at {Shown(path)}: "
            + $"{reason}{state}"))
    {
        Reason = reason;
        Input = source;
        Line = line;
        ByteOffset = offset;
        Path = path;
    }

    /// <summary>The same error, with what became of the input.</summary>
    /// <param name="state">What became of it, as a sentence.</param>
    /// <param name="advice">What the user does about it; null for nothing.</param>
    internal JsonFormatException WithState(string state, string? advice = null) =>
        new(Reason, Input, Line, ByteOffset, Path, ". " + state) { Advice = advice };

    private const int ShownChars = 200;

    /// <summary>A long path by its beginning and its end.</summary>
    private static string Shown(string path) => path.Length <= ShownChars
        ? path
        : string.Create(CultureInfo.InvariantCulture, $"{path[..(ShownChars / 2)]} … ({path.Length - ShownChars} characters) … "
            + $"{path[^(ShownChars / 2)..]}");

    /// <summary>What was found and what was expected.</summary>
    public string Reason { get; }

    /// <summary>File or URL, if known.</summary>
    public string? Input { get; }

    /// <summary>1-based line.</summary>
    public long Line { get; }

    /// <summary>0-based byte offset in the input.</summary>
    public long ByteOffset { get; }

    /// <summary>JSON path of the value, such as <c>$.games[3].white</c>.</summary>
    public string Path { get; }
}
