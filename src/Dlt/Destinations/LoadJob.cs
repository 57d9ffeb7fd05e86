using System.Text;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>A file of a package that is to be loaded into one table.</summary>
public sealed record LoadJob
{
    /// <summary>The load: the package's name.</summary>
    public required string LoadId { get; init; }

    /// <summary>The file's id: letters and digits, unique within the package.</summary>
    public required string FileId { get; init; }

    /// <summary>Form of the file: <c>parquet</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Name in messages and in the package, <c>items.f3a91c0b77.parquet</c>; it never changes.</summary>
    public required string JobId { get; init; }

    /// <summary>Where the file is on this machine.</summary>
    public required string FilePath { get; init; }

    /// <summary>The table that gets the rows.</summary>
    public required TableSchema Table { get; init; }

    /// <summary>The schema of the package.</summary>
    public required Schema Schema { get; init; }

    /// <summary>What <see cref="IJobStaging.StageAsync"/> returned for it; empty before, and where it returned nothing.</summary>
    public ReadOnlyMemory<byte> Receipt { get; init; }

    /// <summary>The name that a column has in the file.</summary>
    /// <param name="column">The column's name in the schema.</param>
    /// <remarks>
    /// Readers fold the case of ASCII letters and match others exactly, and Glue keeps names in lower case. So a name beyond ASCII is in
    /// lower case in the file; any other has the case of its naming convention.
    /// </remarks>
    public static string ColumnName(string column) => Ascii.IsValid(column) ? column : column.ToLowerInvariant();
}
