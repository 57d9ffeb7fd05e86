using System.Collections.Immutable;

namespace Dlt;

/// <summary>What a dataset has at the destination: its database, and that of its staging dataset.</summary>
/// <param name="Dataset">The dataset's name in the pipeline.</param>
/// <param name="Databases">The databases that exist or whose folder has objects; none when there is nothing.</param>
public sealed record DatasetContent(string Dataset, ImmutableArray<DatabaseContent> Databases);

/// <summary>A database of a dataset, and the folder of its files.</summary>
public sealed record DatabaseContent
{
    /// <summary>Name of the Glue database.</summary>
    public required string Name { get; init; }

    /// <summary>False when the catalog does not have it: only its folder is left.</summary>
    public required bool Exists { get; init; }

    /// <summary>Folder of its files, with a trailing slash.</summary>
    public required string Location { get; init; }

    /// <summary>Its tables and views, in the order of their names.</summary>
    public required ImmutableArray<TableContent> Tables { get; init; }

    /// <summary>
    /// Tables of other databases that have files in the folder, in the order of their names, as <c>database.table</c>. A drop deletes those
    /// files.
    /// </summary>
    public ImmutableArray<string> OtherTables { get; init; } = [];

    /// <summary>Number of objects in the folder.</summary>
    public required long Objects { get; init; }

    /// <summary>Their size in bytes.</summary>
    public required long SizeBytes { get; init; }
}

/// <summary>A table of a dataset.</summary>
/// <param name="Name">Name of the table.</param>
/// <param name="Location">Folder of its files; empty for a view.</param>
/// <param name="IsIceberg">True for an Iceberg table.</param>
/// <param name="IsInFolder">False when its files are outside the folder of the database: a drop leaves them.</param>
public sealed record TableContent(string Name, string Location, bool IsIceberg, bool IsInFolder);
