using System.Text;

namespace Dlt.Normalize;

/// <summary>Result of normalising one package.</summary>
internal sealed record NormalizeInfo(
    string LoadId, IReadOnlyDictionary<string, long> RowCounts, DateTimeOffset StartedAt, DateTimeOffset FinishedAt)
{
    /// <summary>Writes dlt's text form (docs/spec/pipeline.md 13.3).</summary>
    public override string ToString()
    {
        var text = new StringBuilder("Normalized data for the following tables:\n");
        foreach (var (table, rows) in RowCounts)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"- {table}: {rows} row(s)\n");
        text.Append($"\nLoad package {LoadId} is NORMALIZED and NOT YET LOADED to the destination and contains no failed jobs");
        return text.ToString();
    }
}
