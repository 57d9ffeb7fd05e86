using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dlt.Lake;

/// <summary>A database of the Glue Data Catalog (AWS Glue API, Data Catalog).</summary>
public sealed record GlueDatabase
{
    /// <summary>Name of the database, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Description in free text.</summary>
    public string? Description { get; init; }

    /// <summary>Default location of the database's tables.</summary>
    public string? LocationUri { get; init; }

    /// <summary>Properties of the database.</summary>
    public ImmutableSortedDictionary<string, string>? Parameters { get; init; }
}

/// <summary>A column or partition key of a table.</summary>
/// <param name="Name">Name of the column, in lower case.</param>
/// <param name="Type">Hive type, such as <c>decimal(38,9)</c>; empty for a column of another writer that has none.</param>
/// <param name="Comment">Comment in free text.</param>
/// <param name="Parameters">Properties of the column, such as the field id of an Iceberg column.</param>
public sealed record GlueColumn(
    string Name, string Type, string? Comment = null, ImmutableSortedDictionary<string, string>? Parameters = null);

/// <summary>The serializer/deserializer (SerDe) that reads the rows of a table's files.</summary>
public sealed record GlueSerDeInfo
{
    /// <summary>Class name of the Hive SerDe.</summary>
    public string? SerializationLibrary { get; init; }

    /// <summary>Properties of the SerDe.</summary>
    public ImmutableSortedDictionary<string, string>? Parameters { get; init; }
}

/// <summary>Location, format and columns of a table's data.</summary>
public sealed record GlueStorageDescriptor
{
    /// <summary>Columns in order, without partition keys.</summary>
    public ImmutableArray<GlueColumn> Columns { get; init; } = [];

    /// <summary>Folder of the table.</summary>
    public string? Location { get; init; }

    /// <summary>Folders of the table in addition to <see cref="Location"/>.</summary>
    public ImmutableArray<string>? AdditionalLocations { get; init; }

    /// <summary>Class name of the Hive input format.</summary>
    public string? InputFormat { get; init; }

    /// <summary>Class name of the Hive output format.</summary>
    public string? OutputFormat { get; init; }

    /// <summary>Always false for Parquet, because the pages are compressed and not the files.</summary>
    public bool? Compressed { get; init; }

    /// <summary>Number of buckets; -1 when the table is not bucketed.</summary>
    public int? NumberOfBuckets { get; init; }

    /// <summary>SerDe that reads the files.</summary>
    public GlueSerDeInfo? SerdeInfo { get; init; }

    /// <summary>Bucketing columns; empty when the table is not bucketed.</summary>
    public ImmutableArray<string>? BucketColumns { get; init; }

    /// <summary>Properties of the storage.</summary>
    public ImmutableSortedDictionary<string, string>? Parameters { get; init; }

    /// <summary>Whether the data is in subdirectories. Athena writes false.</summary>
    public bool? StoredAsSubDirectories { get; init; }
}

/// <summary>The definition of a table, as requests send it to the catalog.</summary>
public sealed record GlueTableInput
{
    /// <summary>Name of the table, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Description in free text.</summary>
    public string? Description { get; init; }

    /// <summary>Owner of the table.</summary>
    public string? Owner { get; init; }

    /// <summary>Days that rows should be kept. The catalog does not enforce it.</summary>
    public int? Retention { get; init; }

    /// <summary>Type of the table, such as <c>EXTERNAL_TABLE</c> or <c>VIRTUAL_VIEW</c>.</summary>
    public string? TableType { get; init; }

    /// <summary>Properties of the table. The property <c>table_type</c> marks Iceberg tables.</summary>
    public ImmutableSortedDictionary<string, string>? Parameters { get; init; }

    /// <summary>Columns, location and format of the data.</summary>
    public GlueStorageDescriptor? StorageDescriptor { get; init; }

    /// <summary>Partition keys. Without keys, set an empty list, because Athena fails when it is absent.</summary>
    public ImmutableArray<GlueColumn>? PartitionKeys { get; init; }

    /// <summary>SQL text of a view, as it was written.</summary>
    public string? ViewOriginalText { get; init; }

    /// <summary>Expanded SQL text of a view.</summary>
    public string? ViewExpandedText { get; init; }

    /// <summary>
    /// The definition as the catalog returned it; null for a new definition. Unknown members, such as later additions of AWS, are sent back
    /// unchanged.
    /// </summary>
    [JsonIgnore]
    internal JsonValue? Read { get; init; }
}

/// <summary>A table as the catalog returns it.</summary>
/// <param name="DatabaseName">Database of the table.</param>
/// <param name="Definition">Definition of the table.</param>
/// <param name="VersionId">Version of the definition; it increases with every update.</param>
/// <param name="CreateTime">Time of creation, set by the catalog.</param>
/// <param name="UpdateTime">Time of the last update, set by the catalog.</param>
public sealed record GlueTable(
    string DatabaseName, GlueTableInput Definition, string VersionId, DateTimeOffset? CreateTime, DateTimeOffset? UpdateTime)
{
    /// <summary>Name of the table.</summary>
    public string Name => Definition.Name;

    /// <summary>True when the table is in Apache Iceberg format.</summary>
    public bool IsIceberg =>
        Definition.Parameters?.TryGetValue("table_type", out var type) == true
        && type.Equals("ICEBERG", StringComparison.OrdinalIgnoreCase);

    /// <summary>Folder of the table; empty when it has none.</summary>
    public string Location => Definition.StorageDescriptor?.Location ?? "";

    /// <summary>Columns of the table, without partition keys.</summary>
    public ImmutableArray<GlueColumn> Columns => Definition.StorageDescriptor?.Columns ?? [];
}

/// <summary>Thrown when the catalog refuses a call, with the error code of the AWS API.</summary>
public sealed class GlueException : DltException
{
    /// <summary>Creates an error with an error code.</summary>
    public GlueException(string errorCode, string message, Exception? innerException = null) : base(message, innerException) =>
        ErrorCode = errorCode;

    /// <summary>Error code of the AWS API, such as <c>AlreadyExistsException</c>.</summary>
    public string ErrorCode { get; }

    /// <summary>True when the database or table already exists.</summary>
    public bool IsAlreadyExists => ErrorCode == "AlreadyExistsException";

    /// <summary>True when the database or table does not exist.</summary>
    public bool IsNotFound => ErrorCode == "EntityNotFoundException";

    /// <summary>True when another writer has changed the table.</summary>
    public bool IsConflict => ErrorCode == "ConcurrentModificationException";
}
