using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Apache.Arrow;
using Dlt.Iceberg;

namespace Dlt.Parquet.Reading;

/// <summary>Reads the rows of a <see cref="TableScan"/> as arrays, as records, or as Arrow batches.</summary>
public static class TableScanReading
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNameCaseInsensitive = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>
    /// Reads the rows as arrays with one value per column of the scan's schema, in the forms of <see cref="PrimitiveKind"/>. Structs are
    /// <c>object[]</c>, lists are <c>List</c>, maps are lists of pairs.
    /// </summary>
    /// <exception cref="IcebergException">A file is missing, damaged, or in an unsupported format.</exception>
    public static async IAsyncEnumerable<object?[]> ReadRowsAsync(
        this TableScan scan, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in BatchesAsync(scan, cancellationToken).ConfigureAwait(false))
            foreach (var row in batch) yield return row;
    }

    /// <summary>Reads the rows as records. A column sets the property with its name, ignoring case and underscores.</summary>
    /// <typeparam name="T">A record or class that System.Text.Json can create.</typeparam>
    /// <exception cref="IcebergException">A file is missing, damaged, or in an unsupported format.</exception>
    /// <exception cref="JsonException">A value does not fit its property.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        this TableScan scan, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var names = typeof(T).GetProperties().Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var columns = scan.Schema.Fields.Select(f => PropertyOf(f.Name)).ToArray();
        await foreach (var batch in BatchesAsync(scan, cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in batch)
            {
                var members = scan.Schema.Fields.Select((f, i) => KeyValuePair.Create(columns[i], ValueJson.Of(f.Type, row[i])));
                yield return JsonSerializer.Deserialize<T>(JsonText.Write(JsonValue.Object(members)), Options)!;
            }
        }

        string PropertyOf(string column) => names.Contains(column) ? column : column.Replace("_", "", StringComparison.Ordinal);
    }

    /// <summary>
    /// Reads the rows as Arrow batches of the scan's columns. Without a filter and deletes, columns are returned as they are read.
    /// </summary>
    /// <exception cref="IcebergException">A file is missing, damaged, or in an unsupported format.</exception>
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
