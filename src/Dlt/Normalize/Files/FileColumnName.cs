using System.Text;

namespace Dlt.Normalize.Files;

/// <summary>The name that a column has in a Parquet job file.</summary>
internal static class FileColumnName
{
    /// <summary>
    /// Glue keeps names in lower case. Readers fold the case of ASCII letters and match others exactly, so a name beyond ASCII is lower
    /// in the file too; any other has the case of its naming convention.
    /// </summary>
    /// <param name="column">The column's name in the schema.</param>
    public static string Of(string column) => Ascii.IsValid(column) ? column : column.ToLowerInvariant();
}
