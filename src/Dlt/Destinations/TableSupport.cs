using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>Refuses tables that a destination does not have, whatever the destination itself checks.</summary>
internal static class TableSupport
{
    /// <summary>Checks the format and the write mode of tables.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="tables">Tables of the schema that are to be loaded.</param>
    /// <param name="capabilities">Capabilities of the destination.</param>
    /// <exception cref="SchemaException">The destination does not have the format, or the merge cannot be done.</exception>
    public static void Check(Schema schema, IEnumerable<TableSchema> tables, DestinationCapabilities capabilities)
    {
        foreach (var table in tables)
        {
            var format = capabilities.FormatOf(schema, table);
            if (format != TableFormat.Native && !capabilities.TableFormats.ContainsKey(format)) throw NoFormat(table, format, capabilities);
            if (table.Parent is null) WriteModes.Of(schema, table, capabilities);
        }
    }

    private static SchemaException NoFormat(TableSchema table, TableFormat format, DestinationCapabilities capabilities)
    {
        var known = capabilities.TableFormats.Keys.Append(TableFormat.Native).Order().Select(f => f.Name());
        return new SchemaException(
            $"Table '{table.Name}' has the table format {format.Name()}, which destination '{capabilities.DestinationName}' does not have. "
            + $"Nothing was loaded. Set TableFormat to one of: {string.Join(", ", known)}; or leave it out.")
        {
            Table = table.Name,
        };
    }
}
