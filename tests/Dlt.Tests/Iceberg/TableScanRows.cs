using Dlt.Iceberg;
using Dlt.Parquet.Reading;

namespace Dlt.Tests.Iceberg;

/// <summary>Reads the rows of a scan, ordered by their text.</summary>
internal static class TableScanRows
{
    public static async Task<List<ScanRow>> ReadAsync(TableScan scan)
    {
        var rows = new List<ScanRow>();
        var batches = new ScanReader(scan, new ParquetDataFileReader()).ReadAsync(TestContext.Current.CancellationToken);
        await foreach (var batch in batches)
        {
            foreach (var row in batch)
            {
                var values = scan.Schema.Fields.Select((field, i) => row[i] is { } value ? Text(field, value) : null);
                rows.Add(new([.. values]));
            }
        }

        return [.. rows.OrderBy(row => row.ToString(), StringComparer.Ordinal)];
    }

    private static string Text(NestedField field, object value) => ValueText.Of((PrimitiveType)field.Type, value);
}
