using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dlt.Lake;

namespace Dlt;

/// <summary>The rows of a query in memory, with a text form as an aligned table.</summary>
/// <param name="Columns">Names and types of the columns.</param>
/// <param name="Rows">Values of each row, as Athena prints them; null for a null.</param>
public sealed record QueryTable(ImmutableArray<AthenaColumn> Columns, ImmutableArray<ImmutableArray<string?>> Rows)
{
    private const int MaxCellChars = 60;

    /// <summary>What the query has read, and its estimated cost; nothing for a table that no query made.</summary>
    public QueryUsage Usage { get; init; } = QueryUsage.None;

    /// <summary>Reads a query result to its end.</summary>
    public static async Task<QueryTable> ReadAsync(IAthenaResult result, CancellationToken cancellationToken = default)
    {
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<string?>>();
        await foreach (var row in result.ReadRowsAsync(cancellationToken).ConfigureAwait(false)) rows.Add(row);
        return new(result.Columns, rows.ToImmutable());
    }

    /// <summary>Formats an aligned table with a header. Numbers are right-aligned, and texts over 60 characters are cut.</summary>
    public override string ToString() => ToString(MaxCellChars);

    /// <summary>
    /// Formats an aligned table with a header. Numbers are right-aligned, and texts over <paramref name="maxCellChars"/> characters are
    /// cut.
    /// </summary>
    public string ToString(int maxCellChars)
    {
        var text = new StringBuilder();
        var cells = Rows.Select(r => r.Select(value => Cell(value, maxCellChars)).ToArray()).ToList();
        var widths = Columns.Select((c, i) => cells.Select(r => r[i].Length).Append(c.Name.Length).Max()).ToArray();
        void Line(IReadOnlyList<string> row, bool isHeader)
        {
            var parts = row.Select((cell, i) => !isHeader && IsNumber(Columns[i].Type)
                ? cell.PadLeft(widths[i])
                : cell.PadRight(widths[i]));
            text.Append(string.Join(" | ", parts).TrimEnd()).Append('\n');
        }

        Line([.. Columns.Select(c => c.Name)], isHeader: true);
        text.Append(string.Join("-+-", widths.Select(w => new string('-', w)))).Append('\n');
        foreach (var row in cells) Line(row, isHeader: false);
        text.Append(string.Create(CultureInfo.InvariantCulture, $"({Rows.Length} row{(Rows.Length == 1 ? "" : "s")})"));
        return text.ToString();
    }

    private static bool IsNumber(string type) =>
        type is "bigint" or "integer" or "smallint" or "tinyint" or "double" or "float" or "real"
            || type.StartsWith("decimal", StringComparison.Ordinal);

    private static string Cell(string? value, int maxChars)
    {
        if (value is null) return "";
        var line = value.ReplaceLineEndings(" ");
        return line.Length <= maxChars ? line : line[..(maxChars - 1)] + "…";
    }
}
