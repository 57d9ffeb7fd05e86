namespace Dlt.Iceberg;

/// <summary>A date or timestamp of a filter, such as <c>DATE '2026-11-30'</c>. Only dates and timestamps are compared with it.</summary>
/// <param name="Text">The date or time in ISO 8601, as <see cref="TimeText"/> reads it.</param>
/// <param name="IsDate">True for a date, false for a timestamp.</param>
internal sealed record FilterTime(string Text, bool IsDate)
{
    private const string Zone = " UTC";

    /// <summary>Reads a date; null if the text is none.</summary>
    public static FilterTime? Date(string text) => TimeText.Days(text.Trim()) is null ? null : new(text.Trim(), true);

    /// <summary>Reads a timestamp, which may end with an offset or with <c>UTC</c>; null if the text is none.</summary>
    public static FilterTime? Timestamp(string text)
    {
        text = text.Trim();
        if (text.EndsWith(Zone, StringComparison.OrdinalIgnoreCase)) text = text[..^Zone.Length].TrimEnd() + "Z";
        return TimeText.Moment(text) is null ? null : new(text, false);
    }

    /// <summary>True for the types of columns that are compared with dates and timestamps.</summary>
    public static bool Fits(PrimitiveType type) => type.Kind is PrimitiveKind.Date or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz
        or PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs;

    public override string ToString() => $"{(IsDate ? "DATE" : "TIMESTAMP")} '{Text}'";
}
