using System.Collections.Immutable;
using System.Text;
using Dlt.Internal;

namespace Dlt.Destinations.Tables;

/// <summary>A partition of an external table: the folder of the rows that have the same values of its keys.</summary>
/// <param name="Folder">The folder below that of the table, such as <c>country=de/at_day=2024-05-06</c>.</param>
/// <param name="Values">The values as texts, in the order of the keys.</param>
internal sealed record HivePartition(string Folder, ImmutableArray<string> Values)
{
    /// <summary>Bytes of a value that Glue takes (AWS Glue API, PartitionInput).</summary>
    private const int MaxValueBytes = 1024;

    /// <summary>Returns the partition of values.</summary>
    /// <param name="table">The table.</param>
    /// <param name="keys">Its partition keys.</param>
    /// <param name="values">Their values; null for a row without a value.</param>
    /// <param name="isInGlue">True: Glue lists the partition, so rows may lack a value. They get that of Hive's default partition.</param>
    /// <exception cref="SchemaException">A value cannot be that of a partition.</exception>
    public static HivePartition Of(string table, IReadOnlyList<HivePartitionKey> keys, IReadOnlyList<string?> values, bool isInGlue)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            CheckText(table, keys[i], values[i]);
            if (isInGlue) CheckLength(table, keys[i], values[i]);
            else Check(table, keys[i], values[i]);
        }

        ImmutableArray<string> own = [.. values.Select(v => v is null or "" ? HivePath.DefaultPartition : v)];
        return new(HivePath.FolderOf(keys.Select(k => k.Name), own), own);
    }

    /// <summary>
    /// Refuses texts of which queries read another value: Hive's name for rows without a value, and texts with a NUL, which neither Glue
    /// nor SQL takes.
    /// </summary>
    private static void CheckText(string table, HivePartitionKey key, string? value)
    {
        var why = value switch
        {
            HivePath.DefaultPartition => $"has the value '{value}', of which queries read null",
            _ when value?.Contains('\0', StringComparison.Ordinal) == true => "has a value with a NUL character, which Glue does not take",
            _ => null,
        };
        if (why is null) return;
        throw new SchemaException(
            $"Column '{table}.{key.Source.Name}' {why}, and the table is partitioned by it. Nothing was loaded; the package stays pending. "
            + "Change the value in the data, partition by another column, or load into an Iceberg table.")
        { Table = table, Column = key.Source.Name };
    }

    private static void CheckLength(string table, HivePartitionKey key, string? value)
    {
        if (value is null || Encoding.UTF8.GetByteCount(value) <= MaxValueBytes) return;
        throw new SchemaException(
            $"Column '{table}.{key.Source.Name}' has the value '{value[..30]}…' of more than {MaxValueBytes} bytes, and the table is "
            + "partitioned by it: Glue takes no longer values of partitions. Nothing was loaded; the package stays pending. Partition by "
            + "another column, or load into an Iceberg table.")
        { Table = table, Column = key.Source.Name };
    }

    private static void Check(string table, HivePartitionKey key, string? value)
    {
        var why = value switch
        {
            null or "" => "has rows without a value",
            _ when value.Contains(',', StringComparison.Ordinal) => $"has the value '{value}' with a comma",
            _ when value != value.Trim() => $"has the value '{value}', which begins or ends with a blank",
            _ => null,
        };
        if (why is null) return;
        throw new SchemaException(
            $"Column '{table}.{key.Source.Name}' {why}, and the table is partitioned by it: Athena would not find these rows, because the "
            + "table lists the values of its partitions. Nothing was loaded; the package stays pending. Give every row a value without "
            + "commas in the data, load into a new table with hive_partitions = \"glue\", or load into an Iceberg table.")
        { Table = table, Column = key.Source.Name };
    }
}
