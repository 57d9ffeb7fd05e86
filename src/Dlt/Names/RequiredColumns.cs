using Dlt.Items;
using Dlt.Schemas;

namespace Dlt.Names;

/// <summary>Refuses batches without a column that must have a value, because none of their rows could be loaded.</summary>
internal static class RequiredColumns
{
    private const int MaxNames = 20;

    /// <summary>Checks the columns of a batch.</summary>
    /// <param name="batch">Batch to check.</param>
    /// <param name="table">Table of the batch.</param>
    /// <param name="schema">Schema that normalizes names.</param>
    /// <param name="former">Names that earlier versions gave to columns.</param>
    /// <param name="resource">Name of the resource, for error messages.</param>
    /// <exception cref="SchemaException">A required column is missing.</exception>
    public static void Check(ItemBatch batch, TableSchema table, Schema schema, FormerNames former, string resource)
    {
        var required = table.Columns.Where(c => !c.IsNullable && !SystemTables.IsSystemName(c.Name)).ToList();
        if (required.Count == 0) return;
        var names = batch.Rows.Schema.FieldsList.Select(f => f.Name).ToList();
        var known = names.ConvertAll(n => former.Identifier(schema, table.Name, [], n));

        // A field of a struct is a column whose name begins with that of the struct.
        if (required.Find(c => !known.Exists(k => c.Name.StartsWith(k, StringComparison.Ordinal))) is not { } missing) return;
        var shown = string.Join(", ", names.Take(MaxNames).Select(n => $"'{n}'")) + (names.Count > MaxNames ? ", …" : "");
        throw new SchemaException(
            $"Column '{table.Name}.{missing.Name}' is declared not nullable (as a key is), but '{resource}' has no such column. "
            + $"It has {shown}. "
            + "Nothing of this run was loaded, and the state is as before. Correct the declaration or the data.")
        { Table = table.Name, Column = missing.Name };
    }
}
