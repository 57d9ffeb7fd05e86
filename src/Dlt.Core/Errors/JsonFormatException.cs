using System.Globalization;

namespace Dlt;

/// <summary>Thrown when a text is not valid JSON (RFC 8259).</summary>
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

    /// <summary>Returns the same error with the state of the input.</summary>
    /// <param name="state">The state of the input, as a sentence.</param>
    /// <param name="advice">What the user must do; null when nothing.</param>
    internal JsonFormatException WithState(string state, string? advice = null) =>
        new(Reason, Input, Line, ByteOffset, Path, ". " + state) { Advice = advice };

    private const int ShownChars = 200;

    /// <summary>Shortens a long path to its beginning and its end.</summary>
    private static string Shown(string path) => path.Length <= ShownChars
        ? path
        : string.Create(CultureInfo.InvariantCulture, $"{path[..(ShownChars / 2)]} … ({path.Length - ShownChars} characters) … "
            + $"{path[^(ShownChars / 2)..]}");

    /// <summary>What was found and what was expected, without the position.</summary>
    public string Reason { get; }

    /// <summary>File or URL; null when unknown.</summary>
    public string? Input { get; }

    /// <summary>Line of the error, 1 for the first.</summary>
    public long Line { get; }

    /// <summary>Position of the error in the input, in bytes from 0.</summary>
    public long ByteOffset { get; }

    /// <summary>JSON path of the value, such as <c>$.games[3].white</c>.</summary>
    public string Path { get; }
}
