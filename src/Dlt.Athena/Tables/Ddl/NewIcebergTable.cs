using System.Collections.Immutable;
using Dlt.Iceberg;
using IcebergSchema = Dlt.Iceberg.Schema;

namespace Dlt.Destinations.Tables;

/// <summary>An Iceberg table that does not exist yet.</summary>
/// <param name="Name">Database and name of the table, in lower case.</param>
/// <param name="Schema">Columns of the table.</param>
/// <param name="Spec">Partitions of the table.</param>
/// <param name="Location">Folder of the table, without a trailing slash.</param>
/// <param name="Properties">Properties of the setting <c>table_properties</c>, in its order.</param>
internal sealed record NewIcebergTable(
    TableIdentifier Name, IcebergSchema Schema, PartitionSpec Spec, string Location, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>Properties that Athena's statement has and Iceberg decides itself (docs/spec/athena-destination.md 4.2).</summary>
    private static readonly ImmutableArray<string> OfStatement = ["table_type", "format", "write_compression"];

    /// <summary>
    /// Properties that loads add to new tables. Old metadata files are deleted after commits: every load writes one that lists all
    /// snapshots, and together they would become larger than the rows.
    /// </summary>
    public static ImmutableDictionary<string, string> Added { get; } = ImmutableDictionary<string, string>.Empty
        .Add("write.metadata.delete-after-commit.enabled", "true").Add(UnsafeFilesWarning.SafeBounds, "true");

    /// <summary>Properties that the resource declares for the table; dlt's statement does not have them.</summary>
    public IReadOnlyDictionary<string, string> Declared { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>All properties of the table's metadata.</summary>
    public ImmutableDictionary<string, string> MetadataProperties =>
        Added.SetItems(Properties.Where(p => !OfStatement.Contains(p.Key))).SetItems(Declared);
}
