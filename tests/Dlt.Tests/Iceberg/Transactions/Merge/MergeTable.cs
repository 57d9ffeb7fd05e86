using Dlt.Iceberg;
using Dlt.Parquet.Reading;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

/// <summary>What merge tests do with tables: write rows as files, read rows, merge by keys.</summary>
internal static class MergeTable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static FolderCatalog Catalog(string folder) => new(folder) { DataFileReader = new ParquetDataFileReader() };

    /// <summary>Writes rows to files that are not part of the table.</summary>
    public static async Task<IReadOnlyList<DataFile>> WriteAsync(Table table, IEnumerable<object?[]> rows)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await writer.CompleteAsync(Cancellation);
    }

    public static async Task<Table> AppendAsync(Table table, params object?[][] rows) =>
        await table.NewTransaction().Append(await WriteAsync(table, rows)).CommitAsync(Cancellation);

    /// <summary>The rows of a scan as texts, in order of the text.</summary>
    public static async Task<List<string>> RowsAsync(TableScan scan)
    {
        var rows = await scan.ReadRowsAsync(Cancellation).Select(Text).ToListAsync(Cancellation);
        return [.. rows.Order(StringComparer.Ordinal)];
    }

    public static string Text(object?[] row) => string.Join('|', row.Select(Text));

    /// <summary>The keys of rows as a condition.</summary>
    public static KeyCondition KeysOf(Table table, IEnumerable<object?[]> rows, KeySet keys, int marks, params string[] names)
    {
        var schema = table.Metadata.CurrentSchema;
        var columns = Dlt.Iceberg.KeyColumns.Of(schema, names);
        var bounds = new KeyBounds(columns, schema);
        var number = 0;
        foreach (var row in rows)
        {
            var values = columns.Fields.Select(f => ValueOf(schema, f, row)).ToList();
            if (values.Contains(null)) continue;
            var hash = KeyHash.Of(values[0]!);
            foreach (var value in values.Skip(1)) hash = KeyHash.Combine(hash, KeyHash.Of(value!));
            keys.TryAdd(hash, number++, out _);
            for (var i = 0; i < values.Count; i++) bounds.Add(i, values[i]!);
        }

        return new(columns, keys) { Bounds = bounds, Marks = marks };
    }

    /// <summary>The value of a field, which may be in structs.</summary>
    public static object? ValueOf(Schema schema, NestedField field, object?[] row)
    {
        object? value = row;
        var type = schema.Struct;
        foreach (var step in schema.PathTo(field.Id)!)
        {
            if (value is not object?[] values) return null;
            value = values[type.Fields.IndexOf(type.Fields.Single(f => f.Id == step.Id))];
            type = type.Fields.Single(f => f.Id == step.Id).Type as StructType;
            if (type is null) break;
        }

        return value;
    }

    public static async Task<Table> CommitAsync(Table table, MergePlan plan)
    {
        var transaction = table.NewTransaction();
        transaction.Add(plan.ToAction(transaction.SummaryProperties));
        return await transaction.CommitAsync(Cancellation);
    }

    /// <summary>Files in the folder of the table that none of its snapshots has.</summary>
    public static async Task<List<string>> OrphansAsync(Table table) =>
        (await new OrphanRemoval(table).FindAsync(DateTimeOffset.MaxValue, Cancellation)).Orphans;

    /// <summary>The data files of the table, each with its rows.</summary>
    public static async Task<List<(string Location, List<object?[]> Rows)>> FilesAsync(Table table)
    {
        var reader = new TaskReader(table.Files, table.Metadata, table.Catalog!.DataFileReader);
        var files = new List<(string, List<object?[]>)>();
        await foreach (var task in table.Scan().PlanFilesAsync(Cancellation))
        {
            var batches = await reader.ReadAsync(task, table.Metadata.CurrentSchema, Filter.True, Cancellation).ToListAsync(Cancellation);
            files.Add((task.File.FilePath, [.. batches.SelectMany(b => b).Select(r => r.Row)]));
        }

        return files;
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        object?[] members => $"({string.Join(',', members.Select(Text))})",
        byte[] bytes => Convert.ToHexString(bytes),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}:{value.GetType().Name}"),
    };
}
