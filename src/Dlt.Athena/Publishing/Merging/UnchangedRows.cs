using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// The option <c>skip_unchanged_rows</c>: a staged row that equals the stored row is not written. Rows are compared by the row version
/// column, else by all columns but keys, the load id and the deletion flag. A root row with nested rows must have the same row id too: its
/// staged nested rows belong to the id of the staged row.
/// </summary>
/// <param name="compared">The columns.</param>
internal sealed class UnchangedRows(KeyColumns compared)
{
    private static readonly string[] NotCompared =
        [HintNames.PrimaryKey, "row_key", "parent_key", "root_key", HintNames.HardDelete];

    private readonly List<UInt128> _values = [];

    /// <summary>The columns to read.</summary>
    public IEnumerable<NestedField> Fields => compared.Fields;

    /// <summary>Creates the comparison for a table; null when it has no column to compare.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="version">The row version column; null for none.</param>
    /// <param name="hasNested">True for a root table that has nested tables.</param>
    public static UnchangedRows? Of(MergeTable table, Dlt.Schemas.Schema schema, string? version, bool hasNested)
    {
        var values = ValuesOf(table, schema, version);
        if (values.Count == 0) return null;
        return new(new(hasNested ? [.. values, .. table.RowKey.Fields] : [.. values]));
    }

    private static List<NestedField> ValuesOf(MergeTable table, Dlt.Schemas.Schema schema, string? version)
    {
        if (version is not null) return [table.FieldOf(version)];
        var loadId = schema.Naming.NormalizeIdentifier(SystemTables.LoadId);
        var columns = table.Declared.CompleteColumns.Where(c => c.Name != loadId && !Array.Exists(NotCompared, c.Has));
        return [.. columns.Select(table.FieldOf)];
    }

    /// <summary>Hashes the compared values of a batch.</summary>
    public UInt128[] HashesOf(RowBatch batch)
    {
        var hashes = new UInt128[batch.Rows];
        batch.HashValues(compared, hashes);
        return hashes;
    }

    /// <summary>Notes the values of a key. Keys come with the indexes 0, 1, 2, …</summary>
    public void Add(UInt128 values) => _values.Add(values);

    /// <summary>Matches the stored rows that equal the staged row of their key, and marks the key.</summary>
    public SameValuesCondition Condition(KeyColumns key, KeySet keys, int marks) => new(key, keys, compared, _values) { Marks = marks };
}
