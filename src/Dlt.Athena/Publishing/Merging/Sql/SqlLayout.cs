namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// White space of the statements. dlt sends texts of its source with their indents, and replaces each line end by a blank; a query history
/// shows the same statement, whoever merges.
/// </summary>
internal static class SqlLayout
{
    /// <summary>A line end of dlt and the indent of the next line.</summary>
    /// <param name="indent">Blanks of the indent.</param>
    public static string Break(int indent) => new(' ', 1 + indent);
}
