namespace Dlt;

/// <summary>How a CSV file is written.</summary>
public sealed record CsvOptions
{
    /// <summary>The character between fields; null to find out from the first line.</summary>
    public char? Delimiter { get; init; }

    /// <summary>False: the columns are named <c>column_1</c>, <c>column_2</c>, ….</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>False: every column is text.</summary>
    public bool InfersTypes { get; init; } = true;
}
