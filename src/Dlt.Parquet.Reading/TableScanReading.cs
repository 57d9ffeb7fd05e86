using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Apache.Arrow;
using Dlt.Iceberg;
using Dlt.Json;

namespace Dlt.Parquet.Reading;

/// <summary>Reads what a <see cref="TableScan"/> names: as rows, as records, or as Arrow batches.</summary>
public static class TableScanReading
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNameCaseInsensitive = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>
    /// The rows, one value per column of the scan's schema in the forms of <see cref="PrimitiveKind"/>; structs are object[], lists List,
    /// maps lists of pairs.
    /// </summary>
    /// <exception cref="IcebergException">A file is missing or damaged, or of a format that is not read.</exception>
    public static async IAsyncEnumerable<object?[]> ReadRowsAsync(
        this TableScan scan, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in BatchesAsync(scan, cancellationToken).ConfigureAwait(false))
            foreach (var row in batch) yield return row;
    }

    /// <summary>The rows as records: a column goes to the property of its name, in any case, with or without underscores.</summary>
    /// <typeparam name="T">A record or class that System.Text.Json can make.</typeparam>
    /// <exception cref="IcebergException">A file is missing or damaged, or of a format that is not read.</exception>
    /// <exception cref="JsonException">A value does not fit its property.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        this TableScan scan, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var names = typeof(T).GetProperties().Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var columns = scan.Schema.Fields.Select(
            f => names.Contains(f.Name) ? f.Name : f.Name.Replace("_", "", StringComparison.Ordinal)).ToArray();
        await foreach (var batch in BatchesAsync(scan, cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in batch)
            {
                var json = JsonValue.Object(
                    scan.Schema.Fields.Select((f, i) => KeyValuePair.Create(columns[i], ValueJson.Of(f.Type, row[i]))));
                yield return JsonSerializer.Deserialize<T>(JsonText.Write(json), Options)!;
            }
        }
    }

    /// <summary>
    /// The rows as Arrow batches of the scan's columns. Columns of files without deletes, and of scans without a filter, are handed on as
    /// they are read.
    /// </summary>
    /// <exception cref="IcebergException">A file is missing or damaged, or of a format that is not read.</exception>
    public static async IAsyncEnumerable<RecordBatch> ReadBatchesAsync(
        this TableScan scan, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var schema = ArrowColumns.SchemaOf(scan.Schema);
        var parquet = new ParquetDataFileReader();
        var reader = new ScanReader(scan, parquet);
        await foreach (var task in scan.PlanFilesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (reader.WholeFile(task) is { } request)
            {
                var file = await reader.OpenAsync(task, cancellationToken).ConfigureAwait(false);
                await using (file.ConfigureAwait(false))
                {
                    await foreach (var batch in parquet.ReadBatchesAsync(file, task.File, request, schema, cancellationToken)
                        .ConfigureAwait(false)) yield return batch;
                }

                continue;
            }

            await foreach (var rows in reader.ReadAsync(task, cancellationToken).ConfigureAwait(false))
            {
                var columns = scan.Schema.Fields.Select((f, i) => ArrowColumns.Build(f.Type, [.. rows.Select(r => r[i])]));
                yield return new RecordBatch(schema, columns, rows.Count);
            }
        }
    }

    private static IAsyncEnumerable<IReadOnlyList<object?[]>> BatchesAsync(TableScan scan, CancellationToken cancellationToken) =>
        new ScanReader(scan, new ParquetDataFileReader()).ReadAsync(cancellationToken);
}
