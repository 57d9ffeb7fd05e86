using System.Text;

namespace Dlt.Normalize;

/// <summary>What the normalisation of one package did.</summary>
internal sealed record NormalizeInfo(
    string LoadId, IReadOnlyDictionary<string, long> RowCounts, DateTimeOffset StartedAt, DateTimeOffset FinishedAt)
{
    /// <summary>dlt's text (docs/spec/pipeline.md 13.3).</summary>
    public override string ToString()
    {
        var text = new StringBuilder("Normalized data for the following tables:\n");
        foreach (var (table, rows) in RowCounts)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"- {table}: {rows} row(s)\n");
        text.Append(System.Globalization.CultureInfo.InvariantCulture,
            $"\nLoad package {LoadId} is NORMALIZED and NOT YET LOADED to the destination and contains no failed jobs");
        return text.ToString();
    }
}
