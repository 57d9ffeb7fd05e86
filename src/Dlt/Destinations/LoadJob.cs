using System.Text;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>A file of a package, loaded into one table.</summary>
public sealed record LoadJob
{
    /// <summary>Id of the load, which is also the name of the package.</summary>
    public required string LoadId { get; init; }

    /// <summary>Id of the file: letters and digits, unique within the package.</summary>
    public required string FileId { get; init; }

    /// <summary>Format of the file: <c>parquet</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Name of the job in messages and in the package, <c>items.f3a91c0b77.parquet</c>; it never changes.</summary>
    public required string JobId { get; init; }

    /// <summary>
    /// Full path of the file on this machine. It is valid during the call that gets the job: the file moves when the job is staged.
    /// </summary>
    public required string FilePath { get; init; }

    /// <summary>
    /// Folder for temporary files of staging, which the client creates when it needs it. The load step deletes it before and after staging,
    /// so files that a killed process left are removed by the next one.
    /// </summary>
    public string TemporaryFolder
    {
        get => field ?? Internal.TemporaryFolder.OfProcess;
        init;
    }

    /// <summary>Table that the rows are loaded into.</summary>
    public required TableSchema Table { get; init; }

    /// <summary>The schema of the package.</summary>
    public required Schema Schema { get; init; }

    /// <summary>
    /// Receipt that <see cref="IJobStaging.StageAsync"/> returned for the job; empty before staging, and when it returned nothing.
    /// </summary>
    public ReadOnlyMemory<byte> Receipt { get; init; }

    /// <summary>Returns the name of a column in the file.</summary>
    /// <param name="column">The column's name in the schema.</param>
    /// <remarks>
    /// Readers ignore the case of ASCII letters and match other letters exactly, and Glue keeps names in lower case. So a name with letters
    /// beyond ASCII is in lower case in the file; any other name keeps the case of its naming convention.
    /// </remarks>
    public static string ColumnName(string column) => Ascii.IsValid(column) ? column : column.ToLowerInvariant();
}
