using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>Finds rows without the value of a column that is not nullable, such as a key, so that they can be rejected.</summary>
/// <param name="schema">The schema.</param>
internal sealed class RequiredFields(Schema schema)
{
    private readonly Dictionary<string, (TableSchema Table, string[] Columns)> _known = new(StringComparer.Ordinal);

    /// <summary>Columns of a table that every row needs a value for. Columns of the loader and of validity are filled later.</summary>
    public ReadOnlySpan<string> Of(string table)
    {
        if (SystemTables.IsSystemName(table) || !schema.TryGetTable(table, out var stored)) return [];
        if (_known.TryGetValue(table, out var known) && ReferenceEquals(known.Table, stored)) return known.Columns;
        string[] columns = [.. stored.Columns.Where(IsOfData).Select(c => c.Name)];
        _known[table] = (stored, columns);
        return columns;
    }

    private static bool IsOfData(ColumnSchema column) => !column.IsNullable
        && !column.Name.StartsWith(SystemTables.Prefix, StringComparison.Ordinal)
        && !column.Has(HintNames.ValidFrom) && !column.Has(HintNames.ValidTo);
}
