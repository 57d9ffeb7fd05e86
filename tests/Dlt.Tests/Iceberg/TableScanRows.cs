using Dlt.Iceberg;
using Dlt.Parquet.Reading;

namespace Dlt.Tests.Iceberg;

/// <summary>Rows of a scan as text, sorted.</summary>
internal static class TableScanRows
{
    public static async Task<List<string>> ReadAsync(TableScan scan)
    {
        var rows = new List<string>();
        await foreach (var batch in new ScanReader(scan, new ParquetDataFileReader())
            .ReadAsync(TestContext.Current.CancellationToken))
            rows.AddRange(batch.Select(
                r => string.Join('|', scan.Schema.Fields.Select((f, i) => r[i] is null ? "" : ValueText.Of((PrimitiveType)f.Type, r[i])))));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
