using System.Globalization;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>A row that a test loads, or finds with its nested rows.</summary>
/// <param name="Id">The primary key.</param>
/// <param name="Value">Content.</param>
/// <param name="Tags">The nested rows.</param>
internal sealed record MergedRow(int Id, int Value, string[] Tags)
{
    /// <summary>True when the row is a deletion.</summary>
    public bool IsGone { get; init; }

    /// <summary>Content of a column that later loads add; null without it.</summary>
    public int? Extra { get; init; }

    /// <summary>False for a version that is not valid any more.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>The row as an item of a source, with the number of its nested rows.</summary>
    public string ToJson()
    {
        var tags = string.Join(',', Tags.Select(t => $"\"{t}\""));
        var extra = Extra is { } more ? string.Create(CultureInfo.InvariantCulture, $",\"extra\":{more}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{Id},\"v\":{Value},\"n\":{Tags.Length}")
            + $",\"gone\":{(IsGone ? "true" : "false")},\"tags\":[{tags}]{extra}}}";
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Id} {Value} {Extra} {(IsGone ? "gone " : "")}[{string.Concat(Tags)}]{(IsActive ? "" : " old")}");
}
