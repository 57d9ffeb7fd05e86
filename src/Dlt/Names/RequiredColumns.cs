using Dlt.Normalize.Rows;
using Dlt.Schemas;

namespace Dlt.Batches;

/// <summary>Refuses rows whose columns are known and lack one that must have a value: no row could be loaded.</summary>
internal static class RequiredColumns
{
    private const int MostNames = 20;

    /// <param name="batch">Rows.</param>
    /// <param name="table">Their table.</param>
    /// <param name="schema">How names become identifiers.</param>
    /// <param name="former">Names that the dataset has from earlier versions.</param>
    /// <param name="resource">For messages.</param>
    /// <exception cref="SchemaException">A column is missing.</exception>
    public static void Check(ItemBatch batch, TableSchema table, Schema schema, FormerNames former, string resource)
    {
        var required = table.Columns.Where(c => !c.IsNullable && !SystemTables.IsSystemName(c.Name)).ToList();
        if (required.Count == 0) return;
        var names = batch.Rows.Schema.FieldsList.Select(f => f.Name).ToList();
        var known = names.ConvertAll(n => former.Identifier(schema, table.Name, [], n));

        // A field of a struct is a column whose name begins with that of the struct.
        if (required.Find(c => !known.Exists(k => c.Name.StartsWith(k, StringComparison.Ordinal))) is not { } missing) return;
        throw new SchemaException(
            $"Column '{table.Name}.{missing.Name}' is declared not nullable (as a key is), but '{resource}' has no such column. "
            + $"It has {string.Join(", ", names.Take(MostNames).Select(n => $"'{n}'"))}{(names.Count > MostNames ? ", …" : "")}. "
            + "Nothing of this run was loaded, and the state is as before. Correct the declaration or the data.")
        { Table = table.Name, Column = missing.Name };
    }
}
