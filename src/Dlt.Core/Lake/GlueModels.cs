using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dlt.Json;

namespace Dlt.Lake;

/// <summary>A database of the catalog (AWS Glue API, Data Catalog).</summary>
public sealed record GlueDatabase
{
    /// <summary>Lower-case name.</summary>
    public required string Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>Default location of its tables.</summary>
    public string? LocationUri { get; init; }

    /// <summary>Free properties.</summary>
    public ImmutableSortedDictionary<string, string>? Parameters { get; init; }
}

/// <summary>A column of a table or partition key.</summary>
/// <param name="Name">Lower-case name.</param>
/// <param name="Type">Hive type, such as <c>decimal(38,9)</c>.</param>
/// <param name="Comment">Free text.</param>
/// <param name="Parameters">Properties, such as the field id of an Iceberg column.</param>
public sealed record GlueColumn(
    string Name, string Type, string? Comment = null, ImmutableSortedDictionary<string, string>? Parameters = null);

/// <summary>How the rows of a file are read.</summary>
public sealed record GlueSerDeInfo
{
    /// <summary>Class name of the Hive SerDe.</summary>
    public string? SerializationLibrary { get; init; }

    /// <summary>Its properties.</summary>
    public ImmutableSortedDictionary<string, string>? Parameters { get; init; }
}

/// <summary>Where and how a table is stored.</summary>
public sealed record GlueStorageDescriptor
{
    /// <summary>Columns in order; without partition keys.</summary>
    public ImmutableArray<GlueColumn> Columns { get; init; } = [];

    /// <summary>Folder of the table.</summary>
    public string? Location { get; init; }

    /// <summary>Folders of the table beside <see cref="Location"/>.</summary>
    public ImmutableArray<string>? AdditionalLocations { get; init; }

    /// <summary>Hive input format.</summary>
    public string? InputFormat { get; init; }

    /// <summary>Hive output format.</summary>
    public string? OutputFormat { get; init; }

    /// <summary>Always false for Parquet: its pages are compressed, not its files.</summary>
    public bool? Compressed { get; init; }

    /// <summary>-1 when not bucketed.</summary>
    public int? NumberOfBuckets { get; init; }

    /// <summary>The SerDe.</summary>
    public GlueSerDeInfo? SerdeInfo { get; init; }

    /// <summary>Empty when not bucketed.</summary>
    public ImmutableArray<string>? BucketColumns { get; init; }

    /// <summary>Free properties.</summary>
    public ImmutableSortedDictionary<string, string>? Parameters { get; init; }

    /// <summary>False as Athena writes it.</summary>
    public bool? StoredAsSubDirectories { get; init; }
}

/// <summary>The definition of a table as it is sent to the catalog.</summary>
public sealed record GlueTableInput
{
    /// <summary>Lower-case name.</summary>
    public required string Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>Whose table it is.</summary>
    public string? Owner { get; init; }

    /// <summary>Days that its rows are kept; nothing acts on it.</summary>
    public int? Retention { get; init; }

    /// <summary><c>EXTERNAL_TABLE</c>, <c>VIRTUAL_VIEW</c>, …</summary>
    public string? TableType { get; init; }

    /// <summary>Properties; <c>table_type</c> tells Iceberg tables.</summary>
    public ImmutableSortedDictionary<string, string>? Parameters { get; init; }

    /// <summary>Columns and location.</summary>
    public GlueStorageDescriptor? StorageDescriptor { get; init; }

    /// <summary>Partition keys; an empty list for none, because Athena fails when it is absent.</summary>
    public ImmutableArray<GlueColumn>? PartitionKeys { get; init; }

    /// <summary>Text of a view.</summary>
    public string? ViewOriginalText { get; init; }

    /// <summary>Expanded text of a view.</summary>
    public string? ViewExpandedText { get; init; }

    /// <summary>
    /// The definition as the catalog answered it; null for one that was made here. Members that we do not know, also such as AWS adds
    /// later, go back as they came.
    /// </summary>
    [JsonIgnore]
    internal JsonValue? Read { get; init; }
}

/// <summary>A table as the catalog answers it.</summary>
/// <param name="DatabaseName">Its database.</param>
/// <param name="Definition">Its definition.</param>
/// <param name="VersionId">Counts up with every update.</param>
/// <param name="CreateTime">Set by the catalog.</param>
/// <param name="UpdateTime">Set by the catalog.</param>
public sealed record GlueTable(
    string DatabaseName, GlueTableInput Definition, string VersionId, DateTimeOffset? CreateTime, DateTimeOffset? UpdateTime)
{
    /// <summary>Its name.</summary>
    public string Name => Definition.Name;

    /// <summary>True for Iceberg tables.</summary>
    public bool IsIceberg =>
        Definition.Parameters?.TryGetValue("table_type", out var type) == true
        && type.Equals("ICEBERG", StringComparison.OrdinalIgnoreCase);

    /// <summary>Folder of the table; empty when it has none.</summary>
    public string Location => Definition.StorageDescriptor?.Location ?? "";

    /// <summary>Columns of the storage descriptor.</summary>
    public ImmutableArray<GlueColumn> Columns => Definition.StorageDescriptor?.Columns ?? [];
}

/// <summary>A refusal of the catalog, with the code of the AWS API.</summary>
public sealed class GlueException : DltException
{
    /// <summary>An error of that code.</summary>
    public GlueException(string errorCode, string message, Exception? innerException = null) : base(message, innerException) =>
        ErrorCode = errorCode;

    /// <summary>Such as <c>AlreadyExistsException</c>.</summary>
    public string ErrorCode { get; }

    /// <summary>True when the database or table exists already.</summary>
    public bool IsAlreadyExists => ErrorCode == "AlreadyExistsException";

    /// <summary>True when the database or table is not there.</summary>
    public bool IsNotFound => ErrorCode == "EntityNotFoundException";

    /// <summary>True when somebody else changed the table.</summary>
    public bool IsConflict => ErrorCode == "ConcurrentModificationException";
}
