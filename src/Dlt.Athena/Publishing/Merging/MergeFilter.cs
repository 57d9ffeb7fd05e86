using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Reads the conditions of a merge: <c>source_filter</c> and <c>destination_scope</c>.</summary>
internal static class MergeFilter
{
    /// <summary>Reads a condition.</summary>
    /// <param name="text">The condition, in the syntax of <see cref="Filter.Parse"/>; null for none.</param>
    /// <param name="option">Name of the option, for messages.</param>
    /// <param name="table">The root table.</param>
    /// <returns>Null without a condition.</returns>
    /// <exception cref="SchemaException">The condition needs an SQL engine, or names a column that the table lacks.</exception>
    public static RowCondition? Of(string? text, string option, MergeTable table)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        try
        {
            var filter = Filter.Parse(text.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal));
            return FilterCondition.Of(filter, table.Stored.Metadata.CurrentSchema);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new SchemaException(
                $"The {option} of table '{table.Declared.Name}' is not a condition that the native merge can evaluate: {text}. "
                + $"{error.Message.TrimEnd('.')}. No row was merged. Use comparisons "
                + "with constants, AND, OR, NOT, IN, BETWEEN, IS NULL and LIKE 'a%' on columns of the table, or let Athena evaluate it: "
                + "[destination.athena] merge_engine = \"athena\".", error)
            { Table = table.Declared.Name };
        }
    }
}
